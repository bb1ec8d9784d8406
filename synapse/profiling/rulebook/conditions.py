"""Conditions and requirements, with three truth values: a value that can't be read is neither."""

from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.operations as ops
from ibis.expr.types import BooleanValue

from synapse.profiling.rulebook.logic import Outcome
from synapse.profiling.rulebook.statements import Statements

# The word of an atom, and the word of a rule that says the same.
STATED = {
    "in": "in_set",
    "not_in": "in_set",
    "matches": "regex",
    "between": "range",
    "length": "length",
    "date_format": "date_format",
    "compare": "compare",
}


def truth(condition: Mapping[str, Any], statements: Statements) -> BooleanValue:
    """True, false or NULL (unknown), combined as SQL combines them.

    A blank value, or a code where a number or date is wanted, satisfies nothing: whatever is said
    of it is false, and the exact opposites `not_in` and `!=` are true.
    """
    if "attribute" in condition:
        return _atom(condition, statements)
    [(word, inner)] = condition.items()
    if word == "not":
        return ~truth(inner, statements)
    parts = [truth(each, statements) for each in inner]
    return ibis.and_(*parts) if word == "all" else ibis.or_(*parts)


def if_then(parameters: Mapping[str, Any], statements: Statements) -> Outcome:
    """Applies where the condition is true; an error where what it takes can't be read."""
    condition, requirement = (truth(parameters[word], statements) for word in ("if", "then"))
    return Outcome(
        holds=requirement,
        absent=~condition.fill_null(True),
        unreadable=_unknown(condition) | _unknown(requirement),
    )


def _unknown(found: BooleanValue) -> BooleanValue:
    """Whether it is NULL; asked of what is negated, as NOT x IS NULL reads NOT (x IS NULL)."""
    while isinstance(operation := found.op(), ops.Not):
        found = operation.arg.to_expr()
    return found.isnull()


def _atom(atom: Mapping[str, Any], statements: Statements) -> BooleanValue:
    name, said = atom["attribute"], atom["is"]
    if said in ("blank", "not_blank"):
        blank = statements.read.blank(name)
        return blank if said == "blank" else ~blank
    outcome = getattr(statements, STATED[said])(name, atom)
    if said == "not_in":
        return ~outcome.truth(when_absent=False)
    return outcome.truth(when_absent=said == "compare" and atom["op"] == "!=")
