"""The tester's decisions: one sample or many, each traced, a rejection with its reason."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from synapse.audit.services import record
from synapse.common.errors import Invalid, ReasonRequired, Stale
from synapse.common.rewriting import rewrite
from synapse.sampling.errors import NothingSelected, UnknownSamples
from synapse.sampling.models import Sample, SampleSet
from synapse.sampling.services.editing import lock_draft_of
from synapse.sampling.states import BulkDecision, Decision

FIELDS = ("decision", "reason", "decided_by", "decided_at", "lock_version")
WHY_OUT = "record {record_no} was chosen and would not be tested"
MOST_NAMED = 100


@transaction.atomic
def decide(
    *, sample: Sample, actor, decision: str | None, reason: str = "", lock_version: int
) -> Sample:
    """Takes or clears one decision; refused if the row moved since the tester read it."""
    sample_set = lock_draft_of(actor, sample.version_id)
    sample = _locked(sample_set, [sample.pk])[0]
    if sample.lock_version != lock_version:
        raise Stale(what=f"Record {sample.record_no}")
    before = _state(sample)
    _apply(sample, actor, decision, reason)
    if _lacks_reason(sample):
        raise ReasonRequired(why=WHY_OUT.format(record_no=sample.record_no))
    sample.save(update_fields=FIELDS)
    record(
        actor=actor,
        action="sample.decide",
        obj=sample,
        before=before,
        after=_state(sample),
        reason=sample.reason,
        cycle_report=sample_set.cycle_report,
    )
    return sample


@transaction.atomic
def decide_many(
    *,
    sample_set: SampleSet,
    actor,
    sample_ids: Iterable[int],
    decision: BulkDecision,
    reason: str = "",
) -> int:
    """One decision for several samples, all or none."""
    sample_set = lock_draft_of(actor, sample_set.pk)
    wanted = sorted(set(sample_ids))
    if not wanted:
        raise NothingSelected()
    samples = _locked(sample_set, wanted)
    if len(samples) != len(wanted):
        raise UnknownSamples(count=len(wanted) - len(samples))
    target = None if decision == BulkDecision.CLEAR else Decision(decision)
    if target == Decision.REJECTED and not reason.strip():
        detail = "Say why these records are not to be tested."
        raise Invalid(
            reason=detail,
            errors=[{"pointer": "/reason", "code": "reason_required", "detail": detail}],
        )
    changed = [sample for sample in samples if sample.decision != target]
    for sample in changed:
        _apply(sample, actor, target, reason if target == Decision.REJECTED else "")
    rewrite(changed, FIELDS)
    _record_many(sample_set, actor, changed, decision, reason)
    return len(changed)


def _locked(sample_set: SampleSet, sample_ids: list[int]) -> list[Sample]:
    return list(
        sample_set.samples.select_for_update(of=("self",)).filter(pk__in=sample_ids).order_by("pk")
    )


def _apply(sample: Sample, actor, decision: str | None, reason: str) -> None:
    sample.decision = decision
    sample.reason = reason.strip() if decision else ""
    sample.decided_by = actor if decision else None
    sample.decided_at = timezone.now() if decision else None
    sample.lock_version += 1


def _lacks_reason(sample: Sample) -> bool:
    return sample.decision == Decision.REJECTED and not sample.reason


def _state(sample: Sample) -> dict:
    return {"decision": sample.decision, "reason": sample.reason, "key": sample.key}


def _record_many(sample_set, actor, changed: list[Sample], decision, reason: str) -> None:
    if not changed:
        return
    record(
        actor=actor,
        action="sampleset.decide_many",
        obj=sample_set,
        after={
            "decision": str(decision),
            "count": len(changed),
            "records": [sample.record_no for sample in changed[:MOST_NAMED]],
            "items": [sample.pk for sample in changed],
        },
        reason=reason.strip(),
        cycle_report=sample_set.cycle_report,
    )
