"""Beginning a plan, and holding it still while it is changed."""

from synapse.cycles.models import CycleReport, Phase
from synapse.cycles.phases import PhaseKind
from synapse.cycles.services import approval
from synapse.planning import rules
from synapse.planning.models import Plan


def planning_phase(cycle_report: CycleReport) -> Phase:
    return cycle_report.phases.get(kind=PhaseKind.PLANNING)


def start_plan(*, phase: Phase, actor) -> Plan:
    """A new, empty draft of the list of fields."""
    return approval.start_version(model=Plan, phase=phase, actor=actor)


def lock_editable(plan: Plan, actor) -> Plan:
    """The plan as it is now, its row locked, once the actor may change it."""
    fresh = (
        Plan.objects.select_for_update(of=("self",), no_key=True)
        .select_related("phase__cycle_report__report", "phase__cycle_report__cycle")
        .get(pk=plan.pk)
    )
    rules.require_editable(actor, fresh)
    return fresh
