"""Lines a dictionary lists but no longer asks for."""

import re
from datetime import date

_GONE = (
    r"retired|deleted|deprecated|discontinued|removed|withdrawn|obsolete|superseded|inactive|"
    r"decommissioned|terminated|no longer (?:used|reported|collected|in use|required|active)|"
    r"not (?:in )?use[d]?|unused|reserved|eliminated|expired|not active|dropped|"
    r"sunset|archived|replaced"
)
_STATUS = re.compile(rf"(?i)\b(?:{_GONE})\b")
_WHOLE_NAME = re.compile(
    r"(?i)^[\[(<]*\s*(?:(?:field|item|line|line item|column)\s+)?"
    r"(?:reserved|filler|deleted|retired|unused|not used|not in use|intentionally left blank|"
    r"intentionally blank|blank|discontinued|removed|no longer (?:used|reported|collected)|"
    r"spare|placeholder)"
    r"(?:\s+(?:for future use|field|item|line|column|for use))?[\s\d#.\-–:_]*[\])>]*$"
)
_IN_NAME = re.compile(rf"(?i)(?:[\[(]\s*|\s[-–—*]+\s*)(?:{_GONE})\b[^\])]*[\])]?\s*$")
_ACTIVE = re.compile(
    r"(?i)^(?:active|in use|current|live|approved|new|revised|published|final|valid|a)\b"
)
_NO = ("n", "no", "false", "f", "0")
_YES = ("y", "yes", "true", "t", "1", "x")


def retirement(*, name: str, status: str, status_heading: str, ended: str, today: date) -> str:
    """Why the line isn't active; empty when it is."""
    said = status.strip().lower()
    if said:
        heading = status_heading.lower()
        asks_gone = re.search(rf"\b(?:{_GONE})\b", heading) and "active" not in re.sub(
            r"inactive", "", heading
        )
        if asks_gone and said not in _NO:
            return f"{status_heading}: {status}"
        if not asks_gone and re.search(r"active|in use", heading) and said in _NO:
            return f"{status_heading}: {status}"
        if not _ACTIVE.match(said) and _STATUS.search(said) and said not in _YES:
            return f"status “{status}”"
    if _WHOLE_NAME.match(name):
        return f"named “{name}”"
    if _IN_NAME.search(name):
        return "the name says so"
    day = _day(ended)
    if day and day <= today:
        return f"ended {day.isoformat()}"
    return ""


def _day(text: str) -> date | None:
    found = re.match(r"\s*(\d{4})[-/]?(\d{2})[-/]?(\d{2})", text)
    if not found:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None
