"""The path itself: what tester and owner do, over REST, from dictionary to approved samples."""

import time

from synapse.cycles.demonstration.planning import plan
from synapse.cycles.demonstration.profiling import profile
from synapse.cycles.demonstration.sampling import sample
from synapse.cycles.demonstration.scoping import scope
from synapse.cycles.demonstration.walking import Outcome, Walk

STEPS = {"planning": plan, "profiling": profile, "scoping": scope, "sampling": sample}


def go(walk: Walk) -> Outcome:
    """All phases in their order, each timed."""
    for name, step in STEPS.items():
        started = time.monotonic()
        step(walk)
        walk.outcome.seconds[name] = time.monotonic() - started
    return walk.outcome
