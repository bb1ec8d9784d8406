"""A file cut into chunks that are read apart, and again if need be, always alike."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from synapse.profiling.population import parquet
from synapse.profiling.population.decoding import UTF8, mark_length
from synapse.profiling.population.records import Style, blank_records, blocks, walk
from synapse.profiling.population.schema import PARQUET, PART_RECORDS, XLSX, Chunk, Reading

# Larger blocks are written faster, smaller ones need less memory.
BLOCK = 12 << 20
PART_BYTES = 96 << 20


@dataclass(frozen=True)
class Shape:
    """How a prepared file is written; `inner` columns stand before those of the file."""

    style: Style
    fields: int
    inner: int = 0

    @property
    def width(self) -> int:
        return self.fields + self.inner

    @classmethod
    def of(cls, reading: Reading) -> "Shape":
        if reading.kind == XLSX:
            return cls(Style(b",", b'"'), reading.fields, 1)
        return cls(Style.of(reading.delimiter, reading.quote), reading.fields)


def plan_chunks(
    prepared: Path, reading: Reading, *, records: int = PART_RECORDS, file: str = ""
) -> list[Chunk]:
    """The chunks of a prepared file, of at most `records` records and about 96 MB each.

    `file` is the name by which a refusal tells of it.
    """
    file = file or prepared.name
    if reading.kind == PARQUET:
        count = parquet.opened(prepared, file).metadata.num_rows
        return [
            _chunk(number, first + 1, min(records, count - first), {"first": first})
            for number, first in enumerate(range(0, count, records), start=1)
        ]
    with prepared.open("rb") as stream:
        start, line = _start(stream, reading)
        end = _end(stream, reading, start)
        shape = Shape.of(reading)
        found = blocks(stream, shape.style, start=start, end=end, size=BLOCK, file=file, line=line)
        pieces = list(_pieces(found, start, end, line, records))
    return [
        _chunk(number, piece.pop("first_record"), piece.pop("records"), piece)
        for number, piece in enumerate(pieces, start=1)
    ]


def _chunk(number: int, first: int, count: int, payload: dict) -> Chunk:
    return Chunk(
        key=f"{number:05d}",
        label=f"records {first:,} to {first + count - 1:,}",
        payload=payload | {"record_no": first, "records": count},
    )


def _pieces(
    found: Iterable[tuple[bytes, np.ndarray, bool]], start: int, end: int, line: int, most: int
) -> Iterator[dict]:
    """Byte range, first record and first line of each piece."""
    record, at = 1, start
    piece = {"start": start, "line_no": line, "first_record": 1}
    count = 0
    for block, ends, _ in found:
        kept = np.cumsum(~blank_records(block, ends))
        done = 0
        while done < len(ends):
            before = int(kept[done - 1]) if done else 0
            room = before + most - count
            fit = int(np.searchsorted(kept, room, side="right"))
            size = at + (int(ends[fit - 1]) if fit else 0) - piece["start"]
            if fit > done and size > PART_BYTES:
                fit = max(done, int(np.searchsorted(ends, PART_BYTES + piece["start"] - at)))
                if fit == done and not count:
                    fit = done + 1
            taken = (int(kept[fit - 1]) if fit else 0) - before
            count, record = count + taken, record + taken
            if fit < len(ends):
                stop = int(ends[fit - 1]) if fit else 0
                if count:
                    yield piece | {"end": at + stop, "records": count}
                lines = line + block.count(b"\n", 0, stop)
                piece = {"start": at + stop, "line_no": lines, "first_record": record}
                count = 0
            done = fit
        line += block.count(b"\n")
        at += len(block)
    if count:
        yield piece | {"end": end, "records": count}


def _start(stream: BinaryIO, reading: Reading) -> tuple[int, int]:
    """Offset and line of the first record, behind mark, skipped lines and headings."""
    if reading.kind == XLSX:
        return 0, 1
    head = stream.read(4)
    stream.seek(mark_length(head, UTF8))
    for _ in range(reading.skip):
        stream.readline()
    at, line = stream.tell(), reading.skip + 1
    if not reading.header:
        return at, line
    style = Style.of(reading.delimiter, reading.quote)
    window = 1 << 16
    while True:
        stream.seek(at)
        text = stream.read(window)
        blank = len(text) - len(text.lstrip(b"\r\n"))
        found = walk(text, blank, style, last=len(text) < window)
        if found or len(text) < window:
            end = found[1] if found else len(text)
            return at + end, line + text.count(b"\n", 0, end)
        window *= 4


def _end(stream: BinaryIO, reading: Reading, start: int) -> int:
    """Offset behind the last record, before the lines of the trailer."""
    size = stream.seek(0, 2)
    if reading.kind == XLSX or not reading.trailer:
        return size
    window = 1 << 16
    while True:
        first = max(start, size - window)
        stream.seek(first)
        text = stream.read()
        ends = [first]
        ends += [first + place + 1 for place, byte in enumerate(text) if byte == 10]
        lines = [
            begin for begin, line in zip(ends, text.split(b"\n"), strict=False) if line.strip()
        ]
        if first == start or len(lines) > reading.trailer:
            return lines[-reading.trailer] if len(lines) >= reading.trailer else start
        window *= 4
