"""The SQL that finds the records which break a rule, for the engine here or for another one."""

import re
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
# Those that write a text as it is, so that a tab in it is neither seen nor sure to be copied; the
# others escape it themselves.
ESCAPED = {
    "duckdb": ("E", r"\x{:02x}"),
    "postgres": ("E", r"\x{:02x}"),
    "trino": ("U&", r"\{:04x}"),
}
SHORT = {"\t": r"\t", "\n": r"\n", "\r": r"\r", "\f": r"\f"}
QUOTED = re.compile(r""" "(?:[^"]|"")*" | '(?:[^']|'')*' """, re.X)
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def sql(rule: Rule, columns: Iterable[FileColumn], dialect: str = "duckdb") -> str:
    """One query over a table `records` that shows the failing records of a rule."""
    known = Columns(columns)
    check(rule, known)
    if dialect not in DIALECTS:
        detail = f"SQL is written for {', '.join(DIALECTS)}, not for {dialect!r}"
        raise InvalidRule.of(rule.rule_id, [fault("", "unknown_dialect", detail)])
    try:
        return _readable(str(ibis.to_sql(failing(rule, known), dialect=dialect)), dialect)
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


def _readable(written: str, dialect: str) -> str:
    """The same statement with each control character in a text as an escape that can be seen."""
    if dialect not in ESCAPED:
        return written
    mark, code = ESCAPED[dialect]
    short = SHORT if mark == "E" else {}

    def escaped(quoted: re.Match) -> str:
        text = quoted.group()
        if text.startswith('"') or not CONTROL.search(text):
            return text
        doubled = text.replace("\\", "\\\\")
        return mark + CONTROL.sub(
            lambda found: short.get(found.group()) or code.format(ord(found.group())), doubled
        )

    return QUOTED.sub(escaped, written)
