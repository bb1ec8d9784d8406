"""All record rules of a rule set as one query, compiled once and run over part after part."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from ibis.expr.types import BooleanValue

from synapse.profiling.rulebook.checking import check
from synapse.profiling.rulebook.columns import RECORD_NO, Columns, FileColumn
from synapse.profiling.rulebook.compilation import Compiler
from synapse.profiling.rulebook.errors import InvalidRule
from synapse.profiling.rulebook.prepared import PreparedReadings
from synapse.profiling.rulebook.rule import Rule, canonical_json

KEPT = 8


@dataclass
class Plan:
    """One query with a column for each distinct thing to be told of a record.

    `failed`, `absent` and `errors` name its column for a rule, or None where it never happens.
    """

    rules: tuple[Rule, ...]
    careful: bool
    sql: str = ""
    failed: dict[str, str] = field(default_factory=dict)
    absent: dict[str, str | None] = field(default_factory=dict)
    errors: dict[str, str | None] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)


def plan(columns: Columns, rules: Sequence[Rule], *, careful: bool = False) -> Plan:
    """Compiles each rule that can be; the others are told as broken."""
    read = PreparedReadings(columns, careful=careful)
    made, compiler, told = Plan(tuple(rules), careful), Compiler(read), {}
    for rule in rules:
        try:
            check(rule, columns)
        except InvalidRule as error:
            made.broken[rule.rule_id] = error.message
            continue
        outcome = compiler.outcome(rule)
        made.failed[rule.rule_id] = _name(told, outcome.failed())
        made.absent[rule.rule_id] = _name(told, outcome.absent)
        made.errors[rule.rule_id] = _name(told, outcome.error())
    shown = [compiler.table[RECORD_NO], *(each.name(name) for each, name in told.values())]
    made.sql = read.sql(compiler.table.select(shown))
    return made


def cached_plan(
    columns: Sequence[FileColumn], rules: Sequence[Rule], *, careful: bool = False
) -> Plan:
    """The plan, kept for the next part of the same file and rules."""
    key = canonical_json(
        [
            [[c.name, c.data_type, c.number, c.date, *getattr(c, "codes", ())] for c in columns],
            [rule.canonical() for rule in rules],
            careful,
        ]
    )
    with _lock:
        found = _plans.get(key)
        if found is None:
            found = _plans[key] = plan(Columns(columns), rules, careful=careful)
            while len(_plans) > KEPT:
                _plans.popitem(last=False)
        _plans.move_to_end(key)
        return found


_plans: OrderedDict[str, Plan] = OrderedDict()
_lock = threading.Lock()


def _name(told: dict, expression: BooleanValue | None) -> str | None:
    """The name of an expression; rules that ask the same of a record share one."""
    if expression is None:
        return None
    key = expression.op()
    if key not in told:
        told[key] = (expression, f"told_{len(told)}")
    return told[key][1]
