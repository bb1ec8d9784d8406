"""Sheets of an Excel workbook as rows of text; formulas are never evaluated."""

import zipfile
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from synapse.profiling.population.errors import DamagedPopulation, UnknownSheet, WorkbookTooLarge
from synapse.profiling.population.pages import open_workbook
from synapse.profiling.population.sheet_end import show_all, show_end

MAX_UNPACKED = 4 << 30
MAX_TEXTS = 512 << 20
# Workbooks of records shrink to a tenth or a thirtieth.
MAX_RATIO, SMALL = 200, 64 << 20
# Excel's own last row; a damaged file may name one a thousand times as far.
MAX_ROWS = 1_048_576
MAX_CELLS = 16_384
HEAD_ROWS, TAIL_ROWS = 400, 12
# How much of a sheet's end is looked through for its last rows.
TAIL_BYTES = (1 << 18, 1 << 22)
Row = tuple[int, tuple[str, ...]]


@contextmanager
def opened(path: Path, file: str, *, values: bool) -> Iterator[Any]:
    """The workbook, read row by row; damage met anywhere becomes one typed refusal."""
    try:
        # Opened here, because openpyxl leaves a file open that it fails on.
        with path.open("rb") as stream:
            book = open_workbook(stream, values=values)
            try:
                yield book
            finally:
                book.close()
    except (
        KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError, EOFError,
        zipfile.BadZipFile, zlib.error, OSError, RuntimeError,
    ) as fault:  # fmt: skip
        raise DamagedPopulation(
            file=file, kind="an Excel workbook", found=f"{type(fault).__name__}: {fault}"[:200]
        ) from None


def refuse_unsafe(path: Path, file: str) -> None:
    """The archive is a workbook, isn't encrypted and doesn't unpack to something enormous."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if not any(name.startswith("xl/workbook.") for name in names):
                found = "it is a plain zip archive"
                raise DamagedPopulation(file=file, kind="an Excel workbook", found=found)
            entries = archive.infolist()
            if any(entry.flag_bits & 1 for entry in entries):
                found = "it is protected by a password"
                raise DamagedPopulation(file=file, kind="an Excel workbook", found=found)
            if limit := _exceeded(entries):
                raise WorkbookTooLarge(file=file, limit=limit)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError) as fault:
        raise DamagedPopulation(
            file=file, kind="an Excel workbook", found=str(fault)[:200]
        ) from None


def _exceeded(entries: Sequence[zipfile.ZipInfo]) -> str:
    """The limit that an archive would pass when unpacked, if it would."""
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        return f"{MAX_UNPACKED >> 30} GB"
    # All shared texts are held in memory, sheets are not.
    if any(entry.file_size > MAX_TEXTS for entry in entries if "sharedStrings" in entry.filename):
        return f"{MAX_TEXTS >> 20} MB of texts"
    for entry in entries:
        if entry.file_size > max(SMALL, MAX_RATIO * entry.compress_size):
            return f"{MAX_RATIO} times its size"
    return ""


def sample(
    path: Path, file: str, wanted: str, known: Callable[[Sequence[str]], int]
) -> tuple[str, tuple[str, ...], list[Row], list[Row]]:
    """The chosen sheet, all sheets, the first rows and, of a longer sheet, the last ones."""
    refuse_unsafe(path, file)
    with opened(path, file, values=True) as book:
        pages = [page for page in book.worksheets if page.sheet_state == "visible"]
        titles = tuple(page.title for page in pages or book.worksheets)
        if wanted and wanted not in titles:
            raise UnknownSheet(file=file, sheet=wanted, sheets=", ".join(titles))
        heads = {title: _head(book[title]) for title in titles if wanted in ("", title)}
        title = max(heads, key=lambda name: _fitness(heads[name], known))
        head = heads[title]
        tail = _tail(book[title]) if len(head) >= HEAD_ROWS else []
    return title, titles, head, tail


def _head(page: Any) -> list[Row]:
    found = []
    for row in rows(page):
        found.append(row)
        if len(found) >= HEAD_ROWS:
            break
    width = max((len(cells) for _, cells in found), default=0)
    counts = [len(cells) for _, cells in found]
    usual = max(set(counts), key=lambda size: (counts.count(size), size)) if counts else 0
    # Rows end at their last filled cell; a record's blank last fields are fields all the same.
    header = max((len(cells) for _, cells in found[:20]), default=0)
    width = max(usual, min(width, header))
    return [
        (number, cells + ("",) * (width - len(cells)) if len(cells) * 2 > width else cells)
        for number, cells in found
    ]


def _tail(page: Any) -> list[Row]:
    """The last rows; looked for in the end of the sheet first, and in all of it if need be."""
    for size in TAIL_BYTES:
        first = show_end(page, size)
        if first is None:
            break
        found = deque(rows(page, first), maxlen=TAIL_ROWS)
        if len(found) == TAIL_ROWS:
            return list(found)
    show_all(page)
    return list(deque(rows(page), maxlen=TAIL_ROWS))


def _fitness(head: list[Row], known: Callable[[Sequence[str]], int]) -> tuple[int, int]:
    best = max((known(cells) for _, cells in head[:20]), default=0)
    return best, len(head) * max((len(cells) for _, cells in head), default=0)


def rows(page: Any, first: int = 1) -> Iterator[Row]:
    """Row number and cells as text of each row from the `first` on that isn't blank."""
    styles: dict[int, str] = {}
    # What a sheet says of its size may be too small, or too large by far.
    page.reset_dimensions()
    for number, cells in enumerate(page.iter_rows(min_row=first), start=first):
        if number > MAX_ROWS:
            raise ValueError(f"its rows go on beyond row {MAX_ROWS:,}, where a sheet ends")
        texts = []
        for cell in cells[:MAX_CELLS]:
            value = cell.value
            if value is None:
                texts.append("")
                continue
            texts.append(value if type(value) is str else _text(value, cell, styles))
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            yield number, tuple(texts)


def formulas(page: Any) -> Iterator[tuple[int, list[int]]]:
    """Row number and columns (from 0) of the formulas of a workbook opened without values."""
    page.reset_dimensions()
    for number, cells in enumerate(page.iter_rows(), start=1):
        found = [place for place, cell in enumerate(cells[:MAX_CELLS]) if cell.data_type == "f"]
        if found:
            yield number, found


def _text(value: Any, cell: Any, styles: dict[int, str]) -> str:
    """A cell as a person sees it: leading zeros of its format kept, dates without a clock."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        style = getattr(cell, "_style_id", 0)
        if style not in styles:
            styles[style] = str(cell.number_format or "")
        zeros = styles[style]
        return str(value).zfill(len(zeros)) if zeros and not zeros.strip("0") else str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time | timedelta):
        return str(value)
    return str(value)


def has_formulas(path: Path) -> bool:
    """Whether any sheet holds one; asked of the raw XML, which is far quicker than reading it."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                with archive.open(name) as stream:
                    rest = b""
                    while piece := stream.read(1 << 20):
                        if b"<f>" in rest + piece or b"<f " in rest + piece:
                            return True
                        rest = piece[-3:]
    return False
