"""The tester's decisions: one attribute or many, each traced, an override with its reason."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from synapse.audit.services import record
from synapse.common.errors import Invalid, ReasonRequired, Stale
from synapse.common.rewriting import rewrite
from synapse.scoping.errors import KeyAlwaysInScope, NothingSelected, UnknownItems
from synapse.scoping.models import Scope, ScopeItem
from synapse.scoping.services.editing import lock_draft_of
from synapse.scoping.states import Decision

FIELDS = ("in_scope", "reason", "decided_by", "decided_at", "lock_version")
WHY_OVERRIDE = "{name} is decided against its advice"
WHY_CDE = "{name} is a critical data element and would not be tested"
WHY_UNSUPPORTED = "the model judged {name} without a quote that occurs in its text"
MOST_NAMED = 100


@transaction.atomic
def decide(
    *, item: ScopeItem, actor, in_scope: bool | None, reason: str = "", lock_version: int
) -> ScopeItem:
    """Takes or clears one decision; refused if the row moved since the tester read it."""
    scope = lock_draft_of(actor, item.version_id)
    item = _locked(scope, [item.pk])[0]
    if item.lock_version != lock_version:
        raise Stale(what=item.attribute.name)
    if item.attribute.is_key:
        raise KeyAlwaysInScope(attribute=item.attribute.name)
    before = _state(item)
    _apply(item, actor, in_scope, reason)
    why = _reason_missing(item)
    if why:
        raise ReasonRequired(why=why)
    item.save(update_fields=FIELDS)
    record(
        actor=actor,
        action="scopeitem.decide",
        obj=item,
        before=before,
        after=_state(item),
        reason=item.reason,
        cycle_report=scope.cycle_report,
    )
    return item


@transaction.atomic
def decide_many(
    *,
    scope: Scope,
    actor,
    item_ids: Iterable[int],
    decision: Decision,
    reason: str = "",
    lock_versions: dict[int, int] | None = None,
) -> int:
    """One decision for several attributes, all or none; keys among them are passed over.

    The reason is kept only where one is due: no plain decision carries the excuse of another.
    """
    scope = lock_draft_of(actor, scope.pk)
    wanted = sorted(set(item_ids))
    if not wanted:
        raise NothingSelected()
    items = _locked(scope, wanted)
    if len(items) != len(wanted):
        raise UnknownItems(count=len(wanted) - len(items))
    items = [item for item in items if not item.attribute.is_key]
    for item in items:
        if lock_versions and lock_versions.get(item.pk, item.lock_version) != item.lock_version:
            raise Stale(what=item.attribute.name)
    changed = [item for item in items if _changes(item, decision)]
    problems = []
    for item in changed:
        _apply(item, actor, _wanted(item, decision), "")
        why = _reason_missing(item)
        item.reason = reason.strip() if why else ""
        if why and not item.reason:
            problems.append(_problem(item, why))
    if problems:
        raise Invalid(
            reason=f"Give a reason: {problems[0]['detail']}"
            + (f" and {len(problems) - 1} more." if len(problems) > 1 else "."),
            errors=problems,
        )
    rewrite(changed, FIELDS)
    _record_many(scope, actor, changed, decision, reason)
    return len(changed)


def _locked(scope: Scope, item_ids: list[int]) -> list[ScopeItem]:
    return list(
        scope.scope_items.select_for_update(of=("self",))
        .select_related("attribute", "decided_by")
        .filter(pk__in=item_ids)
        .order_by("pk")
    )


def _apply(item: ScopeItem, actor, in_scope: bool | None, reason: str) -> None:
    item.in_scope = in_scope
    item.reason = reason.strip() if in_scope is not None else ""
    item.decided_by = actor if in_scope is not None else None
    item.decided_at = timezone.now() if in_scope is not None else None
    item.lock_version += 1


def _wanted(item: ScopeItem, decision: Decision) -> bool | None:
    return {
        Decision.INCLUDE: True,
        Decision.EXCLUDE: False,
        Decision.FOLLOW: item.recommended,
        Decision.CLEAR: None,
    }[decision]


def _changes(item: ScopeItem, decision: Decision) -> bool:
    """Following advice that is not there would clear a decision: such items are left alone.

    A decision that stands without a reason that is due by now is taken anew, with one.
    """
    if decision == Decision.FOLLOW and item.recommended is None:
        return False
    return item.in_scope != _wanted(item, decision) or bool(_reason_missing(item))


def reason_due(item: ScopeItem, in_scope: bool | None) -> str:
    """Why such a decision would need a reason; empty if it would not."""
    if in_scope is False and item.attribute.is_cde:
        return WHY_CDE.format(name=item.attribute.name)
    if None not in (in_scope, item.recommended) and in_scope != item.recommended:
        return WHY_OVERRIDE.format(name=item.attribute.name)
    if item.unsupported and in_scope is not None:
        return WHY_UNSUPPORTED.format(name=item.attribute.name)
    return ""


def _reason_missing(item: ScopeItem) -> str:
    """Why a reason is due and is not given; empty if all is well."""
    return "" if item.reason else reason_due(item, item.in_scope)


def _problem(item: ScopeItem, why: str) -> dict[str, str]:
    return {"pointer": f"/items/{item.pk}", "code": "reason_required", "detail": why}


def _state(item: ScopeItem) -> dict:
    state = {"in_scope": item.in_scope, "recommended": item.recommended, "reason": item.reason}
    return state | ({"unsupported": True} if item.unsupported else {})


def _record_many(scope, actor, changed: list[ScopeItem], decision: Decision, reason: str) -> None:
    if not changed:
        return
    names = [item.attribute.name for item in changed]
    record(
        actor=actor,
        action="scope.decide_many",
        obj=scope,
        after={
            "decision": decision.value,
            "count": len(names),
            "attributes": names[:MOST_NAMED],
            "items": [item.pk for item in changed],
        },
        reason=reason.strip(),
        cycle_report=scope.cycle_report,
    )
