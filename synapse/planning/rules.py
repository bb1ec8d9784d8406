"""Who may do what with a plan."""

from synapse.common.errors import NotAllowed
from synapse.cycles import rules as spine
from synapse.cycles.errors import WrongState
from synapse.cycles.states import REVISABLE


def can_view_plan(user, plan) -> bool:
    return spine.can_view_cycle_report(user, plan.cycle_report)


def can_view_document(user, document) -> bool:
    return spine.can_view_cycle_report(user, document.cycle_report)


def can_edit_plan(user, plan) -> bool:
    """The tester, while the plan is a draft."""
    return plan.is_draft and spine.can_work_on(user, plan.cycle_report)


def can_decide_plan(user, plan) -> bool:
    return plan.is_pending and spine.can_decide(user, plan)


def can_withdraw_plan(user, plan) -> bool:
    return plan.is_pending and spine.can_work_on(user, plan.cycle_report)


def can_revise_plan(user, plan) -> bool:
    """A completed phase is reopened first."""
    begun = plan.phase.is_in_progress and plan.status in REVISABLE
    return begun and spine.can_work_on(user, plan.cycle_report)


def require_editable(actor, plan) -> None:
    """Raises unless the actor is the tester and the plan a draft."""
    if not spine.can_work_on(actor, plan.cycle_report):
        raise NotAllowed(action="change the plan of this report")
    if not plan.is_draft:
        raise WrongState(
            what=str(plan), state=plan.get_status_display(), needed="only a draft can be changed"
        )
