"""The SQL that finds the records which break a rule, for the engine here or for another one."""

from collections.abc import Iterable

import ibis
from ibis.common.exceptions import IbisError
from ibis.expr.types import Table

from synapse.profiling.rulebook import groups
from synapse.profiling.rulebook.checking import check
from synapse.profiling.rulebook.columns import RECORD_NO, Columns, FileColumn
from synapse.profiling.rulebook.compilation import Compiler
from synapse.profiling.rulebook.errors import InvalidRule, fault
from synapse.profiling.rulebook.mentions import columns_of
from synapse.profiling.rulebook.readings import Readings
from synapse.profiling.rulebook.rule import Rule

DIALECTS = ("duckdb", "postgres", "snowflake", "bigquery", "trino", "pyspark", "databricks")


def sql(rule: Rule, columns: Iterable[FileColumn], dialect: str = "duckdb") -> str:
    """One query over a table `records` that shows the failing records of a rule."""
    known = Columns(columns)
    check(rule, known)
    if dialect not in DIALECTS:
        detail = f"SQL is written for {', '.join(DIALECTS)}, not for {dialect!r}"
        raise InvalidRule.of(rule.rule_id, [fault("", "unknown_dialect", detail)])
    try:
        return str(ibis.to_sql(failing(rule, known), dialect=dialect))
    except IbisError as error:
        detail = f"{dialect} has no words for it: {error}"
        raise InvalidRule.of(rule.rule_id, [fault("", "not_in_dialect", detail)]) from error


def failing(rule: Rule, columns: Columns) -> Table:
    """The records that break a checked rule, with the columns that it names."""
    if rule.whole_file:
        found = groups.failing(Readings(columns), rule)
    else:
        compiler = Compiler(Readings(columns))
        found = compiler.table.filter(compiler.outcome(rule).failed())
    return found.select(RECORD_NO, *columns_of(rule))
