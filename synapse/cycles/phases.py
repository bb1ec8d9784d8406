"""The nine phases: their order, length, gates, and what later apps hook into each."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import models


class PhaseKind(models.TextChoices):
    PLANNING = "planning", "Planning"
    PROFILING = "profiling", "Profiling"
    SCOPING = "scoping", "Scoping"
    SAMPLING = "sampling", "Sampling"
    OWNERS = "owners", "Owners"
    REQUESTS = "requests", "Requests"
    TESTING = "testing", "Testing"
    OBSERVATIONS = "observations", "Observations"
    REPORT = "report", "Report"


ORDER: tuple[PhaseKind, ...] = tuple(PhaseKind)
DAYS: dict[PhaseKind, int] = dict(zip(ORDER, (7, 5, 7, 5, 3, 7, 14, 7, 5), strict=True))
SKIPPABLE = frozenset({PhaseKind.PROFILING})

# Requests, testing and observations begin with the first ready item of the phase before.
ITEM_GATED = frozenset({PhaseKind.REQUESTS, PhaseKind.TESTING, PhaseKind.OBSERVATIONS})


@dataclass(frozen=True)
class PhaseHooks:
    """What the app that does a phase's work tells the spine about it."""

    kind: PhaseKind
    url: Callable[[Any], str]
    version_model: Callable[[], type[models.Model]] | None = None
    check_start: Callable[[Any], None] | None = None
    on_start: Callable[[Any, Any], None] | None = None
    check_complete: Callable[[Any], None] | None = None
    on_complete: Callable[[Any, Any], None] | None = None
    has_ready_item: Callable[[Any], bool] | None = None
    links: list[tuple[str, Callable[[Any], str]]] = field(default_factory=list)


_hooks: dict[str, PhaseHooks] = {}


def register(kind: PhaseKind, **hooks: Any) -> PhaseHooks:
    """Called in an app's `AppConfig.ready`; each phase is done by one app.

    `url(phase)` is the phase's page. `version_model()` gives the Version subclass whose approval
    completing the phase requires. `check_*` raise a DomainError to refuse; `on_*(phase, actor)` run
    in the same transaction.
    """
    if kind in _hooks:
        raise RuntimeError(f"the {kind} phase is registered twice")
    _hooks[kind] = PhaseHooks(kind=kind, **hooks)
    return _hooks[kind]


def hooks_of(kind: str) -> PhaseHooks | None:
    return _hooks.get(kind)


def earlier(kind: str) -> PhaseKind | None:
    """The phase just before, None for the first."""
    index = ORDER.index(PhaseKind(kind))
    return ORDER[index - 1] if index else None
