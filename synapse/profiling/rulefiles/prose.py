"""Parameters out of the plain words of a rule, where the words leave no doubt."""

import re
from typing import Any

from synapse.profiling.proposing.formats import DATE_FORMAT

NUMBER = r"-?[0-9][0-9,]*(?:\.[0-9]+)?"
LISTED = re.compile(
    r"(?i)\b(?:one of|in|among|equals?|equal to|values?(?: are| is)?)\b\s*:?\s*(.+)"
)
CODE = re.compile(r"[\w+./-]{1,20}")
BETWEEN = re.compile(rf"(?i)(?:between|range|from)\s+({NUMBER})\s*(?:and|to|-|–)\s*({NUMBER})")
NOT_NEGATIVE = re.compile(r"(?i)\b(?:not|non|never|cannot be|can't be)[ -]?negative\b")
AT_LEAST = re.compile(
    rf"(?i)(?:at least|>=|≥|not less than|greater than or equal to|minimum(?: of)?)\s*({NUMBER})"
)
AT_MOST = re.compile(
    rf"(?i)(?:at most|<=|≤|not more than|no more than|less than or equal to|maximum(?: of)?|"
    rf"up to|does not exceed|not exceed)\s*({NUMBER})(?![0-9A-Za-z])"
)
LENGTH_MOST = re.compile(
    r"(?i)(?:at most|up to|max(?:imum)?(?: length)?(?: of| is)?|not (?:more|longer) than|"
    r"no more than)\s*([0-9]+)(?:\s*(?:char|digit|position))?"
)
LENGTH_EXACT = re.compile(
    r"(?i)(?:exactly|length (?:is|of|=)|must be)\s*([0-9]+)\s*(?:char|digit|$)?"
)
DECIMALS = re.compile(r"(?i)\bnumeric\b.*?\bat most ([0-9]+) decimals?\b")
DIGITS = re.compile(r"(?i)\b([0-9]+) or ([0-9]+) digits\b")
MONTH_END = re.compile(r"(?i)\blast (?:calendar )?day of (?:a|the) month\b")
INTEGER = re.compile(r"(?i)\b(?:whole number|integer|numeric digits only|digits only)\b")
# Words that make a sentence more than the one thing that is looked for.
MORE = re.compile(r"(?i)\b(?:if|when|unless|except|only|otherwise|depending|where)\b")


def from_prose(kind: str, text: str) -> tuple[str, dict[str, Any]] | None:
    """The kind and parameters that the words tell; None where they tell none for certain."""
    text = " ".join(text.split())
    readers = {
        "in_set": (_listed,),
        "range": (_limits,),
        "length": (_length,),
        "date_format": (_date,),
        "": (_month_end, _date, _decimals, _digits, _length_only, _listed_only, _limits_only),
    }
    for read in readers.get(kind, ()):
        if found := read(text):
            return found
    return None


def _listed(text: str) -> tuple[str, dict[str, Any]] | None:
    found = LISTED.search(text)
    if not found:
        return None
    said = re.split(r"[.;](?:\s|$)", found.group(1))[0].strip(" ()[]{}:")
    parts = re.split(r"\s*(?:,|\||/|\bor\b|\band\b)\s*", said)
    codes = [part.strip(" '\"“”‘’") for part in parts if part.strip()]
    if len(codes) < 2 or not all(CODE.fullmatch(code) for code in codes):
        return None
    return "in_set", {"values": list(dict.fromkeys(codes))}


def _listed_only(text: str) -> tuple[str, dict[str, Any]] | None:
    return _listed(text) if re.search(r"(?i)\bone of\b", text) and not MORE.search(text) else None


def _limits(text: str) -> tuple[str, dict[str, Any]] | None:
    if MORE.search(text):
        return None
    if found := re.search(rf"(?i)(?:between|range|from)\s+({NUMBER})\s*(?:and|to|-|–)\s*"
                          rf"({NUMBER})(?![0-9A-Za-z])", text):  # fmt: skip
        return "range", {"min": _number(found[1]), "max": _number(found[2])}
    if NOT_NEGATIVE.search(text):
        return "range", {"min": "0"}
    limits = {}
    if found := AT_LEAST.search(text):
        limits["min"] = _number(found[1])
    if found := AT_MOST.search(text):
        limits["max"] = _number(found[1])
    return ("range", limits) if limits else None


def _limits_only(text: str) -> tuple[str, dict[str, Any]] | None:
    found = NOT_NEGATIVE.search(text) or BETWEEN.search(text)
    return _limits(text) if found else None


def _length(text: str) -> tuple[str, dict[str, Any]] | None:
    if found := LENGTH_MOST.search(text):
        return "length", {"max": int(found[1])}
    if found := LENGTH_EXACT.search(text):
        return "length", {"min": int(found[1]), "max": int(found[1])}
    return ("length", {"max": int(text)}) if re.fullmatch("[0-9]{1,5}", text) else None


def _length_only(text: str) -> tuple[str, dict[str, Any]] | None:
    said = re.search(r"(?i)\bcharacters?\b|\blength\b", text)
    return _length(text) if said and not MORE.search(text) else None


def _date(text: str) -> tuple[str, dict[str, Any]] | None:
    found = DATE_FORMAT.search(text)
    if not found or MORE.search(text):
        return None
    return "date_format", {"format": found.group().upper()}


def _month_end(text: str) -> tuple[str, dict[str, Any]] | None:
    if not MONTH_END.search(text):
        return None
    return "date_format", {"format": "YYYYMMDD", "end_of_month": True}


def _decimals(text: str) -> tuple[str, dict[str, Any]] | None:
    if not (found := DECIMALS.search(text)):
        return None
    most = int(found[1])
    return "regex", {"pattern": rf"[+-]?[0-9]+(\.[0-9]{{0,{most}}})?"}


def _digits(text: str) -> tuple[str, dict[str, Any]] | None:
    if found := DIGITS.search(text):
        return "regex", {"pattern": f"[0-9]{{{found[1]}}}|[0-9]{{{found[2]}}}"}
    return None


def _number(text: str) -> str:
    return text.replace(",", "")
