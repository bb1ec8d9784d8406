"""One run from its options to the folder of results."""

from collections.abc import Callable

from synapse.sampling.pipeline import choosing, folder, planning, profiling, scoping
from synapse.sampling.pipeline.engine import Follower, database, engine
from synapse.sampling.pipeline.manifest import write_manifest
from synapse.sampling.pipeline.outcome import Outcome, write_tables
from synapse.sampling.pipeline.request import Request
from synapse.sampling.pipeline.walk import begin


def run(request: Request, say: Callable[[str], None]) -> Outcome:
    """Everything, or a DomainError that says what stands in the way."""
    request.check()
    folder.require_free(request.out)
    with engine() as supervisor:
        planning.require_model(request)
        say(f"Database: {database()}")
        walk = begin(request, say, Follower(supervisor, say))
        plan = planning.make_plan(walk)
        profiled = profiling.make_profile(walk)
        scope = scoping.make_scope(walk)
        sample_set = choosing.make_samples(walk)
        outcome = Outcome(
            plan=plan,
            population=profiled.population,
            rule_set=profiled.rule_set,
            profile=profiled.profile,
            scope=scope,
            sample_set=sample_set,
            refused=profiled.refused,
        )
        with folder.results(request.out) as made:
            with walk.step("results"):
                written = write_tables(outcome, made)
            write_manifest(made, walk, outcome, written)
    say("")
    for name, seconds in walk.seconds.items():
        say(f"  {name:22}{seconds:8.2f} s")
    for name, facts in written.items():
        say(f"  {name:22}{facts['rows']:8} rows")
    say(f"Results in {request.out}")
    return outcome
