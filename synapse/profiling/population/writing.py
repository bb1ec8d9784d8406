"""One chunk of a file as a Parquet part: every text verbatim, its number or date beside it."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from synapse.profiling.population import parquet
from synapse.profiling.population.blocks import (
    Block,
    canonical,
    canonical_texts,
    read_block,
)
from synapse.profiling.population.chunks import BLOCK, Shape
from synapse.profiling.population.records import blocks
from synapse.profiling.population.schema import (
    LINE_NO,
    PARQUET,
    RECORD_NO,
    Chunk,
    ChunkResult,
    Column,
    Reading,
    RejectedRow,
)
from synapse.profiling.population.totals import MODULUS, digest_sum
from synapse.profiling.population.values import ENCODED, Typist, companion_type

THREADS = 2
KEPT_REJECTED = 10_000
_SPACES = (b" ", b"\t", b"\v", b"\f")


@dataclass
class _Piece:
    """One block, typed and summed, ready to be written."""

    block: Block
    arrays: list[pa.Array]
    digest: int
    blank: list[int]
    unreadable: list[int]


def read_chunk(
    prepared: Path,
    reading: Reading,
    chunk: Chunk,
    columns: Sequence[Column],
    out: Path,
    *,
    threads: int = THREADS,
    file: str = "",
) -> ChunkResult:
    """Writes the chunk's records to `out`, replacing it whole at the end; memory stays flat.

    `file` is the name by which a refusal tells of the file.
    """
    columns = list(columns)
    making = out.with_name(out.name + ".making")
    sums = _Sums(columns, chunk)
    try:
        with _writer(making, _schema(columns)) as writer:
            for piece in _pieces(prepared, reading, chunk, columns, threads, file or prepared.name):
                table = sums.add(piece)
                if table.num_rows:
                    writer.write_table(table)
        making.replace(out)
    finally:
        making.unlink(missing_ok=True)
    return sums.result()


def _writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """Least and greatest values are kept of numbers and dates alone: nobody looks for texts so."""
    typed = [field.name for field in schema if field.type not in (ENCODED, pa.string())]
    return pq.ParquetWriter(
        path,
        schema,
        compression="snappy",
        store_schema=False,
        store_decimal_as_integer=True,
        write_statistics=typed,
    )


def _pieces(
    prepared: Path,
    reading: Reading,
    chunk: Chunk,
    columns: list[Column],
    threads: int,
    file: str,
) -> Iterator[_Piece]:
    """Blocks in order, a few of them worked on at once."""
    if reading.kind == PARQUET:
        work = partial(_piece_of_rows, columns, Typist(columns, reading.decimal))
        first, count = chunk.payload["first"], chunk.payload["records"]
        sources = ((table,) for table in parquet.text_batches(prepared, file, first, count))
        yield from _side_by_side(work, sources, threads)
        return
    shape = Shape.of(reading)
    work = partial(_piece_of_text, columns, Typist(columns, reading.decimal), shape)
    start, end = chunk.payload["start"], chunk.payload["end"]
    with prepared.open("rb") as stream:
        line = chunk.payload["line_no"]
        sources = blocks(
            stream, shape.style, start=start, end=end, size=BLOCK, file=file, line=line
        )
        yield from _side_by_side(work, sources, threads)


def _side_by_side(work, sources, threads: int) -> Iterator[_Piece]:
    if threads < 2:
        for source in sources:
            yield work(*source)
        return
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future] = deque()
        try:
            for source in sources:
                waiting.append(pool.submit(work, *source))
                if len(waiting) > threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _piece_of_text(columns, typist, shape, block, ends, orderly) -> _Piece:
    read = read_block(block, ends, orderly, shape)
    names = [str(place + shape.inner) for place in range(shape.fields)]
    spaced = _may_be_spaces(block, shape)
    arrays, blank, unreadable = _typed(read.table.select(names), columns, typist, spaced)
    if shape.inner:
        read.line = (
            read.table["0"].cast(pa.int64()).to_numpy() if read.table.num_rows else read.line
        )
        read.rejected = [
            replace(row, line_no=int(row.text.split(",", 1)[0]), text=row.text.split(",", 1)[1])
            for row in read.rejected
        ]
    return _Piece(read, arrays, digest_sum(canonical(read, names, shape)), blank, unreadable)


def _piece_of_rows(columns, typist, table: pa.Table) -> _Piece:
    count = table.num_rows
    arrays, blank, unreadable = _typed(table, columns, typist, True)
    block = Block(table, np.arange(1, count + 1), np.arange(count), count, count)
    return _Piece(block, arrays, digest_sum(canonical_texts(table)), blank, unreadable)


def _may_be_spaces(block: bytes, shape: Shape) -> bool:
    """Whether some field might be all white space: told quickly, and only ever too often."""
    before = [shape.style.delimiter, b"\n"]
    starts = [mark + space for mark in before for space in _SPACES if space in block]
    if shape.style.quote and shape.style.quote in block:
        # Between quotation marks line ends are white space too.
        spaces = (*_SPACES, b"\n", b"\r")
        starts += [mark + shape.style.quote + space for mark in before for space in spaces]
    begin = b"\n" + block[:2]
    return any(start in block or begin.startswith(start) for start in starts) or (
        block.count(b"\r") != block.count(b"\r\n")
    )


def _typed(
    table: pa.Table, columns: list[Column], typist: Typist, spaced: bool
) -> tuple[list[pa.Array], list[int], list[int]]:
    arrays, blank, unreadable = [], [], []
    for column, text in zip(columns, table.columns, strict=True):
        text = text.combine_chunks()
        if isinstance(text, pa.ChunkedArray):
            text = pa.concat_arrays(text.chunks) if text.num_chunks else pa.array([], pa.string())
        spaces = pc.sum(pc.ascii_is_space(text)).as_py() or 0 if spaced else 0
        blank.append(text.null_count + spaces)
        companion, bad = None, 0
        if typist.needs(column):
            text, companion, bad = typist.read(column, text)
        arrays.append(text)
        unreadable.append(bad)
        if companion is not None:
            arrays.append(companion)
    return arrays, blank, unreadable


def _schema(columns: list[Column]) -> pa.Schema:
    fields = [pa.field(RECORD_NO, pa.int64(), False), pa.field(LINE_NO, pa.int64(), False)]
    for column in columns:
        typed = column.number or column.date
        encoded = typed or column.data_type == "boolean"
        fields.append(pa.field(column.name, ENCODED if encoded else pa.string()))
        if typed:
            fields.append(pa.field(typed, companion_type(column)))
    return pa.schema(fields)


class _Sums:
    """What the pieces of a chunk add up to; numbers their records as they come."""

    def __init__(self, columns: list[Column], chunk: Chunk):
        self._columns, self._schema = columns, _schema(columns)
        self._record = chunk.payload["record_no"] - 1
        self._line = chunk.payload.get("line_no", self._record + 1)
        self._rejected: list[RejectedRow] = []
        self._rows = self._rejected_count = self._digest = 0
        self._blank, self._unreadable = [0] * len(columns), [0] * len(columns)

    def add(self, piece: _Piece) -> pa.Table:
        block = piece.block
        numbered = bool(block.table.num_columns > len(self._columns))
        line = 0 if numbered else self._line
        table = pa.table(
            [
                pa.array(block.record + self._record, pa.int64()),
                pa.array(block.line + line, pa.int64()),
                *piece.arrays,
            ],
            schema=self._schema,
        )
        room = KEPT_REJECTED - len(self._rejected)
        self._rejected += [
            replace(row, record_no=row.record_no + self._record, line_no=row.line_no + line)
            for row in block.rejected[: max(0, room)]
        ]
        self._rows += table.num_rows
        self._rejected_count += len(block.rejected)
        self._record += block.records
        self._line += block.lines
        self._digest = (self._digest + piece.digest) % MODULUS
        self._blank = [a + b for a, b in zip(self._blank, piece.blank, strict=True)]
        self._unreadable = [a + b for a, b in zip(self._unreadable, piece.unreadable, strict=True)]
        return table

    def result(self) -> ChunkResult:
        names = [column.name for column in self._columns]
        return ChunkResult(
            rows=self._rows,
            rejected=tuple(self._rejected),
            rejected_count=self._rejected_count,
            digest=f"{self._digest:032x}",
            blank=dict(zip(names, self._blank, strict=True)),
            unreadable=dict(zip(names, self._unreadable, strict=True)),
        )
