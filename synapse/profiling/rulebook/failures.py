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
    """Writes failures in the order of the records and, of each, of the rules."""

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

    def write(self, part: Path, found: Sequence[tuple[Rule, pa.ChunkedArray]]) -> None:
        """`found` has, by rule and in their order, whether each record of the part fails."""
        if not found:
            return
        fails = [np.asarray(flags.combine_chunks()) for _, flags in found]
        share = max(1, sum(int(flags.sum()) for flags in fails) / len(fails[0]))
        step, start = max(1, int(AT_ONCE / share)), 0
        rules = [rule for rule, _ in found]
        named = [name for rule in rules for name in columns_of(rule)]
        names = [*dict.fromkeys([RECORD_NO, *self.key_columns, *named])]
        with pq.ParquetFile(part) as file:
            for batch in file.iter_batches(batch_size=step, columns=names):
                rows = pa.Table.from_batches([batch]).select(names)
                some = [flags[start : start + len(batch)] for flags in fails]
                start += len(batch)
                if any(flags.any() for flags in some):
                    self.writer.write_table(_table(rows, self.key_columns, rules, some))

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


def _table(
    rows: pa.Table,
    key_columns: Sequence[str],
    rules: Sequence[Rule],
    fails: Sequence[np.ndarray],
) -> pa.Table:
    keys = joined(rows, key_columns) if key_columns else rows[RECORD_NO].cast(pa.string())
    at = [np.flatnonzero(flags) for flags in fails]
    records = np.concatenate(at)
    places = np.repeat(np.arange(len(rules)), [len(each) for each in at])
    named = [columns_of(rule) for rule in rules]
    values = [
        chunk
        for names, each in zip(named, at, strict=True)
        if len(each)
        for chunk in joined(rows.select(list(names)).take(each), names).chunks
    ]
    in_order = np.lexsort((places, records))
    records, places = records[in_order], places[in_order]
    columns = [
        rows[RECORD_NO].take(records),
        keys.take(records),
        pa.array([rule.rule_id for rule in rules], pa.string()).take(pa.array(places)),
        pa.array([JOIN.join(names) for names in named], pa.string()).take(pa.array(places)),
        pa.chunked_array(values).combine_chunks().take(pa.array(in_order)),
    ]
    return pa.Table.from_arrays(columns, schema=SCHEMA)


def joined(rows: pa.Table, names: Sequence[str]) -> pa.ChunkedArray:
    """The texts of some columns as one, blanks as empty texts."""
    texts = [pc.fill_null(rows[name].cast(pa.string()), "") for name in names]
    return texts[0] if len(texts) == 1 else pc.binary_join_element_wise(*texts, JOIN)
