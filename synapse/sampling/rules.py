"""Who may do what with a sample set."""

from synapse.cycles import rules as cycles


def can_view_sample_set(user, sample_set) -> bool:
    return cycles.can_view_cycle_report(user, sample_set.cycle_report)


def can_work_on_sample_set(user, sample_set) -> bool:
    return cycles.can_work_on(user, sample_set.cycle_report)


def can_edit_sample_set(user, sample_set) -> bool:
    """The tester, while it is a draft: draw, decide, add, submit."""
    return sample_set.is_draft and can_work_on_sample_set(user, sample_set)


def can_decide_sample_set(user, sample_set) -> bool:
    """The report's owner, for a version that somebody else submitted."""
    return sample_set.is_pending and cycles.can_decide(user, sample_set)
