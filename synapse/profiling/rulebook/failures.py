"""The file of failures: one row for each record and rule that it breaks."""

import contextlib
from collections.abc import Sequence
from pathlib import Path

import duckdb
import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from synapse.profiling.rulebook.columns import RECORD_NO, Columns
from synapse.profiling.rulebook.engine import rendered
from synapse.profiling.rulebook.mentions import columns_of
from synapse.profiling.rulebook.rule import Rule

SCHEMA = pa.schema(
    [
        pa.field(RECORD_NO, pa.int64()),
        pa.field("key", pa.string()),
        pa.field("rule_id", pa.string()),
        pa.field("attribute", pa.string()),
        pa.field("value", pa.string()),
    ]
)
# Rows made at once, whatever the share of failing records: memory stays flat.
AT_ONCE = 200_000
JOIN = "|"


class FailureWriter(contextlib.AbstractContextManager):
    """Writes failures in the order of record number and rule; looks up failing records only."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        columns: Columns,
        key_columns: Sequence[str],
        out: Path,
    ) -> None:
        self.connection, self.columns = connection, columns
        self.key_columns = [name for name in key_columns if name in columns]
        self.writer = pq.ParquetWriter(out, SCHEMA, compression="zstd")

    def __exit__(self, *error) -> None:
        self.writer.close()

    def write(
        self, numbers: pa.ChunkedArray, found: Sequence[tuple[Rule, pa.ChunkedArray]]
    ) -> None:
        """`found` has, by rule and in their order, whether each record of `numbers` fails."""
        if not found:
            return
        fails = [np.asarray(flags.combine_chunks()) for _, flags in found]
        failing = np.flatnonzero(np.logical_or.reduce(fails))
        numbers = np.asarray(numbers.combine_chunks())
        failing = failing[np.argsort(numbers[failing], kind="stable")]
        rules = [rule for rule, _ in found]
        step = max(1, AT_ONCE // len(rules))
        for start in range(0, len(failing), step):
            some = failing[start : start + step]
            rows = self._rows(numbers[some], rules)
            self.writer.write_table(_table(rows, self.key_columns, rules, fails, some))

    def copy(self, failing: Sequence[ibis.Table]) -> None:
        """Failures that are queries themselves, each with the `place` of its rule."""
        if failing:
            told = ibis.union(*failing) if len(failing) > 1 else failing[0]
            ordered = told.order_by([RECORD_NO, "place"]).drop("place")
            with contextlib.closing(
                self.connection.sql(rendered(ordered)).to_arrow_reader(AT_ONCE)
            ) as batches:
                for batch in batches:
                    self.writer.write_batch(batch.cast(SCHEMA))

    def _rows(self, numbers: np.ndarray, rules: Sequence[Rule]) -> pa.Table:
        """The texts that the failing rules and the key take, of some records, in their order."""
        names = dict.fromkeys(
            [*self.key_columns, *(name for rule in rules for name in columns_of(rule))]
        )
        self.connection.register("wanted", pa.table({RECORD_NO: numbers}))
        table = self.columns.table()
        wanted = ibis.table({RECORD_NO: "int64"}, name="wanted")
        rows = table.select(RECORD_NO, *names).semi_join(wanted, RECORD_NO).order_by(RECORD_NO)
        return self.connection.sql(rendered(rows)).to_arrow_table()


def _table(
    rows: pa.Table,
    key_columns: Sequence[str],
    rules: Sequence[Rule],
    fails: Sequence[np.ndarray],
    some: np.ndarray,
) -> pa.Table:
    keys = joined(rows, key_columns) if key_columns else rows[RECORD_NO].cast(pa.string())
    pieces, records, places = [], [], []
    for place, (rule, flags) in enumerate(zip(rules, fails, strict=True)):
        at = np.flatnonzero(flags[some])
        if len(at):
            named = columns_of(rule)
            values = joined(rows.select(list(named)).take(at), named)
            said = [pa.scalar(rule.rule_id), pa.scalar(JOIN.join(named))]
            pieces.append(
                [
                    rows[RECORD_NO].take(at),
                    keys.take(at),
                    *(pa.repeat(s, len(at)) for s in said),
                    values,
                ]
            )
            records.append(at)
            places.append(np.full(len(at), place))
    columns = [_chained([piece[number] for piece in pieces]) for number in range(len(SCHEMA))]
    table = pa.Table.from_arrays(columns, schema=SCHEMA)
    return table.take(np.lexsort((np.concatenate(places), np.concatenate(records))))


def joined(rows: pa.Table, names: Sequence[str]) -> pa.ChunkedArray:
    """The texts of some columns as one, blanks as empty texts."""
    texts = [pc.fill_null(rows[name].cast(pa.string()), "") for name in names]
    return texts[0] if len(texts) == 1 else pc.binary_join_element_wise(*texts, JOIN)


def _chained(arrays: Sequence[pa.Array | pa.ChunkedArray]) -> pa.ChunkedArray:
    chunks = [
        chunk
        for array in arrays
        for chunk in (array.chunks if isinstance(array, pa.ChunkedArray) else [array])
    ]
    return pa.chunked_array(chunks)
