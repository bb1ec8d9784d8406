"""A table as read from a file: rows of text with the row numbers a person sees."""

from dataclasses import dataclass, field

MAX_ROWS = 20_000
MAX_COLUMNS = 400


@dataclass(frozen=True)
class Row:
    number: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        return not any(self.cells)


@dataclass(frozen=True)
class Table:
    """One sheet or file; `kind` is csv, xlsx or json, `place` the sheet or list it came from."""

    file: str
    kind: str
    rows: tuple[Row, ...]
    encoding: str = ""
    delimiter: str = ""
    place: str = ""
    other_places: tuple[str, ...] = field(default=())


def column_letters(index: int) -> str:
    """The name a spreadsheet gives a column: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
