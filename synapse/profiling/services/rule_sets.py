"""Beginning a rule set, holding it still while it changes, and moving it to a newer plan."""

from django.db import transaction

from synapse.audit.services import record
from synapse.common.errors import NotAllowed
from synapse.cycles import rules as spine
from synapse.cycles.services import approval
from synapse.profiling.errors.rule_sets import (
    PopulationNotUsable,
    RuleSetNotDraft,
    RulesNeedPlan,
    RulesReadCurrentPlan,
)
from synapse.profiling.models import Population, RuleSet
from synapse.profiling.rule_submission import approved_plan


@transaction.atomic
def start_rule_set(*, phase, actor, population: Population | None = None) -> RuleSet:
    """An empty draft that reads the approved plan, and the newest imported population if any."""
    plan = approved_plan(phase)
    if plan is None:
        raise RulesNeedPlan()
    if population is None:
        population = newest_population(phase)
    elif population.cycle_report_id != phase.cycle_report_id or not population.is_imported:
        raise PopulationNotUsable(name=population.name)
    return approval.start_version(
        model=RuleSet, phase=phase, actor=actor, plan=plan, population=population
    )


def newest_population(phase) -> Population | None:
    return (
        Population.objects.filter(cycle_report_id=phase.cycle_report_id, imported_at__isnull=False)
        .order_by("-imported_at", "-pk")
        .first()
    )


def lock_rule_set(rule_set_id: int) -> RuleSet:
    """The draft, its row locked until the transaction ends; refused if it isn't one."""
    rule_set = (
        RuleSet.objects.select_for_update(of=("self",))
        .select_related(
            "plan",
            "population",
            "phase__cycle_report__report",
            "phase__cycle_report__cycle",
            "phase__cycle_report__tester",
        )
        .get(pk=rule_set_id)
    )
    if not rule_set.is_draft:
        raise RuleSetNotDraft(number=rule_set.number, status=rule_set.get_status_display())
    return rule_set


def lock_rule_set_of(actor, rule_set_id: int) -> RuleSet:
    """The same, for a person: only the tester of the report writes its rules."""
    rule_set = lock_rule_set(rule_set_id)
    require_tester(actor, rule_set)
    return rule_set


def require_tester(actor, rule_set: RuleSet) -> None:
    if not spine.can_work_on(actor, rule_set.cycle_report):
        raise NotAllowed(action="change the rules of this report")


@transaction.atomic
def take_over_plan(*, rule_set: RuleSet, actor) -> RuleSet:
    """Moves a draft to the plan approved now; rules about fields it lacks can't be submitted."""
    rule_set = lock_rule_set_of(actor, rule_set.pk)
    current = approved_plan(rule_set.phase)
    if current is None or current.pk == rule_set.plan_id:
        raise RulesReadCurrentPlan(number=rule_set.plan.number)
    before = rule_set.plan.number
    rule_set.plan = current
    rule_set.save(update_fields=["plan"])
    record(
        actor=actor,
        action="ruleset.take_over_plan",
        obj=rule_set,
        before={"plan": before},
        after={"plan": current.number},
        cycle_report=rule_set.cycle_report,
    )
    return rule_set
