"""Values that go into the database as JSON or text: checked, or made to fit, before they go."""

import json
from typing import Any

from jobs.errors import NotJSON

PLAIN = (str, int, float, bool, type(None))


def as_json(value: Any, where: str) -> str:
    """The value as JSON text; what JSON can't carry exactly is refused by its place."""
    _check(value, where)
    return json.dumps(value, allow_nan=False)


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
    """Text the database takes, cut to `limit` with a note of what was cut."""
    text = str(value)
    cut = len(text) - limit
    if cut > 0:
        text = f"{text[:limit]} … ({cut} more characters)"
    return text.replace("\0", "").encode("utf-8", "replace").decode()
