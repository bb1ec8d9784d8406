"""Typed readers of environment variables."""

import json
import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}
MOST_DAYS = 36_500  # moments further back than that, databases can't tell


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def required(name: str) -> str:
    """The variable, or the file that NAME_FILE points to; raises if neither is there."""
    value = secret(name)
    if not value:
        raise ImproperlyConfigured(f"Set {name} (or {name}_FILE with the path of a file).")
    return value


def secret(name: str, default: str = "") -> str:
    """A secret from NAME, or from the file named by NAME_FILE."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        return Path(path).read_text().strip()
    return os.environ.get(name, default)


def boolean(name: str, default: bool = False) -> bool:
    raw = os.environ.get(name)
    if raw is None:
        return default
    if raw.lower() in TRUE:
        return True
    if raw.lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be one of 1, 0, true, false; it is {raw!r}.")


def number(name: str, default: float) -> float:
    raw = os.environ.get(name)
    if raw is None:
        return default
    try:
        return float(raw)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a number; it is {raw!r}.") from None


def integer(name: str, default: int) -> int:
    value = number(name, default)
    if not float(value).is_integer():
        raise ImproperlyConfigured(f"{name} must be a whole number; it is {value!r}.")
    return int(value)


def days(name: str, default: int) -> int:
    """How long something is kept; 0 means for ever."""
    value = integer(name, default)
    if not 0 <= value <= MOST_DAYS:
        raise ImproperlyConfigured(f"{name} must be 0 to {MOST_DAYS} days; it is {value}.")
    return value


def objects(name: str) -> list[dict]:
    """A JSON list of objects, from NAME or the file named by NAME_FILE; empty if not set."""
    raw = secret(name)
    if not raw:
        return []
    try:
        value = json.loads(raw)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be JSON: {error}.") from None
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise ImproperlyConfigured(f"{name} must be a JSON list of objects.")
    return value


def listing(name: str, default: str = "") -> list[str]:
    """Comma-separated values, blanks dropped."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]
