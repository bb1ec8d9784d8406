"""Evaluates the rules that look at all records of a file at once."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import ibis
from ibis.expr.types import StringValue, Table

from synapse.profiling.rulebook.checking import check
from synapse.profiling.rulebook.columns import RECORD_NO, Columns, FileColumn
from synapse.profiling.rulebook.counts import RuleCount
from synapse.profiling.rulebook.engine import connect, rendered, show_records
from synapse.profiling.rulebook.errors import InvalidRule
from synapse.profiling.rulebook.failures import JOIN, FailureWriter
from synapse.profiling.rulebook.groups import failing, present
from synapse.profiling.rulebook.mentions import columns_of
from synapse.profiling.rulebook.readings import Readings
from synapse.profiling.rulebook.rule import Rule


def evaluate_whole(
    parts: Sequence[Path],
    columns: Sequence[FileColumn],
    rules: Sequence[Rule],
    key_columns: Sequence[str],
    failures_out: Path,
) -> list[RuleCount]:
    """Counts of each whole-file rule over all parts, and the file of their failures.

    `unique` fails every record of a group that is not alone; `constant` fails every record that
    has another value than the most frequent one (of equally frequent ones, the least text).
    """
    rules = [rule for rule in rules if rule.whole_file]
    known = Columns(columns)
    counts, broken = [], []
    with connect() as connection:
        show_records(connection, parts)
        records = _number(connection, known.table().count())
        for place, rule in enumerate(rules):
            try:
                check(rule, known)
                count, failures = _evaluate(connection, known, rule, records)
            except InvalidRule as error:
                count, failures = RuleCount.broken(rule.rule_id, records, error.message), None
            counts.append(count)
            if count.failed:
                broken.append(_told(failures, rule, place, key_columns, known))
        with FailureWriter(connection, known, key_columns, failures_out) as writer:
            writer.copy(broken)
    return counts


def _evaluate(
    connection: duckdb.DuckDBPyConnection, columns: Columns, rule: Rule, records: int
) -> tuple[RuleCount, Table]:
    read = Readings(columns)
    failures = failing(read, rule)
    checked = _number(connection, present(read, rule).count())
    failed = _number(connection, failures.count()) if checked else 0
    return RuleCount(rule.rule_id, checked, failed, records - checked, 0), failures


def _told(
    failures: Table, rule: Rule, place: int, key_columns: Sequence[str], columns: Columns
) -> Table:
    named = columns_of(rule)
    keys = [name for name in key_columns if name in columns]
    return failures.select(
        failures[RECORD_NO],
        key=_joined(failures, keys) if keys else failures[RECORD_NO].cast("string"),
        rule_id=ibis.literal(rule.rule_id),
        attribute=ibis.literal(JOIN.join(named)),
        value=_joined(failures, named),
        place=ibis.literal(place, type="int32"),
    )


def _joined(table: Table, names: Sequence[str]) -> StringValue:
    return ibis.literal(JOIN).join([table[name].fill_null("") for name in names])


def _number(connection: duckdb.DuckDBPyConnection, expression: ibis.Expr) -> int:
    return connection.sql(rendered(expression)).fetchall()[0][0]
