"""Whether a relation is about numbers, dates or texts, judged by its columns and values."""

from collections.abc import Mapping
from typing import Any

from synapse.profiling.rulebook.columns import Columns
from synapse.profiling.rulebook.literals import date_of, decimal_of, moved
from synapse.profiling.rulebook.operands import operand_of


class NoSense(ValueError):
    """Values that can't be set against each other."""


def sense_of_limits(columns: Columns, name: str, parameters: Mapping[str, Any]) -> str:
    """Limits order their value, so they are about numbers or dates."""
    operands = [operand_of(parameters[word]) for word in ("min", "max") if _given(parameters, word)]
    names = [name, *(column for operand in operands for column in operand.columns)]
    literals = [operand.literal for operand in operands if operand.literal is not None]
    return _ordered(columns, names, literals)


def sense_of_comparison(columns: Columns, name: str, parameters: Mapping[str, Any]) -> str:
    right = operand_of(parameters["right"])
    names, literals = [name, *right.columns], [right.literal] if right.literal is not None else []
    factor, offset = _given(parameters, "factor"), _given(parameters, "offset")
    if parameters.get("unit") == "month":
        if right.is_sum:
            raise NoSense("a sum is a number, and no month can be told of it")
        sense = "date"
    elif right.is_sum or factor:
        sense = "number"
    elif parameters["op"] in ("=", "!=") and not offset and _textual(columns, names, literals):
        return "text"
    else:
        sense = _ordered(columns, names, literals)
    _require(sense, literals)
    if sense == "number" and literals and moved(literals[0], parameters) is None:
        raise NoSense("the number that it is compared with has too many digits")
    return _whole(sense, parameters)


def _ordered(columns: Columns, names: list[str], literals: list[str]) -> str:
    kinds = {columns.kind(name) for name in names}
    if "date" in kinds:
        sense = "date"
    elif "number" in kinds or all(decimal_of(text) is not None for text in literals):
        sense = "number"
    else:
        sense = "date"
    _require(sense, literals)
    return sense


def _textual(columns: Columns, names: list[str], literals: list[str]) -> bool:
    """Equality is about texts unless the plan types a column and the value reads as that type."""
    kinds = {columns.kind(name) for name in names}
    if "date" in kinds:
        return not all(date_of(text) for text in literals)
    if "number" in kinds:
        return not all(decimal_of(text) is not None for text in literals)
    return True


def _require(sense: str, literals: list[str]) -> None:
    read = date_of if sense == "date" else decimal_of
    for text in literals:
        if read(text) is None:
            what = "a date YYYYMMDD" if sense == "date" else "a number"
            raise NoSense(f"{text!r} is not {what}, and a text has no order")


def _whole(sense: str, parameters: Mapping[str, Any]) -> str:
    offset = decimal_of(parameters.get("offset") or 0)
    if sense == "date" and (offset != int(offset) or abs(offset) > 1_000_000):
        raise NoSense("a date moves by whole days or months: offset must be a whole number")
    return sense


def _given(parameters: Mapping[str, Any], word: str) -> bool:
    return parameters.get(word) is not None
