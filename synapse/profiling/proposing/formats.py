"""How the values of an attribute are written: digits, characters, dates."""

import re
from collections.abc import Iterable
from typing import Any

from synapse.planning.states import DataType
from synapse.profiling.rulebook.dates import format_problem, pattern_of

DATE_FORMAT = re.compile(
    r"(?<![A-Z])(?:(?:YY|CC)YY([-/.]?)MM(?:\1DD)?|MM([-/.]?)DD\2(?:YY|CC)YY|"
    r"DD([-/.]?)MM\3(?:YY|CC)YY)(?![A-Z])",
    re.I,
)
# A clock behind the day; what is finer than seconds has no form among our formats.
CLOCK = re.compile(r"(?i)(T| )?HH(:?)MM?I?(?:\2SS)?(?![.:]?[A-Y0-9])Z?")
MOMENT = re.compile(r"(?i)(?:(?:YY|CC)YY([-/.]?)MM\1DD)(?=T|\s?HH)")
ISO = re.compile(r"(?i)\bISO[- ]?8601\b")
TIMED = re.compile(r"(?i)time|hh|period|duration|week")
# The forms that records themselves show where no dictionary names one.
SHOWN = ("YYYY-MM-DD", "YYYYMMDD", "YYYY/MM/DD", "MM/DD/YYYY", "DD/MM/YYYY", "DD.MM.YYYY",
         "YYYY-MM-DDTHH:MI:SSZ", "YYYY-MM-DDTHH:MI:SS", "YYYY-MM-DD HH:MI:SS")  # fmt: skip
LEAST_SHOWN = 3
# Well-known identifiers, by the name that stands alone as the format.
STANDARDS = (
    (r"LEI|legal entity identifier|ISO 17442(?: LEI)?", "[A-Z0-9]{18}[0-9]{2}", "a LEI"),
    (r"ISIN|ISO 6166(?: ISIN)?", "[A-Z]{2}[A-Z0-9]{9}[0-9]", "an ISIN"),
    (r"(?:ISO 4217 )?currency ?code(?:_3)?|ISO 4217(?: code)?", "[A-Z]{3}", "a currency code"),
    (r"country ?code_2|ISO 3166(?:-1)?(?: alpha-?2)(?: code)?", "[A-Z]{2}", "a country code"),
    (r"MIC|ISO 10383(?: MIC)?", "[A-Z0-9]{4}", "a market identifier code"),
)
YES_OR_NO = "(?i:y|n|yes|no|true|false|t|f|1|0)"
EXACT = re.compile(
    r"(?i)\b(?:width|length)\s+(?:is|of|=|:)\s*(?:exactly\s+)?\d+|\bexactly\s+\d+\s+(?:char|digit)|"
    r"\bfixed[ -](?:width|length)\b"
)
ONLY_LETTERS_AND_DIGITS = re.compile(
    r"(?i)\bonly\s+(?:letters\s+and\s+(?:numbers|digits)|alphanumeric)|"
    r"\b(?:letters\s+and\s+(?:numbers|digits)|alphanumeric(?:\s+characters)?)\s+only\b"
)
MOST_DIGITS = 38


def number_pattern(attribute, mark: str = ".") -> tuple[str, str] | None:
    """A pattern for whole or decimal numbers, and how the format was read.

    `mark` stands before the decimals in the file.

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
        return _decimal(f"{{1,{whole}}}", f"{{0,{scale}}}", mark), (
            f"at most {_digits(whole)} before the point and {scale} after it"
        )
    if scale is not None:
        return _decimal("+", f"{{0,{scale}}}", mark), f"at most {scale} decimals"
    return _decimal("+", "*", mark), "a number"


def _digits(count: int) -> str:
    return "1 digit" if count == 1 else f"{count} digits"


def _decimal(whole: str, decimals: str, mark: str) -> str:
    """Digits with or without a point; `.5` and `12.` count as written."""
    point, some = re.escape(mark), decimals.replace("{0,", "{1,")
    return rf"[+-]?(?:[0-9]{whole}(?:{point}[0-9]{decimals})?|{point}[0-9]{some})"


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
        if moment := MOMENT.search(text or ""):
            return _with_clock(moment.group(), text[moment.end() :])
        for found in DATE_FORMAT.finditer(text or ""):
            written = found.group().upper().replace("CCYY", "YYYY")
            if not format_problem(written):
                return written
    written = attribute.format
    return "YYYY-MM-DD" if ISO.search(written) and not TIMED.search(written) else None


def _with_clock(day: str, rest: str) -> str | None:
    """A day and its time to the second; None for a time that is written more finely."""
    found = CLOCK.match(rest)
    if not found:
        return None
    clock = re.sub(r"HH(:?)MM", r"HH\1MI", found.group().upper())
    written = day.upper().replace("CCYY", "YYYY") + clock
    return None if format_problem(written) else written


def fits(written: str, values: Iterable[str]) -> bool:
    """Whether any of the values is a real date of the form."""
    pattern = re.compile(pattern_of(written))
    return any(pattern.fullmatch(value.strip()) for value in values)


def shown_format(values: Iterable[str]) -> str | None:
    """The one form in which these values, one of them excepted, are real dates."""
    filled = [text for value in values if (text := value.strip())]
    fitting = [
        each
        for each in SHOWN
        if sum(bool(re.fullmatch(pattern_of(each), text)) for text in filled)
        >= max(LEAST_SHOWN, len(filled) - 1)
    ]
    return fitting[0] if len(fitting) == 1 else None


def text_pattern(attribute) -> tuple[str, str] | None:
    """A pattern of texts that the dictionary says consist of letters and digits alone, or that
    follow a standard, or that say yes or no.
    """
    if attribute.data_type == DataType.BOOLEAN:
        return YES_OR_NO, "yes or no"
    written = attribute.format.strip(" {}()")
    for name, pattern, words in STANDARDS:
        if attribute.data_type == DataType.STRING and re.fullmatch(f"(?i){name}", written):
            return pattern, words
    if attribute.data_type == DataType.STRING and ONLY_LETTERS_AND_DIGITS.search(
        f"{attribute.format} {attribute.description}"
    ):
        return r"[A-Za-z0-9]+", "letters and digits only"
    return None


def with_codes(parameters: dict[str, Any], codes: tuple[str, ...]) -> dict[str, Any]:
    """Codes that may stand instead of a value are no failure of its form."""
    return parameters | {"codes": list(codes)} if codes else parameters
