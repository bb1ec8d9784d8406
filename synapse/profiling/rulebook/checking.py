"""Whether a rule can be evaluated over given columns: names, senses and patterns."""

import difflib
import functools
import os
from collections.abc import Iterable, Mapping
from typing import Any

import duckdb

from synapse.profiling.rulebook.columns import Columns, FileColumn
from synapse.profiling.rulebook.errors import InvalidRule, fault
from synapse.profiling.rulebook.mentions import mentions
from synapse.profiling.rulebook.readings import full
from synapse.profiling.rulebook.rule import Rule
from synapse.profiling.rulebook.senses import NoSense, sense_of_comparison, sense_of_limits
from synapse.profiling.rulebook.shape import require_shape


def check(rule: Rule, columns: Columns | Iterable[FileColumn]) -> None:
    """Raises `InvalidRule` for a wrong shape, an unknown column, a bad pattern or no sense."""
    require_shape(rule.to_dict())
    columns = columns if isinstance(columns, Columns) else Columns(columns)
    faults = [
        fault(pointer, "unknown_column", _unknown(name, columns))
        for name, pointer in mentions(rule)
        if name not in columns
    ]
    for statement, said, at in _statements(rule):
        if said == "regex" and (problem := pattern_problem(statement["pattern"])):
            faults.append(fault(f"{at}/pattern", "bad_pattern", problem))
        elif said in ("range", "compare") and not faults:
            faults += _sense_faults(statement, said, at, columns)
    if faults:
        raise InvalidRule.of(rule.rule_id, faults)


@functools.lru_cache(maxsize=2_000)
def pattern_problem(pattern: str) -> str:
    """What the engine itself says against a pattern; empty when it takes it."""
    with _engine(os.getpid()).cursor() as connection:
        try:
            # By itself, and as it is used: an open quotation would swallow what follows it.
            for used in (pattern, full(pattern)):
                connection.execute("SELECT regexp_matches('', ?)", [used]).fetchone()
        except duckdb.Error as error:
            return f"is no regular expression: {str(error).strip()}"
    return ""


@functools.cache
def _engine(process: int) -> duckdb.DuckDBPyConnection:
    """One for each process: to open it takes thirty times as long as to ask it.

    A process that forks has threads of the engine that its child hasn't.
    """
    return duckdb.connect(config={"threads": 1})


def _statements(rule: Rule) -> list[tuple[Mapping[str, Any], str, str]]:
    """Each statement of a rule with its kind and pointer, its attribute put in."""
    if rule.kind != "if_then":
        return [({**rule.parameters, "attribute": rule.attributes[0]}, rule.kind, "/parameters")]
    return [
        each
        for word in ("if", "then")
        for each in _atoms(rule.parameters[word], f"/parameters/{word}")
    ]


def _atoms(condition: Mapping[str, Any], at: str) -> list[tuple[Mapping[str, Any], str, str]]:
    if "attribute" in condition:
        said = {"matches": "regex", "between": "range"}.get(condition["is"], condition["is"])
        return [(condition, said, at)]
    [(word, inner)] = condition.items()
    if word == "not":
        return _atoms(inner, f"{at}/not")
    return [
        each for number, part in enumerate(inner) for each in _atoms(part, f"{at}/{word}/{number}")
    ]


def _sense_faults(
    statement: Mapping[str, Any], said: str, at: str, columns: Columns
) -> list[dict[str, str]]:
    judge = sense_of_limits if said == "range" else sense_of_comparison
    try:
        judge(columns, statement["attribute"], statement)
    except NoSense as error:
        return [fault(at, "no_sense", str(error))]
    return []


def _unknown(name: str, columns: Columns) -> str:
    near = difflib.get_close_matches(name, columns.by_name, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"the file has no column {name!r}{hint}"
