"""Scoping: every attribute judged, the advice taken, the owner's approval."""

from synapse.cycles.phases import PhaseKind
from synapse.sampling.pipeline.request import PipelineStopped
from synapse.sampling.pipeline.walk import Walk
from synapse.scoping import tasks
from synapse.scoping.models import Scope, ScopeItem
from synapse.scoping.services.decisions import decide_many
from synapse.scoping.services.drafting import set_policy
from synapse.scoping.states import Decision

FALLBACK = 10
WHY = "Nothing reaches the threshold: the attributes of the highest score are tested."


def make_scope(walk: Walk) -> Scope:
    walk.start(PhaseKind.SCOPING)
    scope = Scope.objects.get(phase=walk.phase(PhaseKind.SCOPING))
    if walk.request.top is not None:
        scope = set_policy(
            scope=scope, actor=walk.tester, threshold=scope.threshold, top_n=walk.request.top
        )
    with walk.step("scope recommendation"):
        walk.say(f"  via {tasks.default_label()}")
        walk.follow(tasks.start_recommendation(scope=scope, actor=walk.tester))
    with walk.step("scope approval"):
        decide_items(walk, scope)
        scope = walk.through_approval(scope)
    walk.complete(PhaseKind.SCOPING)
    return scope


def decide_items(walk: Walk, scope: Scope) -> None:
    items = list(scope.scope_items.filter(attribute__is_key=False).select_related("attribute"))
    unjudged = [item for item in items if item.recommended is None]
    if unjudged:
        raise PipelineStopped(
            reason=f"{len(unjudged)} attributes could not be judged, first "
            f"“{unjudged[0].attribute.name}”: {unjudged[0].failure or 'no answer'}"
        )
    unsupported = [item for item in items if item.unsupported]
    if unsupported:
        raise PipelineStopped(
            reason=f"{len(unsupported)} attributes were judged without a quote that occurs, first "
            f"“{unsupported[0].attribute.name}”: a person has to decide them with a reason"
        )
    _take(walk, scope, items, Decision.FOLLOW)
    if not any(item.recommended for item in items):
        best = sorted(items, key=lambda item: (-(item.score or 0), item.attribute.position))
        walk.say(f"  {WHY}")
        _take(walk, scope, best[:FALLBACK], Decision.INCLUDE, WHY)


def _take(walk: Walk, scope: Scope, items: list[ScopeItem], decision, reason: str = "") -> None:
    changed = decide_many(
        scope=scope,
        actor=walk.tester,
        item_ids=[item.pk for item in items],
        decision=decision,
        reason=reason,
    )
    walk.say(f"  {changed} attributes decided {decision.label}")
