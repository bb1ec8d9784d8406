"""A dictionary file from bytes to fields: opened, mapped, cleaned of what isn't a field."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from synapse.planning.dictionary.fields import Field, build_field
from synapse.planning.dictionary.headings import Column, find_header, heading_words
from synapse.planning.dictionary.keys import key_mark, propose_keys
from synapse.planning.dictionary.mapping import map_columns
from synapse.planning.dictionary.names import told_apart, two_names
from synapse.planning.dictionary.opening import DEFAULT_LIMIT, read_table
from synapse.planning.dictionary.retired import retirement
from synapse.planning.dictionary.shape import even_rows
from synapse.planning.dictionary.table import Row, Table
from synapse.planning.dictionary.text import folded, same_name
from synapse.planning.errors import (
    DuplicateName,
    NameMissing,
    NameTooLong,
    NoFieldRows,
    NothingLeft,
    UnknownSchedule,
)

NAME_LIMIT = 500
CONTINUES = {"allowed_values", "description", "example"}


@dataclass(frozen=True)
class LeftOut:
    row: int
    name: str
    reason: str


@dataclass(frozen=True)
class Dictionary:
    """What a file says: its fields, the lines left out and why, and how its columns were read."""

    table: Table
    header_row: int
    columns: list[Column]
    fields: list[Field]
    left_out: list[LeftOut]
    schedules: tuple[str, ...] = ()
    schedule: str = ""

    @property
    def proposed_keys(self) -> list[str]:
        return [field.name for field in self.fields if field.is_key]

    @property
    def notes(self) -> list[str]:
        """What to look at before relying on it, counted over all fields."""
        counted = Counter(note for field in self.fields for note in field.notes)
        return [f"{note} ({count} of {len(self.fields)})" for note, count in counted.most_common()]


def read_dictionary(
    content: bytes,
    file: str,
    *,
    mapping: Mapping[str, str] | None = None,
    sheet: str = "",
    schedule: str = "",
    limit: int = DEFAULT_LIMIT,
    today: date | None = None,
) -> Dictionary:
    """`mapping` is role -> heading as the tester confirmed it; without it one is proposed."""
    table = read_table(content, file, sheet=sheet, limit=limit)
    header, _ = find_header(table)
    rows, notes = even_rows(table, header)
    columns = map_columns(file, header, rows, mapping)
    if not rows:
        raise NoFieldRows(file=file, row=header.number or 1)
    left_out = [LeftOut(row.number, row.cells[0][:80], "a note, not a field") for row in notes]
    records, schedules = _records(table, header, rows, columns, schedule, left_out)
    fields = _active(file, records, columns, left_out, today or date.today())
    if schedule or len(schedules) < 2:
        fields = told_apart(fields)
    _refuse_duplicates(file, fields, columns, schedules, schedule)
    if not any(field.is_key for field in fields):
        proposed = set(propose_keys(fields))
        fields = [
            field.with_key() if place in proposed else field for place, field in enumerate(fields)
        ]
    left_out.sort(key=lambda entry: entry.row)
    return Dictionary(table, header.number, columns, fields, left_out, schedules, schedule)


def first_look(content: bytes, file: str, **options) -> Dictionary:
    """Like `read_dictionary`, but shows the first schedule where one must be chosen."""
    try:
        return read_dictionary(content, file, **options)
    except UnknownSchedule as fault:
        first = fault.details["choices"][0]
        return read_dictionary(content, file, **options | {"schedule": first})


def _records(
    table: Table,
    header: Row,
    rows: tuple[Row, ...],
    columns: list[Column],
    schedule: str,
    left_out: list[LeftOut],
) -> tuple[list[tuple[int, dict[str, str]]], tuple[str, ...]]:
    """Role -> text for each row that is about a field, rows that go on with one joined to it."""
    roles = {column.index: column.role for column in columns if column.role}
    headings = {index: heading_words(header.cells[index]) for index in roles}
    found: list[tuple[int, dict[str, str]]] = []
    schedules: dict[str, None] = {}
    usual = sorted(sum(map(bool, row.cells)) for row in rows)[len(rows) // 2] if rows else 0
    for row in rows:
        cells = {role: row.cells[index] for index, role in roles.items() if row.cells[index]}
        if not cells and sum(map(bool, row.cells)) == 0:
            continue
        if len(cells) > 1 and all(
            heading_words(row.cells[index]) == words for index, words in headings.items() if words
        ):
            left_out.append(LeftOut(row.number, folded(cells.get("name", "")), "headings repeated"))
            continue
        of = folded(cells.get("schedule", ""))
        if of:
            schedules.setdefault(of)
        if schedule and of and of != schedule:
            continue
        if sum(map(bool, row.cells)) == 1 and usual >= 3:
            text = folded(next(filter(None, row.cells)))
            left_out.append(LeftOut(row.number, text[:80], "a section heading"))
            continue
        if found and cells and set(cells) <= CONTINUES:
            for role, text in cells.items():
                found[-1][1][role] = "\n".join(filter(None, (found[-1][1].get(role), text)))
            continue
        found.append((row.number, cells))
    if schedule and schedules and schedule not in schedules:
        heading = next(column.heading for column in columns if column.role == "schedule")
        values = ", ".join(schedules)
        raise UnknownSchedule(
            file=table.file, column=heading, values=values, choices=list(schedules)
        )
    return found, tuple(schedules)


def _active(
    file: str,
    records: list[tuple[int, dict[str, str]]],
    columns: list[Column],
    left_out: list[LeftOut],
    today: date,
) -> list[Field]:
    headings = {column.role: column.heading for column in columns if column.role}
    fields: list[Field] = []
    for number, cells in records:
        name, technical = two_names(cells.get("name", ""), headings["name"])
        if technical and not cells.get("technical_name"):
            cells |= {"name": name, "technical_name": technical}
        cells["name"] = folded(cells.get("name") or cells.get("technical_name", ""))
        reason = retirement(
            name=key_mark(cells["name"])[0],
            status=cells.get("status", ""),
            status_heading=headings.get("status", ""),
            ended=cells.get("end_date", ""),
            today=today,
        )
        if reason:
            left_out.append(LeftOut(number, cells["name"], reason))
            continue
        if not cells["name"]:
            raise NameMissing(file=file, row=number, column=headings["name"])
        if len(cells["name"]) > NAME_LIMIT:
            raise NameTooLong(file=file, row=number, found=len(cells["name"]), limit=NAME_LIMIT)
        fields.append(build_field(number, cells))
    if not fields:
        if not left_out:
            raise NoFieldRows(file=file, row=1)
        reasons = "; ".join(dict.fromkeys(entry.reason for entry in left_out))
        raise NothingLeft(file=file, count=len(left_out), reasons=reasons)
    return fields


def _refuse_duplicates(
    file: str, fields: list[Field], columns: list[Column], schedules: tuple[str, ...], schedule: str
) -> None:
    seen: dict[str, Field] = {}
    for entry in fields:
        words = same_name(entry.name)
        if words in seen:
            if len(schedules) > 1 and not schedule:
                heading = next(column.heading for column in columns if column.role == "schedule")
                values = ", ".join(schedules)
                raise UnknownSchedule(
                    file=file, column=heading, values=values, choices=list(schedules)
                )
            raise DuplicateName(
                file=file, name=entry.name, first=seen[words].row, second=entry.row, hint=""
            )
        seen[words] = entry
