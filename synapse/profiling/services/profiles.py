"""Starting a profile: an approved rule set meets an imported population."""

from django.db import transaction
from django.db.models import Max

from synapse.audit.services import record
from synapse.common.errors import NotAllowed
from synapse.cycles import rules as spine
from synapse.cycles.errors import WrongState
from synapse.cycles.phases import PhaseKind
from synapse.cycles.services.approval import lock_phase
from synapse.profiling.errors.profiles import (
    ForeignPopulation,
    NothingToProfile,
    PopulationNotImported,
    RulesNotApproved,
)
from synapse.profiling.models import Population, Profile, RuleResult, RuleSet


@transaction.atomic
def begin_profile(*, rule_set: RuleSet, population: Population, actor) -> Profile:
    """An empty profile with a row for each rule that will run; its job fills it."""
    phase = lock_phase(rule_set.phase_id)
    _require_worker(actor, phase)
    rule_set = RuleSet.objects.get(pk=rule_set.pk)
    if not rule_set.is_approved:
        raise RulesNotApproved(rule_set=rule_set, status=rule_set.get_status_display())
    _require_usable(population, phase)
    newest = Profile.objects.filter(cycle_report=phase.cycle_report_id).aggregate(Max("number"))
    rules = list(rule_set.rules.filter(enabled=True).order_by("position", "pk"))
    profile = Profile.objects.create(
        cycle_report=phase.cycle_report,
        rule_set=rule_set,
        population=population,
        number=(newest["number__max"] or 0) + 1,
        created_by=actor,
        record_count=population.row_count,
        rules_run=len(rules),
    )
    RuleResult.objects.bulk_create(
        [RuleResult(profile=profile, rule=rule) for rule in rules], batch_size=500
    )
    record(
        actor=actor,
        action="profile.start",
        obj=profile,
        after={
            "population": population.pk,
            "population_sha256": population.content_sha256,
            "rule_set": rule_set.number,
            "rules": len(rules),
        },
        cycle_report=phase.cycle_report,
    )
    return profile


def _require_worker(actor, phase) -> None:
    if not spine.can_work_on(actor, phase.cycle_report):
        raise NotAllowed(action="profile the data of this report")
    if not phase.is_in_progress:
        raise WrongState(
            what=PhaseKind.PROFILING.label,
            state=phase.get_state_display(),
            needed="data is profiled while the phase is in progress",
        )


def _require_usable(population: Population, phase) -> None:
    if population.cycle_report_id != phase.cycle_report_id:
        raise ForeignPopulation(population=population)
    if population.imported_at is None:
        raise PopulationNotImported(population=population)
    if not population.row_count:
        raise NothingToProfile(population=population)
