"""What each parameter of a rule must be, with a pointer to each fault."""

from collections.abc import Callable, Iterator
from typing import Any

from synapse.profiling.rulebook.dates import format_problem
from synapse.profiling.rulebook.errors import fault
from synapse.profiling.rulebook.literals import decimal_of, is_number, text_of
from synapse.profiling.rulebook.operands import is_names, operand_of
from synapse.profiling.rulebook.vocabulary import OPERATORS

Faults = Iterator[dict[str, str]]
MOST_VALUES = 20_000
LONGEST_PATTERN = 2_000
LONGEST_TEXT = 100_000
COMPARISON = ("op", "right", "factor", "offset", "unit")


def unknown(data: dict[str, Any], allowed: tuple[str, ...], at: str) -> Faults:
    for word in data:
        if word not in allowed:
            known = ", ".join(allowed) or "none"
            yield fault(f"{at}/{word}", "unknown_parameter", f"unknown; known are: {known}")


def nothing(data: dict[str, Any], at: str) -> Faults:
    yield from ()


def value_list(data: dict[str, Any], at: str, word: str = "values") -> Faults:
    values = data.get(word)
    if not isinstance(values, list | tuple) or not values:
        yield fault(f"{at}/{word}", "no_values", "is a list of at least one text or number")
    elif len(values) > MOST_VALUES:
        yield fault(f"{at}/{word}", "too_many_values", f"has more than {MOST_VALUES:,} values")
    else:
        for number, value in enumerate(values):
            if not text_of(value):
                yield fault(f"{at}/{word}/{number}", "not_a_value", "is a text or a number")


def codes(data: dict[str, Any], at: str) -> Faults:
    if "codes" in data and data["codes"] != []:
        yield from value_list(data, at, "codes")


def pattern(data: dict[str, Any], at: str) -> Faults:
    text = data.get("pattern")
    if not isinstance(text, str) or not text or len(text) > LONGEST_PATTERN:
        detail = f"is a regular expression of 1 to {LONGEST_PATTERN:,} characters"
        yield fault(f"{at}/pattern", "not_a_pattern", detail)
    yield from codes(data, at)


def limits(data: dict[str, Any], at: str) -> Faults:
    given = [word for word in ("min", "max") if data.get(word) is not None]
    if not given:
        yield fault(at, "no_limit", "give min, max or both")
    for word in given:
        operand = operand_of(data[word])
        if operand is None or operand.is_sum:
            detail = "is a number, a date YYYYMMDD or a column"
            yield fault(f"{at}/{word}", "not_a_limit", detail)
    yield from _order(data, given, at, decimal_of)
    yield from codes(data, at)


def lengths(data: dict[str, Any], at: str) -> Faults:
    given = [word for word in ("min", "max") if data.get(word) is not None]
    if not given:
        yield fault(at, "no_limit", "give min, max or both")
    for word in given:
        value = data[word]
        if not is_number(value) or not 0 <= value <= LONGEST_TEXT or value != int(value):
            yield fault(f"{at}/{word}", "not_a_length", f"is a whole number to {LONGEST_TEXT:,}")
    yield from _order(data, given, at, decimal_of)
    yield from codes(data, at)


def date_format(data: dict[str, Any], at: str) -> Faults:
    if problem := format_problem(data.get("format")):
        yield fault(f"{at}/format", "not_a_date_format", problem)
    if not isinstance(data.get("end_of_month", False), bool):
        yield fault(f"{at}/end_of_month", "not_a_boolean", "is true or false")
    elif data.get("end_of_month") and "DD" not in str(data.get("format")).upper():
        yield fault(f"{at}/end_of_month", "no_day", "needs a format with a day (DD)")
    yield from codes(data, at)


def comparison(data: dict[str, Any], at: str) -> Faults:
    if data.get("op") not in OPERATORS:
        yield fault(f"{at}/op", "not_a_choice", f"is one of {' '.join(OPERATORS)}")
    if operand_of(data.get("right")) is None:
        detail = 'is a column, a number, a date, {"value": text} or {"sum": [columns]}'
        yield fault(f"{at}/right", "not_an_operand", detail)
    for word in ("factor", "offset"):
        if data.get(word) is not None and decimal_of(data[word]) is None:
            yield fault(f"{at}/{word}", "not_a_number", "is a number")
    if data.get("unit") not in (None, "month"):
        yield fault(f"{at}/unit", "not_a_choice", "is month or left out")
    elif data.get("unit") == "month" and data.get("factor") is not None:
        yield fault(f"{at}/factor", "not_for_months", "can't be used when months are compared")
    yield from codes(data, at)


def summation(data: dict[str, Any], at: str) -> Faults:
    if not is_names(data.get("parts")):
        yield fault(f"{at}/parts", "no_columns", "is a list of at least one column")
    tolerance = data.get("tolerance")
    if tolerance is not None and ((number := decimal_of(tolerance)) is None or number < 0):
        yield fault(f"{at}/tolerance", "not_a_tolerance", "is a number of at least 0")
    if not isinstance(data.get("blank_as_zero", False), bool):
        yield fault(f"{at}/blank_as_zero", "not_a_boolean", "is true or false")
    yield from codes(data, at)


def within(data: dict[str, Any], at: str) -> Faults:
    if data.get("within") not in (None, []) and not is_names(data["within"]):
        yield fault(f"{at}/within", "no_columns", "is a list of columns")


def _order(data: dict[str, Any], given: list[str], at: str, read: Callable) -> Faults:
    if len(given) == 2:
        low, high = read(data["min"]), read(data["max"])
        if low is not None and high is not None and low > high:
            yield fault(f"{at}/max", "limits_crossed", "is less than min")
