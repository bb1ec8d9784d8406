"""Who may see and do what in profiling."""

from synapse.cycles import rules as spine


def can_view(user, owned) -> bool:
    """Everybody who sees the cycle-report of a population, rule set or profile."""
    return spine.can_view_cycle_report(user, owned.cycle_report)


def can_profile(user, phase) -> bool:
    """The tester, while the phase is in progress."""
    return phase.is_in_progress and spine.can_work_on(user, phase.cycle_report)
