"""CSV and its relatives as a table, the separator found by trying."""

import csv
import io

from synapse.planning.dictionary.headings import heading_score
from synapse.planning.dictionary.table import MAX_ROWS, Row, Table
from synapse.planning.dictionary.text import cell_text
from synapse.planning.errors import CellTooLong, TooManyRows, UnclosedQuote

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_CHARACTERS = 200_000
MAX_CELL = 131_000


def read_delimited(text: str, file: str, encoding: str) -> Table:
    body, told = _told_delimiter(text)
    delimiter = told or _best_delimiter(body)
    rows = []
    for number, cells in _records(body, delimiter, file, first_line=2 if told else 1):
        row = Row(number, tuple(cell_text(cell) for cell in cells))
        rows.append(row)
        if len(rows) > MAX_ROWS:
            raise TooManyRows(file=file, limit=MAX_ROWS)
    return Table(file, "csv", tuple(rows), encoding=encoding, delimiter=delimiter)


def _told_delimiter(text: str) -> tuple[str, str]:
    """Excel's own first line `sep=;` says which separator follows."""
    line, _, rest = text.partition("\n")
    line = line.strip().strip('"')
    if line.lower().startswith("sep=") and len(line) == 5:
        return rest, line[4]
    return text, ""


def _best_delimiter(text: str) -> str:
    sample = text[:SAMPLE_CHARACTERS]
    return max(DELIMITERS, key=lambda delimiter: _fitness(sample, delimiter))


def _fitness(sample: str, delimiter: str) -> tuple[float, float]:
    """First how well a row reads as headings, then how even the rows are."""
    counts: dict[int, int] = {}
    headings = 0.0
    try:
        for place, cells in enumerate(_reader(sample, delimiter)):
            if place < 40 and len(cells) > 1:
                headings = max(headings, heading_score(tuple(map(cell_text, cells))))
            counts[len(cells)] = counts.get(len(cells), 0) + 1
    except csv.Error:
        return 0.0, 0.0
    counts.pop(0, None)
    if not counts:
        return 0.0, 0.0
    width = max(counts, key=lambda size: counts[size])
    evenness = counts[width] / sum(counts.values())
    return (headings, evenness) if width > 1 else (headings / 4, 0.0)


def _reader(text: str, delimiter: str, *, strict: bool = False):
    return csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=strict
    )


def _records(text: str, delimiter: str, file: str, first_line: int):
    """Records with the number of the line each begins on."""
    _refuse_unclosed_quote(text, delimiter, file, first_line)
    reader = _reader(text, delimiter)
    number = first_line
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise CellTooLong(file=file, row=number, limit=MAX_CELL) from None
        yield number, cells
        number = first_line + reader.line_num


def _refuse_unclosed_quote(text: str, delimiter: str, file: str, first_line: int) -> None:
    """A quote left open swallows the rest of the file into one cell, silently."""
    reader = _reader(text, delimiter, strict=True)
    number = first_line
    try:
        for _ in reader:
            number = first_line + reader.line_num
    except csv.Error as fault:
        if "unexpected end of data" in str(fault):
            raise UnclosedQuote(file=file, row=number) from None
        # Other strict faults (text after a closing quote) are read the lenient way.
