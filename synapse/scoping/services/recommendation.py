"""Recommending a scope in three plain steps: what to ask, and how an answer is stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from llm import packing
from synapse.audit.services import record
from synapse.common.rewriting import rewrite
from synapse.scoping.advice import refresh_advice
from synapse.scoping.attributes import facts_of
from synapse.scoping.errors import AttributesChanged, NothingToRecommend, ScopeChanged
from synapse.scoping.estimation import estimate_all
from synapse.scoping.facts import AttributeFacts
from synapse.scoping.models import SUPPORT, Scope, ScopeItem
from synapse.scoping.quality import refresh_quality
from synapse.scoping.scoring import COMPONENTS
from synapse.scoping.services.checking import Judged
from synapse.scoping.services.editing import lock_draft_of
from synapse.scoping.services.judging import OPERATION, Outcome
from synapse.scoping.states import JudgedBy

MOST_AT_ONCE = 10
# Tokens of one attribute's judgement, until some were measured.
TOKENS_OF_ONE = 350
# Long descriptions make small batches: the answer has to come in reasonable time.
BATCH_CHARACTERS = 12_000
UNJUDGED = Q(judged_by=JudgedBy.NOBODY) | ~Q(failure="")
MOST_NAMED = 3


@dataclass(frozen=True)
class Batch:
    """A few attributes that are asked for together; `payload` is JSON."""

    key: str
    label: str
    payload: dict[str, Any]


def begin(*, scope: Scope, actor, by: str, everything: bool) -> Scope:
    """Checks that the actor may ask and that there is something to ask for; leaves its trace."""
    scope = lock_draft_of(actor, scope.pk)
    count = _to_judge(scope, everything).count()
    if not count:
        raise NothingToRecommend()
    if refresh_quality(scope):
        refresh_advice(scope)
    record(
        actor=actor,
        action="scope.recommend",
        obj=scope,
        after={"by": by, "attributes": count, "everything": everything},
        cycle_report=scope.cycle_report,
    )
    return scope


def lacking(scope: Scope) -> int:
    """How many attributes have no recommendation, or failed to get a new one."""
    return _to_judge(scope, everything=False).count()


def plan(version_id: int, *, everything: bool) -> list[Batch]:
    """The attributes to judge, ten at once or fewer; keys are in scope anyway and left out."""
    scope = Scope.objects.select_related("phase__cycle_report__report").get(pk=version_id)
    report = _context(scope)
    at_once = packing.batch_size(OPERATION, expected=TOKENS_OF_ONE, most=MOST_AT_ONCE)
    batches: list[list[tuple[AttributeFacts, bool]]] = []
    size = 0
    for item in _to_judge(scope, everything):
        facts = facts_of(item.attribute)
        length = len(facts.description) + sum(map(len, facts.allowed_values))
        if not batches or len(batches[-1]) == at_once or size + length > BATCH_CHARACTERS:
            batches.append([])
            size = 0
        batches[-1].append((facts, bool(item.judged_by or item.failure)))
        size += length
    return [_batch(batch, report, scope.plan_id) for batch in batches]


def attributes_in(payload: dict[str, Any]) -> list[AttributeFacts]:
    return [AttributeFacts.from_dict(each) for each in payload["attributes"]]


def estimates(version_id: int) -> dict[str, Judged]:
    """Components by rule for every attribute of the plan that the scope reads."""
    scope = Scope.objects.select_related("plan").get(pk=version_id)
    estimated = estimate_all([facts_of(each) for each in scope.plan.attributes.all()])
    return {id_: Judged(each.components, each.rationale) for id_, each in estimated.items()}


def store(version_id: int, payload: dict[str, Any], outcome: Outcome, *, by: str) -> None:
    """Writes what a batch brought, in the caller's transaction; decisions stay as they are.

    Refused if the scope is no draft any more, reads another plan, or if an attribute differs
    from what was judged.
    """
    scope = Scope.objects.select_for_update(of=("self",)).get(pk=version_id)
    if not scope.is_draft:
        raise ScopeChanged(what=f"it is {scope.get_status_display()}")
    if scope.plan_id != payload["plan"]:
        raise ScopeChanged(what="it reads another plan")
    asked = {facts.id: facts for facts in attributes_in(payload)}
    items = _locked(scope, asked)
    _require_unchanged(items, asked)
    now = timezone.now()
    for item in items:
        id_ = str(item.attribute_id)
        if id_ in outcome.judged:
            _write(item, outcome.judged[id_], by, asked[id_], now)
        else:
            failure = outcome.failed[id_]
            item.failure, item.failure_code = failure.message, failure.code
        item.lock_version += 1
    rewrite(items, JUDGED_FIELDS)
    refresh_advice(scope)


def summary(version_id: int) -> dict[str, int]:
    """How many attributes are judged, how many without a quote, and how many are not judged."""
    items = ScopeItem.objects.filter(version_id=version_id, attribute__is_key=False)
    failed = items.exclude(failure="").count()
    judged = items.filter(failure="").exclude(judged_by=JudgedBy.NOBODY).count()
    return {
        "judged": judged,
        "unsupported": items.filter(unsupported=True).count(),
        "failed": failed,
        "recommended": _recommended(items),
    }


JUDGED_FIELDS = (
    *COMPONENTS,
    "rationale",
    *SUPPORT,
    "judged_by",
    "judged_at",
    "judged_facts",
    "simulated",
    "llm_call_id",
    "failure",
    "failure_code",
    "score",
    "lock_version",
)


def _to_judge(scope: Scope, everything: bool):
    items = scope.items().filter(attribute__is_key=False)
    return items if everything else items.filter(UNJUDGED)


def _recommended(items) -> int:
    return items.filter(recommended=True).count()


def _context(scope: Scope) -> dict[str, str]:
    report = scope.cycle_report.report
    return {
        "name": report.name,
        "regulation": report.regulation,
        "schedule": report.schedule,
        "frequency": report.get_frequency_display(),
    }


def _batch(batch: list[tuple[AttributeFacts, bool]], report: dict, plan_id: int) -> Batch:
    facts = [each for each, _ in batch]
    names = f"{facts[0].name} to {facts[-1].name}" if len(facts) > 1 else facts[0].name
    return Batch(
        key=f"{facts[0].id}-{facts[-1].id}",
        label=f"{len(facts)} attributes: {names}"[:300],
        payload={
            "plan": plan_id,
            "report": report,
            "attributes": [each.as_dict() for each in facts],
            # Whoever asks a second time wants a second answer, not the one kept from the first.
            "fresh": any(asked_before for _, asked_before in batch),
        },
    )


def _locked(scope: Scope, asked: dict[str, AttributeFacts]) -> list[ScopeItem]:
    return list(
        scope.scope_items.select_for_update(of=("self",))
        .select_related("attribute")
        .filter(attribute_id__in=[int(id_) for id_ in asked])
        .order_by("pk")
    )


def _require_unchanged(items: Iterable[ScopeItem], asked: dict[str, AttributeFacts]) -> None:
    now = {str(item.attribute_id): facts_of(item.attribute) for item in items}
    changed = [
        facts.name
        for id_, facts in asked.items()
        if id_ not in now or now[id_].fingerprint != facts.fingerprint
    ]
    if changed:
        more = f" and {len(changed) - MOST_NAMED} more" if len(changed) > MOST_NAMED else ""
        raise AttributesChanged(attributes=", ".join(changed[:MOST_NAMED]) + more)


def _write(item: ScopeItem, judged: Judged, by: str, facts: AttributeFacts, now) -> None:
    for name in COMPONENTS:
        setattr(item, name, getattr(judged.components, name))
    item.rationale, item.judged_by, item.judged_at = judged.rationale, by, now
    item.quote, item.unsupported = judged.quote.text, judged.unsupported
    item.quote_field, item.quote_start = judged.quote.field, judged.quote.start
    item.judged_facts = facts.fingerprint
    item.simulated, item.llm_call_id = judged.simulated, judged.call_id
    item.failure = item.failure_code = ""
    # The check constraint wants a score beside components; the exact one follows with the advice.
    item.score = judged.components.total
