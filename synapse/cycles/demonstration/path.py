"""The path itself: what tester and owner do, over REST, from dictionary to approved scope."""

import time

from synapse.cycles.demonstration.planning import plan
from synapse.cycles.demonstration.scoping import scope
from synapse.cycles.demonstration.walking import Outcome, Walk

WHY_SKIPPED = "The demonstration brings no population."


def skip_profiling(walk: Walk) -> None:
    walk.phase("profiling", "skip", {"reason": WHY_SKIPPED})


STEPS = {"planning": plan, "profiling": skip_profiling, "scoping": scope}


def go(walk: Walk) -> Outcome:
    """All phases in their order, each timed."""
    for name, step in STEPS.items():
        started = time.monotonic()
        step(walk)
        walk.outcome.seconds[name] = time.monotonic() - started
    return walk.outcome
