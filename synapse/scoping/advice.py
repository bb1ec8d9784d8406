"""Keeps the scores and the advice of a draft in step with its flags, policy and judgements."""

from django.db.models import F

from synapse.common.rewriting import rewrite
from synapse.scoping.scoring import Candidate, score_of

WATCHED = ("score", "recommended", "recommendation_reason")


def refresh_advice(scope) -> int:
    """Scores and advises all items of a draft anew; says for how many the advice turned.

    Called in the transaction that changed a judgement or the policy, with the scope locked. An
    item whose advice turned gets a new lock version: whoever has it open decides on old ground.
    """
    items = list(
        scope.scope_items.select_related("attribute").only(
            "version_id",
            "judged_by",
            "regulatory_impact",
            "data_complexity",
            "common_errors",
            "downstream_dependencies",
            "data_quality",
            "lock_version",
            *WATCHED,
            "attribute__position",
            "attribute__is_key",
            "attribute__is_cde",
            "attribute__has_open_issue",
        )
    )
    before = {item.pk: tuple(getattr(item, name) for name in WATCHED) for item in items}
    for item in items:
        item.score = _score(item)
    advice = scope.policy.advise([_candidate(each) for each in items if not each.attribute.is_key])
    changed, turned = [], []
    for item in items:
        given = advice.get(item.pk)
        item.recommended = given.recommended if given else None
        item.recommendation_reason = given.reason if given else ""
        if before[item.pk] != tuple(getattr(item, name) for name in WATCHED):
            changed.append(item)
            if before[item.pk][1] != item.recommended:
                turned.append(item.pk)
    rewrite(changed, WATCHED)
    scope.scope_items.filter(pk__in=turned).update(lock_version=F("lock_version") + 1)
    return len(turned)


def _score(item) -> int | None:
    components = item.components
    if components is None:
        return None
    attribute = item.attribute
    return score_of(
        components,
        is_cde=attribute.is_cde,
        has_open_issue=attribute.has_open_issue,
        quality=item.data_quality,
    )


def _candidate(item) -> Candidate:
    return Candidate(
        key=item.pk,
        position=item.attribute.position,
        score=item.score,
        is_cde=item.attribute.is_cde,
        has_open_issue=item.attribute.has_open_issue,
    )
