"""Parquet files: what they hold, and their rows as text."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from synapse.profiling.columns import unique_names
from synapse.profiling.population.errors import (
    DamagedPopulation,
    NestedColumn,
    NoRecords,
    TooManyColumns,
)
from synapse.profiling.population.schema import MAX_COLUMNS, PARQUET, Reading

BATCH = 20_000


def opened(path: Path, file: str) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path, memory_map=False, pre_buffer=False)
    except (pa.ArrowException, OSError, ValueError) as fault:
        raise _damaged(file, fault) from None


def _damaged(file: str, fault: Exception) -> DamagedPopulation:
    return DamagedPopulation(file=file, kind="Parquet", found=str(fault).split("\n")[0][:200])


def detect(path: Path, file: str, shown: int) -> Reading:
    source = opened(path, file)
    schema, count = source.schema_arrow, source.metadata.num_rows
    if len(schema) > MAX_COLUMNS:
        raise TooManyColumns(file=file, found=len(schema), limit=f"{MAX_COLUMNS:,}")
    for field in schema:
        _refuse_nested(field, file)
    if not count or not len(schema):
        raise NoRecords(file=file, found=f"{len(schema)} columns")
    sample = next(text_batches(path, file, 0, min(count, shown)))
    return Reading(
        kind=PARQUET,
        header=True,
        quote="",
        fields=len(schema),
        names=tuple(unique_names(schema.names)),
        sample=tuple(
            tuple("" if value is None else value[:200] for value in row.values())
            for row in sample.rename_columns([str(n) for n in range(len(schema))]).to_pylist()
        ),
        records=count,
    )


def _refuse_nested(field: pa.Field, file: str) -> None:
    if pa.types.is_nested(field.type):
        raise NestedColumn(file=file, column=field.name, found="nested values")


def text_batches(path: Path, file: str, first: int, count: int) -> Iterator[pa.Table]:
    """Rows `first` to `first + count` as tables of text, a few thousand at a time."""
    source = opened(path, file)
    groups, at, skip = [], 0, 0
    for number in range(source.metadata.num_row_groups):
        size = source.metadata.row_group(number).num_rows
        if at + size > first and at < first + count:
            if not groups:
                skip = first - at
            groups.append(number)
        at += size
    try:
        for batch in source.iter_batches(batch_size=BATCH, row_groups=groups, use_threads=False):
            if skip >= batch.num_rows:
                skip -= batch.num_rows
                continue
            batch = batch.slice(skip, count)
            skip, count = 0, count - batch.num_rows
            yield pa.table(
                [_as_text(column, field, file)
                 for column, field in zip(batch.columns, batch.schema, strict=True)],
                names=[str(place) for place in range(batch.num_columns)],
            )  # fmt: skip
            if count <= 0:
                return
    except (pa.ArrowException, OSError) as fault:
        raise _damaged(file, fault) from None


def _as_text(column: pa.Array, field: pa.Field, file: str) -> pa.Array:
    """Values as a person writes them: whole floats without ".0", midnights as days,
    times without parts of a second that are zero.
    """
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = column.type
    try:
        text = column.cast(pa.string())
        if pa.types.is_floating(kind):
            whole = column.cast(pa.float64())
            plain = pc.and_(pc.equal(pc.floor(whole), whole), pc.less(pc.abs(whole), 1e15))
            plain = pc.fill_null(plain, False)
            integers = pc.if_else(plain, whole, 0.0).cast(pa.int64()).cast(pa.string())
            text = pc.if_else(plain, integers, text)
        elif pa.types.is_timestamp(kind):
            midnight = pc.equal(pc.floor_temporal(column, unit="day"), column)
            days = column.cast(pa.date32(), safe=False).cast(pa.string())
            plain = pc.replace_substring_regex(text, r"\.0+(Z?)$", r"\1")
            text = pc.if_else(pc.fill_null(midnight, False), days, plain)
    except (pa.ArrowException, UnicodeDecodeError):
        raise NestedColumn(file=file, column=field.name, found=f"values of type {kind}") from None
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
