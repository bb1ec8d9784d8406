"""Excel workbooks as a table: the sheet that looks most like a dictionary."""

import io
import zipfile
import zlib

import openpyxl

from synapse.planning.dictionary.headings import find_header
from synapse.planning.dictionary.table import MAX_COLUMNS, MAX_ROWS, Row, Table
from synapse.planning.dictionary.text import cell_text
from synapse.planning.errors import (
    EmptyFile,
    NotAWorkbook,
    TooManyRows,
    UnknownColumn,
    WorkbookTooLarge,
)

MAX_UNPACKED = 96 * 1024 * 1024
MAX_BLANK_RUN = 2_000


def read_workbook(content: bytes, file: str, sheet: str = "") -> Table:
    _refuse_unsafe(content, file)
    try:
        # read_only streams rows, so a lone cell in row 1,048,576 costs time but no memory.
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        tables = [_sheet_table(page, file) for page in _visible(book)]
    except (
        KeyError,
        ValueError,
        zipfile.BadZipFile,
        EOFError,
        AttributeError,
        SyntaxError,
    ) as fault:
        raise NotAWorkbook(file=file, found=f"it is damaged ({type(fault).__name__})") from None
    filled = [table for table in tables if any(not row.is_blank for row in table.rows)]
    if not filled:
        raise EmptyFile(file=file)
    names = tuple(table.place for table in filled)
    if sheet:
        chosen = next((table for table in filled if table.place == sheet), None)
        if chosen is None:
            raise UnknownColumn(file=file, column=sheet, headings=", ".join(names))
    else:
        chosen = max(filled, key=_fitness)
    others = tuple(name for name in names if name != chosen.place)
    return Table(file, "xlsx", chosen.rows, place=chosen.place, other_places=others)


def _visible(book) -> list:
    pages = [page for page in book.worksheets if page.sheet_state == "visible"]
    return pages or book.worksheets


def _fitness(table: Table) -> tuple[float, int]:
    header, score = find_header(table)
    below = sum(1 for row in table.rows if row.number > header.number and not row.is_blank)
    return (score if below else 0.0, below)


def _sheet_table(page, file: str) -> Table:
    rows, blanks = [], 0
    for number, values in enumerate(page.iter_rows(values_only=True), start=1):
        cells = [cell_text(value) for value in values[:MAX_COLUMNS]]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            blanks += 1
            if blanks > MAX_BLANK_RUN:
                break
            continue
        blanks = 0
        rows.append(Row(number, tuple(cells)))
        if len(rows) > MAX_ROWS:
            raise TooManyRows(file=file, limit=MAX_ROWS)
    return Table(file, "xlsx", tuple(rows), place=page.title)


def _refuse_unsafe(content: bytes, file: str) -> None:
    """The archive is a workbook, isn't encrypted and doesn't unpack to something enormous."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        names = set(archive.namelist())
        if "[Content_Types].xml" not in names or not any(
            name.startswith("xl/workbook.") for name in names
        ):
            raise NotAWorkbook(file=file, found="it is a plain zip archive")
        unpacked = 0
        for entry in archive.infolist():
            if entry.flag_bits & 1:
                raise NotAWorkbook(file=file, found="it is protected by a password")
            # The size an entry states can be a lie, so what really comes out is counted.
            with archive.open(entry) as stream:
                while part := stream.read(1 << 20):
                    unpacked += len(part)
                    if unpacked > MAX_UNPACKED:
                        raise WorkbookTooLarge(file=file, limit=f"{MAX_UNPACKED >> 20} MB")
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError) as fault:
        raise NotAWorkbook(file=file, found=f"it is damaged ({fault})") from None
