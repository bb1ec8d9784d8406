"""Request bodies as JSON that every later step can keep: no NUL, half character, or infinity."""

import math
from typing import Any

from rest_framework import parsers
from rest_framework.exceptions import ParseError

MAX_DEPTH = 32


class JSONParser(parsers.JSONParser):
    """Refuses at the door what PostgreSQL or UTF-8 can't hold, and nesting without end."""

    def parse(self, stream, media_type=None, parser_context=None) -> Any:
        try:
            value = super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise too_deep() from None
        check(value)
        return value


def check(value: Any, depth: int = 0) -> None:
    if isinstance(value, str):
        check_text(value)
    elif isinstance(value, float) and not math.isfinite(value):
        raise ParseError("A number is too large.")
    elif isinstance(value, dict | list):
        if depth == MAX_DEPTH:
            raise too_deep()
        for inner in [*value, *value.values()] if isinstance(value, dict) else value:
            check(inner, depth + 1)


def check_text(text: str) -> None:
    if "\0" in text or not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise ParseError("A text contains NUL or half a surrogate pair.")


def too_deep() -> ParseError:
    return ParseError(f"Lists and objects are nested more than {MAX_DEPTH} deep.")
