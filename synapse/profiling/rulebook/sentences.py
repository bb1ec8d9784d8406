"""Rules as sentences that a tester and an owner read before they approve them."""

from collections.abc import Mapping, Sequence
from typing import Any

from synapse.profiling.rulebook.literals import decimal_of, length_of, text_of
from synapse.profiling.rulebook.operands import operand_of
from synapse.profiling.rulebook.rule import Rule

SHOWN = 8
COMPARED = {
    "<": "less than",
    "<=": "at most",
    "=": "equal to",
    "!=": "different from",
    ">=": "at least",
    ">": "greater than",
}
MONTHS = {
    "<": "before",
    "<=": "in or before",
    "=": "in",
    "!=": "not in",
    ">=": "in or after",
    ">": "after",
}


def sentence(rule: Rule) -> str:
    """What must hold, in one sentence."""
    parameters, first = rule.parameters, rule.attributes[0]
    if rule.kind == "if_then":
        condition, requirement = (told(parameters[word]) for word in ("if", "then"))
        return f"If {condition}, then {requirement}."
    if rule.kind == "unique":
        subject = _and(rule.attributes)
        what = "is unique" if len(rule.attributes) == 1 else "are unique together"
        inside = f" within {_and(parameters['within'])}" if parameters.get("within") else ""
        return f"{subject} {what}{inside}."
    if rule.kind == "constant":
        what = "has" if len(rule.attributes) == 1 else "have together"
        return f"{_and(rule.attributes)} {what} one single value in the whole file."
    if rule.kind == "sum_equals":
        return f"{_sum(parameters, first)}{_or_codes(parameters)}."
    return f"{first} {_stated(rule.kind, parameters)}{_or_codes(parameters)}."


def told(condition: Mapping[str, Any], inner: bool = False) -> str:
    """A condition in words; parts of another one stand in brackets where they could be misread."""
    if "attribute" in condition:
        return f"{condition['attribute']} {_stated(condition['is'], condition)}"
    [(word, parts)] = condition.items()
    if word == "not":
        return f"it is not so that {told(parts, inner=True)}"
    joined = (" and " if word == "all" else " or ").join(told(part, inner=True) for part in parts)
    return f"({joined})" if inner and len(parts) > 1 else joined


def _stated(kind: str, said: Mapping[str, Any]) -> str:
    if kind in ("blank", "not_blank"):
        return "is blank" if kind == "blank" else "is not blank"
    if kind in ("in_set", "in", "not_in"):
        return f"is {'not ' if kind == 'not_in' else ''}{_one_of(said['values'])}"
    if kind in ("regex", "matches"):
        return f"matches the pattern {said['pattern']}"
    if kind in ("range", "between"):
        return _limits(said)
    if kind == "length":
        return _length(said)
    if kind == "date_format":
        end = ", the last day of a month" if said.get("end_of_month") else ""
        return f"is a real date written {said['format']}{end}"
    return _comparison(said)


def _limits(said: Mapping[str, Any]) -> str:
    low, high = (
        _operand(said[word]) if said.get(word) is not None else None for word in ("min", "max")
    )
    if low is None:
        return f"is at most {high}"
    return f"is at least {low}" if high is None else f"is between {low} and {high}"


def _length(said: Mapping[str, Any]) -> str:
    low, high = (length_of(said.get(word)) for word in ("min", "max"))
    if low == high:
        return f"has exactly {_characters(low)}"
    if low is None:
        return f"has at most {_characters(high)}"
    if high is None:
        return f"has at least {_characters(low)}"
    return f"has {low} to {_characters(high)}"


def _characters(count: int) -> str:
    return f"{count:,} character{'' if count == 1 else 's'}"


def _comparison(said: Mapping[str, Any]) -> str:
    other, offset = _operand(said["right"]), decimal_of(said.get("offset") or 0)
    if said.get("unit") == "month":
        if not offset:
            return f"is {MONTHS[said['op']]} the month of {other}"
        side = "after" if offset > 0 else "before"
        count = f"{abs(int(offset))} month{'' if abs(offset) == 1 else 's'}"
        return f"is {MONTHS[said['op']]} the month {count} {side} that of {other}"
    if said.get("factor") is not None:
        other = f"{text_of(said['factor'])} times {other}"
    if offset:
        other += f" {'plus' if offset > 0 else 'minus'} {text_of(abs(offset))}"
    return f"is {COMPARED[said['op']]} {other}"


def _sum(parameters: Mapping[str, Any], total: str) -> str:
    tolerance = decimal_of(parameters.get("tolerance") or 0)
    near = f" within {text_of(tolerance)}" if tolerance else ""
    blanks = " (blanks as zero)" if parameters.get("blank_as_zero") else ""
    parts = parameters["parts"]
    subject = "The sum of " + _and(parts) if len(parts) > 1 else parts[0]
    return f"{subject}{blanks} equals {total}{near}"


def _operand(spec: Any) -> str:
    operand = operand_of(spec)
    if operand.literal is not None:
        is_bare = not isinstance(spec, dict) or decimal_of(operand.literal) is not None
        return operand.literal if is_bare else f'"{operand.literal}"'
    return f"the sum of {_and(operand.columns)}" if operand.is_sum else operand.columns[0]


def _or_codes(parameters: Mapping[str, Any]) -> str:
    codes = parameters.get("codes")
    return f", or is {_one_of(codes)}" if codes else ""


def _one_of(values: Sequence[Any]) -> str:
    texts = [text_of(value) for value in values]
    if len(texts) == 1:
        return texts[0]
    if len(texts) > SHOWN + 1:
        return f"one of {', '.join(texts[:SHOWN])} and {len(texts) - SHOWN:,} more"
    return f"one of {', '.join(texts)}"


def _and(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"
