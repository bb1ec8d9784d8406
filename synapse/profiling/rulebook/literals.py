"""Values written in rules: numbers, dates and texts, read the same everywhere."""

import datetime
import re
from collections.abc import Iterable, Mapping
from decimal import Context, Decimal, InvalidOperation
from typing import Any

# Digits that a DECIMAL of the engine holds.
MOST_DIGITS = 38
# What surrounds a value without a meaning; a text of these alone is blank.
SPACE = " \t\n\r\v\f"
# Any product and sum of two such numbers.
_EXACT = Context(prec=4 * MOST_DIGITS)
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
PLAIN_DATE = re.compile(r"\d{8}", re.ASCII)


def is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def text_of(value: Any) -> str | None:
    """The text that a value of a list is compared as; None when it is no text or number."""
    if isinstance(value, str):
        return value
    if is_number(value) and (number := decimal_of(value)) is not None:
        return format(number, "f")
    return None


def compared(values: Iterable[Any] | None) -> list[str]:
    """The texts that trimmed values are looked for among, each once and in order."""
    return sorted({text_of(value).strip(SPACE) for value in values or ()})


def length_of(value: Any) -> int | None:
    """A count of characters; JSON has 18.0 and 18 for the same number."""
    return None if value is None else int(value)


def decimal_of(value: Any) -> Decimal | None:
    """An exact number out of a JSON number or its text; None when it is none."""
    if isinstance(value, str):
        if not NUMBER.fullmatch(value.strip()):
            return None
        value = value.strip()
    elif not is_number(value):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    if not number.is_finite() or len(format(abs(number), "f").replace(".", "")) > MOST_DIGITS:
        return None
    return number


def moved(literal: str, parameters: Mapping[str, Any]) -> Decimal | None:
    """A written number times the factor plus the offset; None when that has too many digits."""
    factor, offset = (decimal_of(parameters.get(word)) for word in ("factor", "offset"))
    number = _EXACT.multiply(decimal_of(literal), 1 if factor is None else factor)
    return decimal_of(_EXACT.add(number, offset or 0))


def date_of(value: Any) -> datetime.date | None:
    """A real calendar day written YYYYMMDD or YYYY-MM-DD, as text or whole number."""
    text = text_of(value)
    if text is None or not (PLAIN_DATE.fullmatch(text) or ISO_DATE.fullmatch(text)):
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None
