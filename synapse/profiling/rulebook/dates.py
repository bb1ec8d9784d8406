"""Date formats as regular expressions that match real calendar days only."""

import re
from typing import Any

TOKENS = re.compile(r"YYYY|MM|DD|HH|MI|SS")
# The clock may stand behind a date; each is a pair of digits in its range.
CLOCK = {"HH": "(?:[01][0-9]|2[0-3])", "MI": "[0-5][0-9]", "SS": "[0-5][0-9]"}
# No date is in the year 0000.
YEAR = "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
FOURTH = "(?:0[48]|[2468][048]|[13579][26])"
NO_FOURTH = "(?:[02468][1235679]|[13579][01345789])"
LEAP = f"(?:[0-9]{{2}}{FOURTH}|{FOURTH}00)"
COMMON = f"(?:[0-9]{{2}}{NO_FOURTH}|{NO_FOURTH}00)"
LONG, SHORT = "(?:0[13578]|1[02])", "(?:0[469]|11)"
# Year, month and day that go together: any day, and the last day of a month.
ANY_DAY = (
    (YEAR, LONG, "(?:0[1-9]|[12][0-9]|3[01])"),
    (YEAR, SHORT, "(?:0[1-9]|[12][0-9]|30)"),
    (YEAR, "02", "(?:0[1-9]|1[0-9]|2[0-8])"),
    (LEAP, "02", "29"),
)
LAST_DAY = ((YEAR, LONG, "31"), (YEAR, SHORT, "30"), (COMMON, "02", "28"), (LEAP, "02", "29"))
NO_DAY = ((YEAR, "(?:0[1-9]|1[0-2])", ""),)


def format_problem(text: Any) -> str:
    """Why a text is no date format; empty when it is one."""
    if not isinstance(text, str) or not text:
        return "is a text such as YYYYMMDD, YYYY-MM-DD, MM/DD/YYYY or YYYYMM"
    text = text.upper()
    tokens = TOKENS.findall(text)
    rest = TOKENS.sub("", text)
    if len(text) > 40 or re.search(r"[A-Z0-9]", re.sub("T|Z$", "", rest)):
        return "is written with YYYY, MM, DD, HH, MI, SS and signs between them"
    if len(set(tokens)) < len(tokens):
        return "names a part of the date twice"
    if "YYYY" not in tokens or ("DD" in tokens and "MM" not in tokens):
        return "has the year (YYYY), and the month (MM) where it has the day (DD)"
    return ""


def pattern_of(text: str, end_of_month: bool = False) -> str:
    """A regular expression that fully matches the real dates of a format, and nothing else."""
    text = text.upper()
    days = LAST_DAY if end_of_month else ANY_DAY if "DD" in text else NO_DAY
    return "|".join(_written(text, *day) for day in days)


def _written(text: str, year: str, month: str, day: str) -> str:
    parts = {"YYYY": year, "MM": month, "DD": day, **CLOCK}
    pattern, end = "", 0
    for token in TOKENS.finditer(text):
        pattern += re.escape(text[end : token.start()]) + parts[token.group()]
        end = token.end()
    return pattern + re.escape(text[end:])
