"""Conditions in other people's words as conditions of ours."""

from collections.abc import Callable, Mapping
from typing import Any

from synapse.profiling.rulebook.condition_shape import ATOMS
from synapse.profiling.rulefiles.dialect import (
    date_words,
    folded,
    in_our_words,
    is_column_word,
    operator_of,
)
from synapse.profiling.rulefiles.expressions import NotAnExpression, parse_condition

Condition = dict[str, Any]
Resolve = Callable[[str], str]
JOINED = {"all": "all", "and": "all", "any": "any", "or": "any"}
OPERATOR = ("operator", "op", "is", "comparison", "type", "kind", "check", "test", "comparator")
VALUE = ("value", "values", "right", "to", "with", "set", "list", "pattern", "regex", "expected")
SAID = {
    "blank": "blank|null|is null|empty|is empty|missing|is blank|isnull|absent|not populated",
    "not_blank": "not blank|not null|is not null|notnull|not empty|populated|present|exists|"
    "required|mandatory|filled|not missing|is not blank|is present|is populated|provided",
    "in": "in|one of|in set|in list|is in|any of|is one of",
    "not_in": "not in|not one of|nin|none of|not in set|not in list|is not in",
    "matches": "matches|match|regex|pattern|regexp|like",
    "between": "between|range|in range",
}
_SAID = {folded(word): said for said, words in SAID.items() for word in words.split("|")}
# What a rule of one kind says of its column, as part of a condition.
STATEMENTS = {
    "not_blank": "not_blank",
    "in_set": "in",
    "regex": "matches",
    "range": "between",
    "length": "length",
    "date_format": "date_format",
    "compare": "compare",
}


class NotACondition(ValueError):
    """The text or object tells no condition."""


def condition_of(told: Any, resolve: Resolve) -> Condition:
    """Ours, an object of field, operator and value, columns with their values, or an expression."""
    if isinstance(told, list | tuple) and told:
        parts = [condition_of(each, resolve) for each in told]
        return parts[0] if len(parts) == 1 else {"all": parts}
    if isinstance(told, str) and told.strip():
        return _of_text(told.strip(), resolve)
    if not isinstance(told, Mapping) or not told:
        raise NotACondition("a condition is an object or an expression")
    if len(told) == 1:
        [(word, inner)] = told.items()
        if joined := JOINED.get(folded(word)):
            if not isinstance(inner, list | tuple) or not inner:
                raise NotACondition(f"“{word}” needs a list")
            return {joined: [condition_of(each, resolve) for each in inner]}
        if folded(word) == "not":
            return {"not": condition_of(inner, resolve)}
    named = [word for word in told if is_column_word(word)]
    if not named:
        parts = [_of_column(resolve(word), inner) for word, inner in told.items()]
        return parts[0] if len(parts) == 1 else {"all": parts}
    name = told[named[0]]
    if not isinstance(name, str):
        raise NotACondition("it names no column")
    return _atom(resolve(name), {word: each for word, each in told.items() if word != named[0]})


def statement_of(kind: str, attribute: str, parameters: Mapping[str, Any]) -> Condition | None:
    """What a rule of one column says, as a condition; None for rules over the whole file."""
    said = STATEMENTS.get(kind)
    if said is None:
        return None
    allowed = ATOMS[said][0]
    if not {*parameters} <= {*allowed}:
        return None
    return {"attribute": attribute, "is": said, **parameters}


def _of_text(text: str, resolve: Resolve) -> Condition:
    try:
        return parse_condition(text, resolve)
    except NotAnExpression as error:
        raise NotACondition(f"“{text[:60]}” can't be read: {error}") from error


def _of_column(name: str, inner: Any) -> Condition:
    if isinstance(inner, Mapping):
        return _atom(name, dict(inner))
    if inner is None:
        return {"attribute": name, "is": "blank"}
    if isinstance(inner, str) and (said := _SAID.get(folded(inner))) in ("blank", "not_blank"):
        return {"attribute": name, "is": said}
    return {"attribute": name, "is": "in", "values": _values(inner)}


def _atom(name: str, told: dict[str, Any]) -> Condition:
    """A statement about one column."""
    if told.get("is") in ATOMS:
        return {"attribute": name, **told}
    operator = next((told.pop(word) for word in (*told,) if folded(word) in OPERATOR), None)
    if operator is None and len(told) == 1:
        # `{"field": X, "equals": "1"}`, `{"field": X, "not_blank": true}`
        [(operator, value)] = told.items()
        told = {"value": value}
    if operator is None and {folded(word) for word in told} <= {*VALUE}:
        operator = "in"
    said = _SAID.get(folded(str(operator)))
    if said is None and (sign := operator_of(operator)):
        right = _one(told, "right", name)
        return {"attribute": name, "is": "compare", "op": sign, "right": _operand(right)}
    if said in ("blank", "not_blank"):
        wanted = told.get("value", True)
        return {"attribute": name, "is": said if wanted not in (False, "false", "no") else
                {"blank": "not_blank", "not_blank": "blank"}[said]}  # fmt: skip
    if said in ("in", "not_in"):
        return {"attribute": name, "is": said, "values": _values(_one(told, "values", name))}
    if said == "matches":
        return {"attribute": name, "is": said, "pattern": str(_one(told, "pattern", name))}
    if said == "between" or operator is None:
        limits = in_our_words("range", told)
        if limits and {*limits} <= {"min", "max"}:
            return {"attribute": name, "is": "between", **limits}
    raise NotACondition(f"what it says of “{name}” can't be read")


def _one(told: Mapping[str, Any], word: str, name: str) -> Any:
    found = [each for key, each in told.items() if folded(key) in VALUE or key == word]
    if len(found) != 1:
        raise NotACondition(f"a value for “{name}” is missing")
    return found[0]


def _values(told: Any) -> list[str]:
    values = told if isinstance(told, list | tuple) else [told]
    return [("true" if each else "false") if isinstance(each, bool) else str(each)
            for each in values]  # fmt: skip


def _operand(value: Any) -> Any:
    return value if isinstance(value, Mapping) else {"value": _values(value)[0]}


def dates(parameters: dict[str, Any]) -> dict[str, Any]:
    """The same with its date format in our letters."""
    if isinstance(parameters.get("format"), str):
        return parameters | {"format": date_words(parameters["format"])}
    return parameters
