"""Starting a scope from the approved plan, and setting what it goes by."""

from django.db import transaction

from synapse.audit.services import changes, record
from synapse.common.errors import Invalid
from synapse.cycles.services import approval
from synapse.scoping import submission
from synapse.scoping.advice import refresh_advice
from synapse.scoping.errors import PlanEmpty, PlanIsCurrent, PlanMissing
from synapse.scoping.models import Scope
from synapse.scoping.services.editing import lock_draft_of

MOST_TOP_N = 100_000


@transaction.atomic
def start_scope(*, phase, actor) -> Scope:
    """A draft with an item for each attribute of the approved plan."""
    plan = submission.approved_plan(phase)
    if plan is None:
        raise PlanMissing()
    scope = approval.start_version(model=Scope, phase=phase, actor=actor, plan=plan)
    submission.fill(scope, former=[])
    _require_items(scope)
    return scope


@transaction.atomic
def take_over_plan(*, scope: Scope, actor) -> Scope:
    """Moves a draft to the plan approved now, keeping what the plan did not change."""
    scope = lock_draft_of(actor, scope.pk)
    current = submission.approved_plan(scope.phase)
    if current is None or current.pk == scope.plan_id:
        raise PlanIsCurrent(number=scope.plan.number)
    former, read = list(scope.items()), scope.plan.number
    scope.scope_items.all().delete()
    scope.plan = current
    scope.save(update_fields=["plan"])
    submission.fill(scope, former)
    _require_items(scope)
    record(
        actor=actor,
        action="scope.take_over_plan",
        obj=scope,
        before={"plan": read},
        after={"plan": current.number},
        cycle_report=scope.cycle_report,
    )
    return scope


@transaction.atomic
def set_policy(*, scope: Scope, actor, threshold: int, top_n: int) -> Scope:
    """Changes what counts as in scope; every advice follows, no decision does."""
    scope = lock_draft_of(actor, scope.pk)
    _check_range("threshold", threshold, 0, 100)
    _check_range("top_n", top_n, 0, MOST_TOP_N)
    before, after = changes(scope, {"threshold": threshold, "top_n": top_n})
    if not after:
        return scope
    scope.threshold, scope.top_n = threshold, top_n
    scope.save(update_fields=["threshold", "top_n"])
    refresh_advice(scope)
    record(
        actor=actor,
        action="scope.set_policy",
        obj=scope,
        before=before,
        after=after,
        cycle_report=scope.cycle_report,
    )
    return scope


def _require_items(scope: Scope) -> None:
    if not scope.scope_items.exists():
        raise PlanEmpty(number=scope.plan.number)


def _check_range(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        detail = f"{value} is not from {low} to {high}."
        raise Invalid(
            reason=detail, errors=[{"pointer": f"/{name}", "code": "range", "detail": detail}]
        )
