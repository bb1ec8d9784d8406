"""Lists of critical data elements and of historical issues: their rows, and whom they mean."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Protocol

from synapse.planning.dictionary.headings import find_header, propose
from synapse.planning.dictionary.opening import read_table
from synapse.planning.dictionary.shape import even_rows
from synapse.planning.dictionary.synonyms import define
from synapse.planning.dictionary.table import Row, Table
from synapse.planning.dictionary.text import comparable, folded
from synapse.planning.errors import NoFieldRows, NoNameColumn
from synapse.planning.states import DocumentKind, IssueStatus

FUZZY = 0.92
# A line number that agrees while the names have nothing in common is a coincidence.
LINE_NAMES_AGREE = 0.6
_FIELD_ROLES = (
    define(
        "name",
        "Name",
        "name, attribute name, field name, attribute, field, data element, data element name, cde, "
        "cde name, critical data element, element, element name, line item name, line item, "
        "item name, affected field, affected attribute, affected data element, column, "
        "data field, report field, business name, impacted attribute, impacted field, kde",
    ),
    define(
        "technical_name",
        "Technical name",
        "technical name, technical field name, physical name, column name, short name, "
        "system name, technical line item name",
    ),
    define(
        "line",
        "Line",
        "line, line no, line number, line item no, line item number, field no, field number, no, "
        "item no, item number",
    ),
    define("item_code", "Item code", "mdrm, mdrm code, item code, mdrm item, field code, code"),
    define(
        "description",
        "Description",
        "description, definition, issue description, finding, issue, summary, details, comment, "
        "comments, title, issue title, root cause, observation, why critical, rationale, reason",
    ),
)
_CDE_ROLES = (*_FIELD_ROLES, define("owner", "Owner", "owner, data owner, steward, data steward"))
_ISSUE_ROLES = (
    *_FIELD_ROLES,
    define(
        "issue_id",
        "Issue",
        "issue id, issue no, issue number, finding id, issue ref, reference, id, ticket, "
        "observation id, issue key, ref, finding no, finding number, issue reference, case id",
    ),
    define("status", "Status", "status, issue status, state, resolution, open or closed, open"),
    define("severity", "Severity", "severity, rating, priority, risk, risk rating, impact, level"),
    define(
        "found_on",
        "Date",
        "date, found on, date found, opened, opened on, raised on, date raised, identified on, "
        "date identified, open date, issue date, reported on, created",
    ),
)
_CLOSED = re.compile(
    r"(?i)^(?:closed?|resolved|remediated|fixed|done|completed?|c|no|n|false|cancelled|validated)\b"
)


@dataclass(frozen=True)
class Entry:
    """One row of a list: what it says about which field."""

    row: int
    name: str = ""
    technical_name: str = ""
    line: str = ""
    item_code: str = ""
    description: str = ""
    owner: str = ""
    issue_id: str = ""
    severity: str = ""
    found_on: str = ""
    status: str = IssueStatus.OPEN

    @property
    def label(self) -> str:
        return self.name or self.technical_name or self.item_code or f"line {self.line}"


class Named(Protocol):
    pk: int
    name: str
    technical_name: str
    line: str
    item_code: str


@dataclass
class Matches:
    """Rows with the attribute they mean, rows that may mean one, rows that mean none."""

    sure: list[tuple[Entry, Named, str]] = field(default_factory=list)
    suggested: list[tuple[Entry, Named, str]] = field(default_factory=list)
    unmatched: list[Entry] = field(default_factory=list)


def read_list(content: bytes, file: str, kind: str, *, limit: int) -> list[Entry]:
    """The filled rows of a list; a plain column of names needs no heading."""
    table = read_table(content, file, limit=limit)
    roles = _ISSUE_ROLES if kind == DocumentKind.ISSUE_LIST else _CDE_ROLES
    header, _ = find_header(table, roles)
    columns = {column.role: column.index for column in propose(list(header.cells), roles)}
    columns.pop("", None)
    if not columns.keys() & {"name", "technical_name", "item_code", "line"}:
        if max(len(row.cells) for row in table.rows) > 1:
            headings = ", ".join(filter(None, map(folded, header.cells)))
            raise NoNameColumn(file=file, row=header.number, headings=headings)
        rows: Iterable[Row] = [row for row in table.rows if not row.is_blank]
        columns = {"name": 0}
    else:
        rows = _below(table, header)
    entries = [_entry(row, columns) for row in rows]
    entries = [entry for entry in entries if entry.label != "line "]
    if not entries:
        raise NoFieldRows(file=file, row=header.number or 1)
    return entries


def _below(table: Table, header: Row) -> tuple[Row, ...]:
    rows, _ = even_rows(table, header)
    return rows


def _entry(row: Row, columns: dict[str, int]) -> Entry:
    said = {
        role: folded(row.cells[index]) for role, index in columns.items() if index < len(row.cells)
    }
    if "status" in said:
        closed = _CLOSED.match(said["status"])
        said["status"] = IssueStatus.CLOSED if closed else IssueStatus.OPEN
    return Entry(row=row.number, **said)


def match(entries: Sequence[Entry], attributes: Sequence[Named]) -> Matches:
    """By item code, then line, then the exact name; likeness of 0.92 and more is a suggestion."""
    result = Matches()
    index = _Index(attributes)
    for entry in entries:
        found, how = index.find(entry)
        if found is not None and how in ("item code", "line", "name"):
            result.sure.append((entry, found, how))
        elif found is not None:
            result.suggested.append((entry, found, how))
        else:
            result.unmatched.append(entry)
    return result


class _Index:
    """Attributes by everything a row may name them by; what names two names none."""

    def __init__(self, attributes: Sequence[Named]):
        self.attributes = attributes
        self.codes = self._unique((each.item_code.casefold(), each) for each in attributes)
        self.lines = self._unique((each.line.casefold(), each) for each in attributes)
        self.names = self._unique((comparable(each.name), each) for each in attributes)
        self.technical = self._unique(
            (comparable(each.technical_name).replace(" ", ""), each) for each in attributes
        )

    @staticmethod
    def _unique(pairs: Iterable[tuple[str, Named]]) -> dict[str, Named | None]:
        index: dict[str, Named | None] = {}
        for key, attribute in pairs:
            if key:
                index[key] = None if key in index else attribute
        return index

    def find(self, entry: Entry) -> tuple[Named | None, str]:
        by_code = self._by_code(entry.item_code.casefold())
        if by_code is not None:
            return by_code, "item code"
        by_line = self.lines.get(entry.line.casefold()) if entry.line else None
        if by_line is not None and self._agree(entry, by_line):
            return by_line, "line"
        for said in (entry.name, entry.technical_name):
            words = comparable(said)
            found = words and (self.names.get(words) or self.technical.get(words.replace(" ", "")))
            if found:
                return found, "name"
        named_by_code = self._by_code(entry.name.casefold())
        if named_by_code is not None:
            return named_by_code, "item code"
        return self._alike(entry)

    def _by_code(self, code: str) -> Named | None:
        """`CCCDM046` is the item `M046` with its report's prefix."""
        found = self.codes.get(code) if code else None
        return self.codes.get(code[4:]) if found is None and len(code) == 8 else found

    @staticmethod
    def _agree(entry: Entry, attribute: Named) -> bool:
        if not entry.name:
            return True
        return _likeness(comparable(entry.name), comparable(attribute.name)) >= LINE_NAMES_AGREE

    def _alike(self, entry: Entry) -> tuple[Named | None, str]:
        words = comparable(entry.name)
        if not words:
            return None, ""
        scored = [(_likeness(words, comparable(each.name)), each) for each in self.attributes]
        score, best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
        return (best, f"{score:.0%} alike") if score >= FUZZY else (None, "")


def _likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    # The two bounds are cheap and spare the real comparison for nearly all pairs.
    if matcher.real_quick_ratio() < LINE_NAMES_AGREE or matcher.quick_ratio() < LINE_NAMES_AGREE:
        return 0.0
    return matcher.ratio()
