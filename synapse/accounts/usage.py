"""What a role is needed for; the apps above register how to find out."""

from collections.abc import Callable, Iterable
from typing import Any

# role -> functions that list, in words, what the person still does in it
_uses: dict[str, list[Callable[[Any], Iterable[str]]]] = {}


def register(role: str, find: Callable[[Any], Iterable[str]]) -> None:
    """`find(user)` gives texts such as "tester of FR Y-14M in Q3 2026"."""
    _uses.setdefault(role, []).append(find)


def uses_of(user, role: str) -> list[str]:
    return [use for find in _uses.get(role, ()) for use in find(user)]
