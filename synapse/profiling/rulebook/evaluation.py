"""Evaluates all rules of single records over one part in one scan."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from synapse.profiling.rulebook.columns import Columns, FileColumn
from synapse.profiling.rulebook.counts import RuleCount
from synapse.profiling.rulebook.engine import connect, show_records
from synapse.profiling.rulebook.failures import FailureWriter
from synapse.profiling.rulebook.plans import Plan, cached_plan, plan
from synapse.profiling.rulebook.rule import Rule

# What a rule or a value does to the engine; memory and disk are no fault of theirs.
BREAKS = (duckdb.DataError, duckdb.ProgrammingError)


def evaluate_part(
    part: Path,
    columns: Sequence[FileColumn],
    rules: Sequence[Rule],
    key_columns: Sequence[str],
    failures_out: Path,
) -> list[RuleCount]:
    """Counts of each rule over one part, in the order of the rules, and the file of its failures.

    Rules over the whole file are left out: `evaluate_whole` has them. The file is written even
    when nothing fails, its rows in the order of record number and rule.
    """
    rules = [rule for rule in rules if not rule.whole_file]
    columns = tuple(columns)
    with connect() as connection:
        show_records(connection, [part])
        counts: dict[str, RuleCount] = {}
        found: list[tuple[Rule, pa.ChunkedArray]] = []
        _evaluate(connection, columns, cached_plan(columns, rules), counts, found)
        order = {rule.rule_id: place for place, rule in enumerate(rules)}
        found.sort(key=lambda each: order[each[0].rule_id])
        with FailureWriter(connection, Columns(columns), key_columns, failures_out) as writer:
            writer.write(part, found)
    return [counts[rule.rule_id] for rule in rules]


def _evaluate(
    connection: duckdb.DuckDBPyConnection,
    columns: Sequence[FileColumn],
    made: Plan,
    counts: dict[str, RuleCount],
    found: list[tuple[Rule, pa.ChunkedArray]],
) -> None:
    """Runs one plan, and fills `counts` and, with the rules that have failures, `found`.

    When the engine breaks on a number too large for it, the plan is run carefully; a rule that
    breaks the engine even then is found by halves.
    """
    try:
        told = connection.sql(made.sql).to_arrow_table()
    except BREAKS as error:
        for careful in _after(error, columns, made):
            _evaluate(connection, columns, careful, counts, found)
        return
    records = told.num_rows
    for rule in made.rules:
        if message := made.broken.get(rule.rule_id):
            counts[rule.rule_id] = RuleCount.broken(rule.rule_id, records, message)
            continue
        absent, errors = (_true(told, names[rule.rule_id]) for names in (made.absent, made.errors))
        failures = told[made.failed[rule.rule_id]]
        failed = _true(told, made.failed[rule.rule_id])
        counts[rule.rule_id] = RuleCount(
            rule.rule_id, records - absent - errors, failed, absent, errors
        )
        if failed:
            found.append((rule, failures))


def _after(error: duckdb.Error, columns: Sequence[FileColumn], made: Plan) -> list[Plan]:
    """What to run instead of a plan that broke the engine."""
    if not made.careful:
        return [cached_plan(columns, made.rules, careful=True)]
    known = Columns(columns)
    runnable = [rule for rule in made.rules if rule.rule_id not in made.broken]
    if not runnable:
        raise error
    if len(runnable) == 1:
        reason = f"can't be evaluated: {str(error).strip().splitlines()[0]}"
        broken = {**made.broken, runnable[0].rule_id: reason}
        return [replace(plan(known, [], careful=True), rules=made.rules, broken=broken)]
    middle = len(runnable) // 2
    broken = [rule for rule in made.rules if rule.rule_id in made.broken]
    halves = (runnable[:middle] + broken, runnable[middle:])
    return [plan(known, half, careful=True) for half in halves]


def _true(told: pa.Table, name: str | None) -> int:
    return (pc.sum(told[name]).as_py() or 0) if name else 0
