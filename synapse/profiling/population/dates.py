"""Dates by a format as people write it: YYYYMMDD, YYYY-MM-DD, MM/DD/YYYY, DD-MON-YYYY, YYYYMM."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache

ISO = "YYYY-MM-DD"
DEFAULT = ("YYYYMMDD", ISO, "YYYY/MM/DD")
_PLACE = r"(?:CCYY|YYYY|YY|MONTH|MON|MMM|MM|DD|HH24|HH|MI|SS)"
_FORMAT = re.compile(rf"(?i)(?<![A-Za-z]){_PLACE}(?:[-/. :T]?{_PLACE})+(?![A-Za-z])|"
                     r"(?<![A-Za-z])(?:CC|YY)YY(?![A-Za-z])")  # fmt: skip
_PERCENT = {"%Y": "YYYY", "%y": "YY", "%m": "MM", "%d": "DD", "%b": "MON", "%B": "MON",
            "%H": "HH", "%M": "MI", "%S": "SS"}  # fmt: skip
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_CLOCK = r"(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?"


def date_formats(text: str) -> tuple[str, ...]:
    """The formats that a description states, in capitals as YYYY MM DD MON HH MI SS."""
    for directive, token in _PERCENT.items():
        text = text.replace(directive, token)
    found = []
    for match in _FORMAT.finditer(text):
        stated = match.group().upper().replace("CCYY", "YYYY").replace("HH24", "HH")
        stated = re.sub(r"MONTH|MMM", "MON", stated)
        # Minutes stand behind hours, months never do.
        stated = re.sub(r"(HH[: .]?)MM", r"\1MI", stated)
        tokens = re.findall(r"YYYY|YY|MON|MM|DD|HH|MI|SS", stated)
        if "YY" in stated and len({*tokens}) == len(tokens) and stated not in found:
            found.append(stated)
    if not found and re.search(r"(?i)\bISO\b.{0,8}(?:8601|date)", text):
        found.append(ISO)
    return tuple(found)


def formats_in(values: Iterable[str]) -> tuple[str, ...]:
    """What the values themselves show, where nobody states a format."""
    slashed = [re.fullmatch(r"\s*(\d{1,2})([/.-])(\d{1,2})\2\d{4}.*", value) for value in values]
    slashed = [found for found in slashed if found]
    if not slashed:
        return DEFAULT
    mark = slashed[0].group(2)
    days_first = mark == "." or any(int(found.group(1)) > 12 for found in slashed)
    return (f"{'DD' if days_first else 'MM'}{mark}{'MM' if days_first else 'DD'}{mark}YYYY",)


@lru_cache(maxsize=256)
def date_parser(formats: tuple[str, ...]) -> Callable[[str], date | None]:
    """A function from text to the day it means; a month or year alone means its first day."""
    patterns = [_pattern(entry) for entry in formats or DEFAULT]

    def parse(text: str) -> date | None:
        text = text.strip()
        for pattern in patterns:
            if found := pattern.fullmatch(text):
                return _day(found.groupdict())
        return None

    return parse


def _pattern(stated: str) -> re.Pattern:
    tokens = re.split(r"(YYYY|YY|MON|MM|DD|HH|MI|SS)", stated)
    separated = any(tokens[0::2])
    pair = r"\d{1,2}" if separated else r"\d{2}"
    written = {"YYYY": r"(?P<year>\d{4})", "YY": r"(?P<short>\d{2})",
               "MON": r"(?P<name>[A-Za-z]{3,9})", "MM": rf"(?P<month>{pair})",
               "DD": rf"(?P<day>{pair})",
               "HH": r"\d{2}", "MI": r"\d{2}", "SS": r"\d{2}"}  # fmt: skip
    clock = _CLOCK if separated and "HH" not in stated else ""
    text = "".join(written.get(token, re.escape(token)) for token in tokens)
    return re.compile(text + clock, re.ASCII)


def _day(parts: dict[str, str | None]) -> date | None:
    year = int(parts.get("year") or 0)
    if not year and (short := parts.get("short")):
        year = int(short) + (2000 if int(short) < 70 else 1900)
    month = int(parts.get("month") or 1)
    if name := parts.get("name"):
        if name[:3].lower() not in _MONTHS:
            return None
        month = _MONTHS.index(name[:3].lower()) + 1
    try:
        return date(year, month, int(parts.get("day") or 1))
    except ValueError:
        return None
