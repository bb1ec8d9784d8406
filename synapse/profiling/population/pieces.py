"""A block of records, typed and summed, ready to be written."""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synapse.profiling.population.blocks import (
    Block,
    canonical,
    canonical_texts,
    read_block,
)
from synapse.profiling.population.chunks import Shape
from synapse.profiling.population.schema import Column
from synapse.profiling.population.totals import digest_sum
from synapse.profiling.population.values import Typist

_SPACES = (b" ", b"\t", b"\v", b"\f")


@dataclass
class Piece:
    """One block, typed and summed, ready to be written."""

    block: Block
    arrays: list[pa.Array]
    digest: int
    blank: list[int]
    unreadable: list[int]


def piece_of_text(
    columns: list[Column],
    typist: Typist,
    shape: Shape,
    block: bytes,
    ends: np.ndarray,
    orderly: bool,
) -> Piece:
    """A piece of a block of delimited text."""
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
    return Piece(read, arrays, digest_sum(canonical(read, names, shape)), blank, unreadable)


def piece_of_rows(columns: list[Column], typist: Typist, table: pa.Table) -> Piece:
    """A piece of rows that are text already."""
    count = table.num_rows
    arrays, blank, unreadable = _typed(table, columns, typist, True)
    block = Block(table, np.arange(1, count + 1), np.arange(count), count, count)
    return Piece(block, arrays, digest_sum(canonical_texts(table)), blank, unreadable)


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
