"""What stands around the records of a file: lines above, headings, lines below."""

import re
from collections.abc import Callable, Sequence

from synapse.profiling.population.delimiters import Line

_OPENING = re.compile(r"(?i)\s*(?:h|hd|hdr|header|head|file ?header|ts|bof|00?)\s*")
_TYPE = re.compile(_OPENING.pattern + r"|\d{1,3}|[A-Z]{1,3}")
_CLOSING = re.compile(
    r"(?i)\s*(?:trailer|trail|trlr?|tlr|tr|t|eof|end(?: of (?:file|report|data))?|footer|ftr|foot"
    r"|(?:grand |sub ?)?totals?|(?:record |row )?counts?|rec(?:ord)?s?|rows|control|z{1,3}|9{1,3})"
    r"\b.{0,60}"
)
_PHRASE = re.compile(
    r"(?i)\(?\d[\d,. ]* (?:rows?|records?)\b|\b(?:rows?|records?) (?:affected|selected|exported)"
    r"|\bend of (?:file|report|data|list)\b|\btotal\b|\brecord count\b|^\W*confidential\b"
)
_STRONG = re.compile(r"(?i)\s*(?:trailer|trlr?|tlr|eof|footer|ftr|hdr|header|totals?)\s*")
_TOTALS = re.compile(r"(?i)\s*(?:grand |sub ?)?totals?\b.{0,60}")
_NUMBER = re.compile(r"[\s$€£(]*[+-]?\d[\d.,:/ -]*%?\s*\)?")
NARROW = 0.5


def skipped(lines: Sequence[Line], width: int) -> list[Line]:
    """Lines above the headings or the first record: titles, a transmittal sheet, blank lines."""
    above = []
    for place, line in enumerate(lines):
        told = line.number == 1 and line.text.strip('"').startswith("sep=")
        control = _is_control(line, lines[place + 1 :], width)
        if line.is_blank or told or control or _is_short(line, width):
            above.append(line)
        else:
            return above
    return []


def _is_short(line: Line, width: int) -> bool:
    return len(line.cells) <= width * NARROW and len(line.cells) < width


def _is_control(line: Line, rest: Sequence[Line], width: int) -> bool:
    """A header record: of a type of its own where all records share another, or as wide as they
    are, told by its word and its emptiness.
    """
    if width < 3:
        return False
    first = line.cells[0].strip()
    if len(line.cells) != width:
        shared = record_type(rest[:50], width)
        return bool(shared) and first != shared and bool(_TYPE.fullmatch(first))
    filled = sum(1 for cell in line.cells if cell.strip())
    types = {other.cells[0].strip() for other in rest[:50] if len(other.cells) == width}
    sparse = filled <= max(3, width * NARROW)
    return sparse and bool(_OPENING.fullmatch(first)) and len(types) == 1


def trailing(lines: Sequence[Line], width: int, record_type: str) -> list[Line]:
    """Lines below the last record; a record that was merely cut off isn't one of them."""
    below = []
    for line in reversed(lines):
        if line.is_blank or _is_closing(line, width, record_type):
            below.insert(0, line)
        else:
            break
    while below and below[-1].is_blank:
        below.pop()
    while below and below[0].is_blank:
        below.pop(0)
    return below


def _is_closing(line: Line, width: int, record_type: str) -> bool:
    first = line.cells[0].strip()
    filled = [cell for cell in line.cells if cell.strip()]
    if _is_sums(first, filled, width):
        return True
    if len(line.cells) == width:
        return len(filled) <= max(2, width // 4) and bool(_STRONG.fullmatch(first))
    if len(line.cells) < width and _CLOSING.fullmatch(first) and len(line.cells) <= 4:
        return True
    if not _is_short(line, width):
        return False
    if _CLOSING.fullmatch(first) or _PHRASE.search(line.text):
        return True
    return bool(record_type) and first != record_type and len(first) <= 10


def _is_sums(first: str, filled: Sequence[str], width: int) -> bool:
    """A row of sums under a sheet: a word for them, then numbers in less than half the columns."""
    if not (_TOTALS.fullmatch(first) and 2 <= len(filled) < width * NARROW):
        return False
    return all(_NUMBER.fullmatch(cell) for cell in filled[1:])


def record_type(lines: Sequence[Line], width: int) -> str:
    """The value that every record begins with, where they all begin alike."""
    firsts = {line.cells[0].strip() for line in lines if len(line.cells) == width}
    count = sum(1 for line in lines if len(line.cells) == width)
    return firsts.pop() if count >= 3 and len(firsts) == 1 else ""


def stated_numbers(lines: Sequence[Line]) -> list[int]:
    """Whole numbers in lines around the records: one of them may count the records."""
    return [
        int(found.replace(",", ""))
        for line in lines
        for cell in line.cells
        for found in re.findall(r"(?<![\d.,/-])\d{1,3}(?:,\d{3})+(?![\d.,/-])|"
                                r"(?<![\d.,/-])\d{1,12}(?![\d.,/-])", cell)
    ]  # fmt: skip


def is_header(
    first: Sequence[str], rest: Sequence[Sequence[str]], names: Callable[[Sequence[str]], int]
) -> bool:
    """Whether the first line names the fields: by known names, else by how unlike data it is."""
    cells = [cell.strip() for cell in first]
    filled = [cell for cell in cells if cell]
    if not filled:
        return False
    known = names(cells)
    if known >= max(1, len(filled) * 0.3):
        return True
    distinct = {cell.casefold() for cell in filled}
    if len(distinct) < len(filled) * 0.9 or len(filled) < len(cells) * 0.7:
        return False
    if any(_NUMBER.fullmatch(cell) for cell in filled):
        return False
    if not all(re.search(r"[^\W\d_]", cell) and len(cell) <= 300 for cell in filled):
        return False
    columns = [
        [row[place].strip() for row in rest if place < len(row)] for place in range(len(cells))
    ]
    typed = sum(1 for column in columns if _mostly_numbers(column))
    repeated = sum(1 for cell, column in zip(cells, columns, strict=True) if cell in column)
    if typed:
        return not repeated
    return not repeated and all(len(cell) <= 60 for cell in filled)


def _mostly_numbers(column: Sequence[str]) -> bool:
    filled = [cell for cell in column if cell]
    return bool(filled) and sum(map(bool, map(_NUMBER.fullmatch, filled))) > len(filled) * 0.6


def decimal_mark(rows: Sequence[Sequence[str]], delimiter: str) -> str:
    """A comma where numbers are written 1.234,56 and none with a point before its decimals."""
    if delimiter == ",":
        return "."
    cells = [cell.strip() for row in rows for cell in row]
    commas = sum(1 for cell in cells if re.fullmatch(r"[+-]?\d{1,3}(?:\.\d{3})*,\d{1,8}", cell)
                 or re.fullmatch(r"[+-]?\d+,\d{1,8}", cell))  # fmt: skip
    points = sum(1 for cell in cells if re.fullmatch(r"[+-]?\d+\.\d+", cell))
    grouped = sum(1 for cell in cells if re.fullmatch(r"[+-]?\d{1,3}(?:,\d{3})+", cell))
    return "," if commas > max(points, grouped) else "."
