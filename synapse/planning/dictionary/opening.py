"""A file's bytes as a table, by what they are and not by what the name says."""

from pathlib import PurePath

from synapse.planning.dictionary.decoding import decode
from synapse.planning.dictionary.delimited import read_delimited
from synapse.planning.dictionary.json_records import read_json
from synapse.planning.dictionary.table import Table
from synapse.planning.dictionary.workbook import read_workbook
from synapse.planning.errors import (
    EmptyFile,
    FileTooLarge,
    InvalidJson,
    NoJsonRecords,
    NotAWorkbook,
    UnknownFileType,
)

DEFAULT_LIMIT = 32 * 1024 * 1024
TEXT_SUFFIXES = {".csv", ".tsv", ".tab", ".psv", ".txt", ".dat", ""}
WORKBOOK_SUFFIXES = {".xlsx", ".xlsm", ".xltx"}
SUFFIXES = TEXT_SUFFIXES | WORKBOOK_SUFFIXES | {".json", ".xls"}
EXPECTED = "a CSV, XLSX or JSON file"
_SIGNATURES = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed file"),
    (b"Rar!", "a compressed file"),
    (b"PAR1", "a Parquet file"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"{\\rtf", "a rich text document"),
    (b"SQLite format 3", "a database"),
)
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def read_table(content: bytes, file: str, *, sheet: str = "", limit: int = DEFAULT_LIMIT) -> Table:
    """The table in a CSV, XLSX or JSON file; raises an UnreadableDocument that names the mend."""
    suffix = PurePath(file).suffix.lower()
    if len(content) > limit:
        raise FileTooLarge(file=file, limit=f"{limit / (1 << 20):g} MB")
    if not content.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise EmptyFile(file=file)
    refuse_known_binary(content, file, expected=EXPECTED)
    if content.startswith(b"PK\x03\x04"):
        if suffix not in SUFFIXES:
            raise UnknownFileType(file=file, found="a zip archive", expected=EXPECTED)
        table = read_workbook(content, file, sheet)
    elif content.startswith(_OLD_EXCEL):
        found = "it is in the old .xls format or protected by a password"
        raise NotAWorkbook(file=file, found=found)
    elif suffix in WORKBOOK_SUFFIXES | {".xls"}:
        raise NotAWorkbook(file=file, found="it isn't one inside")
    elif suffix not in SUFFIXES:
        raise UnknownFileType(file=file, found=f"of the unknown type {suffix}", expected=EXPECTED)
    else:
        table = _text_table(content, file, suffix)
    if all(row.is_blank for row in table.rows):
        raise EmptyFile(file=file)
    return table


def refuse_known_binary(content: bytes, file: str, *, expected: str) -> None:
    for signature, found in _SIGNATURES:
        if content.startswith(signature):
            raise UnknownFileType(file=file, found=found, expected=expected)


def _text_table(content: bytes, file: str, suffix: str) -> Table:
    text, encoding = decode(content, file)
    start = text.lstrip()[:200].lower()
    if not start:
        raise EmptyFile(file=file)
    if start.startswith(("<!doctype html", "<html", "<table", "<?xml")):
        raise UnknownFileType(file=file, found="a web page or XML", expected=EXPECTED)
    if suffix == ".json":
        return read_json(text, file, encoding)
    if start[0] in "[{":
        try:
            return read_json(text, file, encoding)
        except (InvalidJson, NoJsonRecords):
            return read_delimited(text, file, encoding)
    return read_delimited(text, file, encoding)
