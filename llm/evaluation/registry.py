"""Which operations can be evaluated; how stands in `<app>/evaluated.py`."""

from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.module_loading import autodiscover_modules
from pydantic import BaseModel

from llm.evaluation.errors import NotEvaluable
from llm.evaluation.marks import Marks

# `llm.complete`, with provider, prompt version and audit links given.
Complete = Callable[..., Awaitable[Any]]


@dataclass(frozen=True)
class Case:
    """One question about the source, and the fields that a right answer to it names."""

    key: str
    label: str
    payload: Any
    fields: tuple[BaseModel, ...]


@dataclass(frozen=True)
class Source:
    """The text that the cases are about; `size`: characters of a case, 0 for the usual ones."""

    name: str
    content: bytes
    size: int = 0


@dataclass(frozen=True)
class Evaluated:
    """An operation, how its cases are cut, asked and scored.

    `cut` raises ValueError for a source or fields it can't use. `score` gets the fields that were
    asked for, and what `ask` gave for each case that was answered.
    """

    operation: str
    field: type[BaseModel]
    identity: Callable[[Any], Hashable]
    cut: Callable[[Source, Sequence[Any]], list[Case]]
    ask: Callable[[Case, Complete], Awaitable[Any]]
    score: Callable[[Sequence[Any], Sequence[Any]], Marks]


_registered: dict[str, Evaluated] = {}


def register(evaluated: Evaluated) -> Evaluated:
    _registered[evaluated.operation] = evaluated
    return evaluated


def named(operation: str) -> Evaluated:
    """NotEvaluable names those that there are."""
    autodiscover_modules("evaluated")
    if operation not in _registered:
        known = ", ".join(sorted(_registered)) or "none"
        raise NotEvaluable(operation=operation, operations=known)
    return _registered[operation]
