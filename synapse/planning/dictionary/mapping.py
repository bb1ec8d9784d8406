"""The columns of a table with their roles: proposed and checked, or chosen by the tester."""

import re
from collections.abc import Mapping

from synapse.planning.dictionary.headings import (
    Column,
    heading_words,
    propose,
    role_label,
    role_scores,
)
from synapse.planning.dictionary.requirements import parse_nullable, parse_requirement
from synapse.planning.dictionary.synonyms import BY_CODE
from synapse.planning.dictionary.table import Row, column_letters
from synapse.planning.dictionary.text import folded
from synapse.planning.errors import (
    ColumnMappedTwice,
    DuplicateHeading,
    NoNameColumn,
    UnknownColumn,
)

CHOSEN = 1.0
_FLAG = re.compile(
    r"(?i)(?:y|n|yes|no|true|false|t|f|0|1|x|-|✓|✔|pk\d*|fk|ck|key|primary.*|pri|cde|kde"
    r"|high|low|medium|critical|non-.*|not .*|n/a|na)"
)


def map_columns(
    file: str, header: Row, rows: tuple[Row, ...], chosen: Mapping[str, str] | None = None
) -> list[Column]:
    """One Column per heading; `chosen` maps role codes to headings and replaces the proposal."""
    headings = [folded(cell) for cell in header.cells]
    while headings and not headings[-1]:
        headings.pop()
    _refuse_duplicates(file, headings)
    if chosen:
        columns = _choose(file, headings, chosen)
    else:
        columns = [_doubted(column, rows) for column in propose(headings)]
        columns = _line_before_code(columns, rows)
    if not any(column.role == "name" for column in columns):
        raise NoNameColumn(
            file=file, row=header.number, headings=", ".join(filter(None, headings)) or "none"
        )
    return columns


def _refuse_duplicates(file: str, headings: list[str]) -> None:
    seen: dict[str, int] = {}
    for index, heading in enumerate(headings):
        words = heading_words(heading)
        if words in seen and words and role_scores(heading):
            columns = f"{column_letters(seen[words])} and {column_letters(index)}"
            raise DuplicateHeading(file=file, heading=heading, columns=columns)
        seen.setdefault(words, index)


def _choose(file: str, headings: list[str], chosen: Mapping[str, str]) -> list[Column]:
    places = {heading.casefold(): index for index, heading in reversed(list(enumerate(headings)))}
    taken: dict[int, str] = {}
    for role, heading in chosen.items():
        if not heading:
            continue
        if role not in BY_CODE:
            raise UnknownColumn(file=file, column=role, headings=", ".join(BY_CODE))
        index = places.get(folded(heading).casefold())
        if index is None:
            raise UnknownColumn(
                file=file, column=heading, headings=", ".join(filter(None, headings))
            )
        if index in taken:
            first, second = role_label(taken[index]), role_label(role)
            raise ColumnMappedTwice(file=file, column=heading, first=first, second=second)
        taken[index] = role
    return [
        Column(index, heading, taken.get(index, ""), CHOSEN if index in taken else 0.0)
        for index, heading in enumerate(headings)
    ]


def _values(column: Column, rows: tuple[Row, ...]) -> list[str]:
    cells = (row.cells[column.index] for row in rows if len(row.cells) > column.index)
    return [cell for cell in cells if cell]


def _doubted(column: Column, rows: tuple[Row, ...]) -> Column:
    """A proposal the cells contradict is dropped, or lowered."""
    values = _values(column, rows)[:500]
    if not column.role or not values:
        return column
    checks = {
        "key": lambda value: bool(_FLAG.fullmatch(value)),
        "cde": lambda value: bool(_FLAG.fullmatch(value)),
        "requirement": lambda value: bool(parse_requirement(value)),
        "nullable": lambda value: bool(parse_nullable(value)),
        "scale": lambda value: bool(re.search(r"\d", value)) or len(value) < 4,
        "end_date": lambda value: bool(re.search(r"\d", value)),
    }
    check = checks.get(column.role)
    if check is None:
        return column
    fit = sum(map(check, values)) / len(values)
    if fit < 0.5:
        return Column(column.index, column.heading)
    return Column(column.index, column.heading, column.role, round(column.confidence * fit, 3))


def _counts_up(numbers: list[int], *, surely: bool) -> bool:
    """From 0 or 1; a column whose heading tells nothing has to count without a gap."""
    if surely:
        return numbers == [*range(1, len(numbers) + 1)]
    return numbers[0] in (0, 1) and numbers == sorted(numbers)


def _line_before_code(columns: list[Column], rows: tuple[Row, ...]) -> list[Column]:
    """A column “ID” or “Column” that counts 1, 2, 3 is the line, neither a code nor a name."""
    if any(column.role == "line" for column in columns):
        return columns
    for column in columns:
        values = _values(column, rows)
        if column.role in ("item_code", "technical_name", "") and len(values) > 1:
            numbers = [int(value) for value in values if re.fullmatch(r"\d{1,6}", value)]
            if len(numbers) == len(values) and _counts_up(numbers, surely=not column.role):
                line = Column(column.index, column.heading, "line", column.confidence)
                return [line if entry is column else entry for entry in columns]
    return columns
