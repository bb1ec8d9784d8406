"""Keeps the scores and the advice of a draft in step with its flags, policy and judgements."""

from django.db.models import F

from synapse.common.rewriting import rewrite
from synapse.scoping.scoring import COMPONENTS, Candidate, Components, score_of

WATCHED = ("score", "recommended", "recommendation_reason")
READ = (
    "pk",
    "judged_by",
    *COMPONENTS,
    "data_quality",
    *WATCHED,
    "attribute__position",
    "attribute__is_key",
    "attribute__is_cde",
    "attribute__has_open_issue",
)


def refresh_advice(scope) -> int:
    """Scores and advises all items of a draft anew; says for how many the advice turned.

    Called in the transaction that changed a judgement or the policy, with the scope locked. An
    item whose advice turned gets a new lock version: whoever has it open decides on old ground.
    """
    # Rows, not objects: each batch of judgements comes by here, and this is most of storing it.
    rows = list(scope.scope_items.values_list(*READ, named=True))
    scores = {row.pk: _score(row) for row in rows}
    candidates = [_candidate(row, scores[row.pk]) for row in rows if not row.attribute__is_key]
    advice = scope.policy.advise(candidates)
    changed, turned = [], []
    for row in rows:
        given = advice.get(row.pk)
        recommended, reason = (given.recommended, given.reason) if given else (None, "")
        after = (scores[row.pk], recommended, reason)
        if after != (row.score, row.recommended, row.recommendation_reason):
            item = scope.scope_items.model(pk=row.pk, **dict(zip(WATCHED, after, strict=True)))
            changed.append(item)
            if recommended != row.recommended:
                turned.append(row.pk)
    rewrite(changed, WATCHED)
    scope.scope_items.filter(pk__in=turned).update(lock_version=F("lock_version") + 1)
    return len(turned)


def _score(row) -> int | None:
    if not row.judged_by:
        return None
    return score_of(
        Components(*(getattr(row, name) for name in COMPONENTS)),
        is_cde=row.attribute__is_cde,
        has_open_issue=row.attribute__has_open_issue,
        quality=row.data_quality,
    )


def _candidate(row, score: int | None) -> Candidate:
    return Candidate(
        key=row.pk,
        position=row.attribute__position,
        score=score,
        is_cde=row.attribute__is_cde,
        has_open_issue=row.attribute__has_open_issue,
    )
