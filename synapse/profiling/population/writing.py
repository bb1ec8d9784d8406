"""One chunk of a file as a Parquet part: every text verbatim, its number or date beside it."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from synapse.profiling.population import parquet
from synapse.profiling.population.chunks import BLOCK, Shape
from synapse.profiling.population.pieces import Piece, piece_of_rows, piece_of_text
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
from synapse.profiling.population.totals import MODULUS
from synapse.profiling.population.values import ENCODED, Typist, companion_type

THREADS = 2
KEPT_REJECTED = 10_000


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
) -> Iterator[Piece]:
    """Blocks in order, a few of them worked on at once."""
    if reading.kind == PARQUET:
        work = partial(piece_of_rows, columns, Typist(columns, reading.decimal))
        first, count = chunk.payload["first"], chunk.payload["records"]
        sources = ((table,) for table in parquet.text_batches(prepared, file, first, count))
        yield from _side_by_side(work, sources, threads)
        return
    shape = Shape.of(reading)
    work = partial(piece_of_text, columns, Typist(columns, reading.decimal), shape)
    start, end = chunk.payload["start"], chunk.payload["end"]
    with prepared.open("rb") as stream:
        line = chunk.payload["line_no"]
        sources = blocks(
            stream, shape.style, start=start, end=end, size=BLOCK, file=file, line=line
        )
        yield from _side_by_side(work, sources, threads)


def _side_by_side(work, sources, threads: int) -> Iterator[Piece]:
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

    def add(self, piece: Piece) -> pa.Table:
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
