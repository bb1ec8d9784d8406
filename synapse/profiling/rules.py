"""Who may see and do what in profiling."""

from synapse.common.errors import NotAllowed
from synapse.cycles import rules as spine
from synapse.cycles.errors import WrongState
from synapse.cycles.phases import PhaseKind


def can_view(user, owned) -> bool:
    """Everybody who sees the cycle-report of a population, rule set or profile."""
    return spine.can_view_cycle_report(user, owned.cycle_report)


def can_profile(user, phase) -> bool:
    """The tester, while the phase is in progress."""
    return phase.is_in_progress and spine.can_work_on(user, phase.cycle_report)


def can_upload(user, phase) -> bool:
    """The tester, while the phase is in progress; a skipped one leaves sampling its records."""
    return (phase.is_in_progress or phase.is_skipped) and spine.can_work_on(
        user, phase.cycle_report
    )


def require_upload(actor, cycle_report) -> None:
    """Raises unless the actor may bring or change populations of the report now."""
    if not spine.can_work_on(actor, cycle_report):
        raise NotAllowed(action="upload or change populations of this report")
    phase = cycle_report.phases.get(kind=PhaseKind.PROFILING)
    if not can_upload(actor, phase):
        needed = "reopen it first" if phase.is_complete else "start it first"
        raise WrongState(what="Profiling", state=phase.get_state_display(), needed=needed)
