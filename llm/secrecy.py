"""The secrets of this installation, which must stand in no prompt whatever they got into."""

import os
import re
from collections.abc import Iterator

from django.conf import settings

_NAMED_SECRET = re.compile(r"(?:\A|_)(?:KEYS?|SECRETS?|PASSWORDS?|TOKENS?|KEY_FALLBACKS)\Z")
# A shorter one, or one of letters only, can't be told from an ordinary word.
SHORTEST = 8
SHORTEST_OF_LETTERS = 16


def secrets() -> dict[str, str]:
    """Value by where it is kept, of settings and environment, as far as it can be told."""
    found = {f"setting {name}": value for name, value in _of_settings()}
    for name, value in os.environ.items():
        if _NAMED_SECRET.search(name.upper()):
            found[f"environment variable {name}"] = value
    return {name: value for name, value in found.items() if can_be_told(value)}


def found_in(value: object, more: dict[str, str] | None = None) -> str:
    """Where the first secret that stands in some text is kept; empty if there is none."""
    known = secrets() | {name: each for name, each in (more or {}).items() if can_be_told(each)}
    for text in _texts(value):
        for name, secret in known.items():
            if secret in text:
                return name
    return ""


def not_for_models(text: str) -> str:
    """The first setting whose secret stands in this text and is no model's key; empty if none."""
    for name, value in _of_settings():
        if not name.startswith("LLM") and can_be_told(value) and value in text:
            return f"setting {name}"
    return ""


def can_be_told(value: str) -> bool:
    """Whether it is no ordinary word or letter, as stand-ins for the key of a local model are."""
    return len(value) >= (SHORTEST_OF_LETTERS if value.isalpha() else SHORTEST)


def _of_settings() -> Iterator[tuple[str, str]]:
    for name in dir(settings):
        # What this installation left as it comes with Django is nobody's secret.
        if name.isupper() and settings.is_overridden(name):
            yield from _within(name, getattr(settings, name), bool(_NAMED_SECRET.search(name)))


def _within(place: str, value: object, is_secret: bool) -> Iterator[tuple[str, str]]:
    """Texts below a name that says it is secret, at whatever depth."""
    if isinstance(value, str) and is_secret:
        yield place, value
    elif isinstance(value, dict):
        for key, each in value.items():
            named = bool(_NAMED_SECRET.search(str(key).upper()))
            yield from _within(f"{place}.{key}", each, is_secret or named)
    elif isinstance(value, list | tuple):
        for number, each in enumerate(value):
            if is_secret or not isinstance(each, str):
                yield from _within(f"{place}[{number}]", each, is_secret)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield str(key)
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)
