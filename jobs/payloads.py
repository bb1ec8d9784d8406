"""Values that go into the database as JSON or text: checked, or made to fit, before they go."""

import json
import re
from typing import Any

from jobs.errors import NotJSON

PLAIN = (str, int, float, bool, type(None))
# Characters of JSON text; well under what a row takes, and above what a page or message should.
LONGEST = 10_000_000
# Control characters but tabs and line ends.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def as_json(value: Any, where: str, limit: int = LONGEST) -> str:
    """The value as JSON text; what JSON can't carry exactly is refused by its place."""
    try:
        _check(value, where)
        text = json.dumps(value, allow_nan=False)
    except RecursionError as error:
        raise NotJSON(where=where, reason="is nested too deep, or holds itself.") from error
    except ValueError as error:  # a whole number of thousands of digits
        raise NotJSON(where=where, reason=f"holds what JSON can't: {error}") from error
    if len(text) > limit:
        reason = f"takes {len(text):,} characters as JSON; at most {limit:,} can be kept. "
        raise NotJSON(where=where, reason=f"{reason}Store it as rows or a file, and pass its id.")
    return text


def _check(value: Any, where: str) -> None:
    if isinstance(value, dict):
        for key, part in value.items():
            if not isinstance(key, str):
                raise NotJSON(where=where, reason=f"has the key {key!r}: only text can be a key.")
            _check(key, where)
            _check(part, f"{where}.{key}")
    elif isinstance(value, list | tuple):
        for number, part in enumerate(value):
            _check(part, f"{where}[{number}]")
    elif isinstance(value, str):
        if "\0" in value or not _encodes(value):
            raise NotJSON(where=where, reason="holds characters that can't be stored.")
    elif isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            raise NotJSON(where=where, reason=f"is {value}, which is not a JSON number.")
    elif hasattr(value, "pk") and hasattr(value, "_meta"):
        raise NotJSON(where=where, reason=f"is a {type(value).__name__}: pass its id instead.")
    elif not isinstance(value, PLAIN):
        raise NotJSON(
            where=where, reason=f"is a {type(value).__name__}: only ids and plain JSON can be used."
        )


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def as_text(value: Any, limit: int) -> str:
    """Text the database takes and people can read, cut to `limit` with a note of what was cut.

    Never raises, whatever the value's own `str` does.
    """
    try:
        text = str(value)
    except Exception as error:  # noqa: BLE001  it may be the message of another error
        text = f"({type(value).__name__}, whose text can't be read: {type(error).__name__})"
    cut = len(text) - limit
    if cut > 0:
        text = f"{text[:limit]} … ({cut} more characters)"
    return UNPRINTABLE.sub("", text).encode("utf-8", "replace").decode()
