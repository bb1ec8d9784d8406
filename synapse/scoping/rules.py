"""Who may do what with a scope."""

from synapse.cycles import rules as cycles


def can_view_scope(user, scope) -> bool:
    return cycles.can_view_cycle_report(user, scope.cycle_report)


def can_edit_scope(user, scope) -> bool:
    """The tester, while it is a draft: recommend, decide, change the policy, submit."""
    return scope.is_draft and can_work_on_scope(user, scope)


def can_work_on_scope(user, scope) -> bool:
    return cycles.can_work_on(user, scope.cycle_report)


def can_decide_scope(user, scope) -> bool:
    """The report's owner, for a version that somebody else submitted."""
    return scope.is_pending and cycles.can_decide(user, scope)
