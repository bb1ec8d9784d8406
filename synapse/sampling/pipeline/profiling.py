"""Profiling: population imported, rules proposed and approved, both brought together."""

from dataclasses import dataclass, field

from synapse.cycles.phases import PhaseKind
from synapse.profiling.models import Population, Profile, RuleSet
from synapse.profiling.selectors.profiles import latest_profile
from synapse.profiling.services.populations import confirm, take_population
from synapse.profiling.tasks.importing import start_import
from synapse.profiling.tasks.profiling import start_profile
from synapse.sampling.pipeline.request import PipelineStopped
from synapse.sampling.pipeline.ruling import make_rules
from synapse.sampling.pipeline.walk import Walk


@dataclass
class Profiled:
    population: Population
    rule_set: RuleSet
    profile: Profile
    refused: list[tuple[int, str, str]] = field(default_factory=list)


def make_profile(walk: Walk) -> Profiled:
    walk.start(PhaseKind.PROFILING)
    with walk.step("population import"):
        population = _import(walk)
    with walk.step("rule proposals"):
        rule_set, refused = make_rules(walk, population)
    with walk.step("rule approval"):
        rule_set = walk.through_approval(rule_set)
    with walk.step("profile"):
        walk.follow(start_profile(rule_set=rule_set, population=population, actor=walk.tester))
        profile = latest_profile(walk.cycle_report)
        if profile is None:
            raise PipelineStopped(reason="The profile could not be finished; see the job's items.")
    walk.complete(PhaseKind.PROFILING)
    return Profiled(population, rule_set, profile, refused)


def _import(walk: Walk) -> Population:
    file = walk.request.population
    population = take_population(
        cycle_report=walk.cycle_report, name=file.name, content=file, actor=walk.tester
    )
    population = confirm(
        population=population, actor=walk.tester, lock_version=population.lock_version
    )
    walk.follow(start_import(population=population, actor=walk.tester))
    population.refresh_from_db()
    wanted = walk.request.sample_size or 0
    if wanted > population.row_count:
        raise PipelineStopped(
            reason=f"--sample-size {wanted}: the population has {population.row_count:,} records."
        )
    matched = sum(column["attribute_id"] is not None for column in population.columns)
    walk.say(
        f"  {population.row_count:,} records of {file.name}, {population.rejected_count:,} "
        f"rejected; {matched} of {len(population.columns)} columns are attributes"
    )
    return population
