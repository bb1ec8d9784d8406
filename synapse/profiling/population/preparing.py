"""The form of a file in which its chunks are read: itself, or delimited UTF-8 made from it once."""

import codecs
import csv
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from synapse.profiling.population import workbook
from synapse.profiling.population.decoding import UTF8, codec_of, mark_length
from synapse.profiling.population.errors import Undecodable
from synapse.profiling.population.schema import CSV, PARQUET, Reading

PIECE = 1 << 22
MARK = "\x1d"
NO_VALUE = "formula_without_value"


def prepare(path: Path, reading: Reading, folder: Path, *, file: str = "") -> Path:
    """`path` itself where it can be read in place, else its form in `folder`, made at most once.

    The same file and reading make the same form, so a repeated call finds what another made.
    """
    if reading.kind == PARQUET or _reads_in_place(reading):
        return path
    told = {name: getattr(reading, name) for name in Reading.CHANGEABLE} | {"kind": reading.kind}
    key = hashlib.sha256(json.dumps([told, path.stat().st_size], sort_keys=True).encode())
    target = folder / f"prepared-{key.hexdigest()[:16]}.txt"
    if target.exists():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, suffix=".making")
    made = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
            pieces = (
                _decoded(path, reading, file or path.name)
                if reading.kind == CSV
                else _sheet_lines(path, reading, file or path.name)
            )
            for text in pieces:
                out.write(text)
        made.replace(target)
    finally:
        made.unlink(missing_ok=True)
    return target


def _reads_in_place(reading: Reading) -> bool:
    return reading.kind == CSV and reading.encoding == UTF8 and reading.newline == "\n"


def _decoded(path: Path, reading: Reading, file: str) -> Iterator[str]:
    codec = codec_of(reading.encoding)
    decoder = codecs.getincrementaldecoder(codec)("strict")
    done = 0
    with path.open("rb") as stream:
        start = stream.read(4)
        stream.seek(mark_length(start, reading.encoding))
        while True:
            piece = stream.read(PIECE)
            try:
                text = decoder.decode(piece, final=not piece)
            except UnicodeDecodeError as fault:
                place = done + fault.start + 1
                raise Undecodable(file=file, encoding=reading.encoding, byte=place) from None
            done += len(piece)
            yield text.replace("\r", "\n") if reading.newline == "\r" else text
            if not piece:
                return


class _Line:
    """A file that `csv` writes one line into."""

    def __init__(self):
        self.text = ""

    def write(self, text: str) -> None:
        self.text = text


def _sheet_lines(path: Path, reading: Reading, file: str) -> Iterator[str]:
    """A line a record, begun by its row number; a record to be rejected is two fields wider."""
    line = _Line()
    writer = csv.writer(line, lineterminator="\n")
    formulas = _formula_cells(path, reading, file)
    wanted = next(formulas, None)
    header = reading.header
    with workbook.opened(path, file, values=True) as book:
        held: list[str] = []
        for number, cells in workbook.rows(book[reading.sheet]):
            while wanted and wanted[0] < number:
                wanted = next(formulas, None)
            if number <= reading.skip:
                continue
            if header:
                header = False
                continue
            places = wanted[1] if wanted and wanted[0] == number else []
            empty = [place for place in places if place >= len(cells) or cells[place] == ""]
            values = [*cells, *[""] * (reading.fields - len(cells))]
            if empty and empty[0] < reading.fields:
                name = reading.names[empty[0]]
                values += [MARK + NO_VALUE, f"The formula in “{name}” has no stored value; open "
                           "the workbook, calculate and save it."]  # fmt: skip
                values = [*values[: reading.fields], *values[-2:]]
            writer.writerow([number, *values])
            held.append(line.text)
            # The trailer is at the end, and where that is shows only there.
            if len(held) > reading.trailer:
                yield held.pop(0)


def _formula_cells(path: Path, reading: Reading, file: str) -> Iterator[tuple[int, list[int]]]:
    """Where formulas stand; the second look at the sheet is spared where there is none."""
    if not workbook.has_formulas(path):
        return
    with workbook.opened(path, file, values=False) as book:
        yield from workbook.formulas(book[reading.sheet])
