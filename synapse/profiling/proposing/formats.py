"""How the values of an attribute are written: digits, characters, dates."""

import re
from typing import Any

from synapse.planning.states import DataType
from synapse.profiling.rulebook.dates import format_problem

DATE_FORMAT = re.compile(
    r"(?<![A-Z])(?:YYYY([-/.]?)MM(?:\1DD)?|MM([-/.]?)DD\2YYYY|DD([-/.]?)MM\3YYYY)(?![A-Z])", re.I
)
EXACT = re.compile(
    r"(?i)\b(?:width|length)\s+(?:is|of|=|:)\s*(?:exactly\s+)?\d+|\bexactly\s+\d+\s+(?:char|digit)|"
    r"\bfixed[ -](?:width|length)\b"
)
ONLY_LETTERS_AND_DIGITS = re.compile(
    r"(?i)\bonly\s+(?:letters\s+and\s+(?:numbers|digits)|alphanumeric)|"
    r"\b(?:letters\s+and\s+(?:numbers|digits)|alphanumeric(?:\s+characters)?)\s+only\b"
)
MOST_DIGITS = 38


def number_pattern(attribute) -> tuple[str, str] | None:
    """A pattern for whole or decimal numbers, and how the format was read.

    A format such as N12.2 doesn't say whether 12 counts the decimals. It is read as most file
    layouts mean it: 12 digits in all, at most 2 of them decimals; fewer decimals may be written.
    """
    length, scale = attribute.length, attribute.scale
    if attribute.data_type == DataType.INTEGER:
        if length and length <= MOST_DIGITS:
            return rf"-?[0-9]{{1,{length}}}", f"at most {_digits(length)}"
        return r"[+-]?[0-9]+", "a whole number"
    if attribute.data_type != DataType.DECIMAL:
        return None
    if length and scale is not None and scale < length <= MOST_DIGITS:
        whole = length - scale
        return _decimal(f"{{1,{whole}}}", f"{{0,{scale}}}"), (
            f"at most {_digits(whole)} before the point and {scale} after it"
        )
    if scale is not None:
        return _decimal("+", f"{{0,{scale}}}"), f"at most {scale} decimals"
    return _decimal("+", "*"), "a number"


def _digits(count: int) -> str:
    return "1 digit" if count == 1 else f"{count} digits"


def _decimal(whole: str, decimals: str) -> str:
    """Digits with or without a point; `.5` and `12.` count as written."""
    return rf"[+-]?(?:[0-9]{whole}(?:\.[0-9]{decimals})?|\.[0-9]{decimals.replace('{0,', '{1,')})"


def length_limits(attribute, has_codes: bool) -> dict[str, int] | None:
    """The characters of a text; exact only where the dictionary says so and no code is shorter."""
    if attribute.data_type != DataType.STRING or not attribute.length:
        return None
    if EXACT.search(attribute.format) and not has_codes:
        return {"min": attribute.length, "max": attribute.length}
    return {"max": attribute.length}


def date_format(attribute) -> str | None:
    """The written form of a date, if the dictionary names one."""
    if attribute.data_type != DataType.DATE:
        return None
    for text in (attribute.format, attribute.description):
        for found in DATE_FORMAT.finditer(text or ""):
            written = found.group().upper()
            if not format_problem(written):
                return written
    return None


def text_pattern(attribute) -> tuple[str, str] | None:
    """A pattern of texts that the dictionary says consist of letters and digits alone."""
    if attribute.data_type == DataType.STRING and ONLY_LETTERS_AND_DIGITS.search(
        f"{attribute.format} {attribute.description}"
    ):
        return r"[A-Za-z0-9]+", "letters and digits only"
    return None


def with_codes(parameters: dict[str, Any], codes: tuple[str, ...]) -> dict[str, Any]:
    """Codes that may stand instead of a value are no failure of its form."""
    return parameters | {"codes": list(codes)} if codes else parameters
