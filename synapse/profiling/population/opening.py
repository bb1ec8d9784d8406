"""What kind of file it is, by its bytes and not by its name."""

from pathlib import Path, PurePath

from synapse.profiling.population.errors import (
    DamagedPopulation,
    EmptyPopulation,
    UnknownPopulationType,
)
from synapse.profiling.population.schema import CSV, PARQUET, XLSX

_SIGNATURES = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file (gzip); unpack it first"),
    (b"7z\xbc\xaf", "a compressed file (7z); unpack it first"),
    (b"Rar!", "a compressed file (rar); unpack it first"),
    (b"BZh", "a compressed file (bzip2); unpack it first"),
    (b"\xfd7zXZ", "a compressed file (xz); unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a compressed file (zstandard); unpack it first"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"{\\rtf", "a rich text document"),
    (b"SQLite format 3", "a database"),
    (b"ORC", "an ORC file; save it as Parquet"),
    (b"Obj\x01", "an Avro file; save it as Parquet"),
    (b"ARROW1", "an Arrow file; save it as Parquet"),
)
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_WEB = (b"<!doctype html", b"<html", b"<table", b"<?xml", b"<svg")


def kind_of(path: Path, file: str) -> str:
    """csv, xlsx or parquet; everything else is refused with a mend."""
    suffix = PurePath(file).suffix.lower()
    with path.open("rb") as stream:
        head = stream.read(8192)
    if not head.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise EmptyPopulation(file=file)
    if head.startswith(b"PAR1"):
        return PARQUET
    if head.startswith(b"PARE"):
        raise UnknownPopulationType(file=file, found="an encrypted Parquet file")
    if head.startswith(b"PK\x03\x04"):
        if suffix in (".zip", ".docx", ".pptx", ".ods", ".jar"):
            raise UnknownPopulationType(file=file, found="a zip archive; unpack it first")
        return XLSX
    if head.startswith(_OLD_EXCEL):
        found = "an Excel file in the old .xls format or protected by a password"
        raise UnknownPopulationType(file=file, found=found)
    for signature, found in _SIGNATURES:
        if head.startswith(signature) and not _reads_as_text(head, signature):
            raise UnknownPopulationType(file=file, found=found)
    if suffix in (".parquet", ".xlsx", ".xlsm"):
        kind = "Parquet" if suffix == ".parquet" else "an Excel workbook"
        raise DamagedPopulation(file=file, kind=kind, found="it isn't one inside")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if start.startswith(_WEB):
        raise UnknownPopulationType(file=file, found="a web page or XML")
    if start.startswith((b"{", b"[{")) and suffix in (".json", ".jsonl", ".ndjson"):
        raise UnknownPopulationType(file=file, found="JSON")
    return CSV


def _reads_as_text(head: bytes, signature: bytes) -> bool:
    """A heading may well begin with MZ or ORC; a program or an ORC file isn't text."""
    return signature.isalnum() and len(signature) < 4 and head.isascii() and b"\0" not in head
