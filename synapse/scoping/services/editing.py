"""The one way in to a draft that is about to be changed."""

from synapse.common.errors import NotAllowed
from synapse.scoping import rules
from synapse.scoping.errors import NotDraft
from synapse.scoping.models import Scope


def lock_draft(scope_id: int) -> Scope:
    """The draft, its row locked until the caller's transaction ends; refused if it isn't one."""
    scope = (
        Scope.objects.select_for_update(of=("self",))
        .select_related(
            "plan",
            "phase__cycle_report__report",
            "phase__cycle_report__cycle",
            "phase__cycle_report__tester",
        )
        .get(pk=scope_id)
    )
    if not scope.is_draft:
        raise NotDraft(number=scope.number, status=scope.get_status_display())
    return scope


def lock_draft_of(actor, scope_id: int) -> Scope:
    """The same, for a person: only the tester of the report edits its scope."""
    scope = lock_draft(scope_id)
    if not rules.can_work_on_scope(actor, scope):
        raise NotAllowed(action="change this scope")
    return scope
