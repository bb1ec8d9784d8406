"""What the tester decides of samples, one or many, and what is asked for it."""

import pytest
from django.db import IntegrityError, transaction

from synapse.audit.models import Entry
from synapse.common.errors import Invalid, NotAllowed, ReasonRequired, Stale
from synapse.cycles.services import approval
from synapse.sampling.errors import NotDraft, NothingSelected, UnknownSamples
from synapse.sampling.models import Sample
from synapse.sampling.services.decisions import decide, decide_many
from synapse.sampling.states import BulkDecision, Decision
from tests.factories.sampling import make_sample_set

pytestmark = pytest.mark.django_db


def take(sample, actor, decision, reason=""):
    return decide(
        sample=sample,
        actor=actor,
        decision=decision,
        reason=reason,
        lock_version=sample.lock_version,
    )


def ids(sample_set):
    return list(sample_set.samples.values_list("pk", flat=True))


def test_a_sample_is_taken_in_and_out_and_back(sample_set, tester):
    sample = take(sample_set.items()[0], tester, Decision.APPROVED)
    assert (sample.decision, sample.decided_by, sample.lock_version) == ("approved", tester, 2)
    sample = take(sample, tester, Decision.REJECTED, "Closed account.")
    assert (sample.decision, sample.reason) == ("rejected", "Closed account.")
    sample = take(sample, tester, None)
    assert (sample.decision, sample.reason, sample.decided_by) == (None, "", None)
    assert Entry.objects.filter(action="sample.decide").count() == 3


def test_out_needs_a_reason(sample_set, tester):
    sample = sample_set.items()[0]
    with pytest.raises(ReasonRequired):
        take(sample, tester, Decision.REJECTED, "  ")
    with pytest.raises(Invalid) as refusal:
        decide_many(
            sample_set=sample_set,
            actor=tester,
            sample_ids=ids(sample_set),
            decision=BulkDecision.REJECT,
        )
    assert refusal.value.errors[0]["pointer"] == "/reason"
    assert not sample_set.samples.exclude(decision=None).exists()


def test_a_row_that_moved_is_refused(sample_set, tester):
    sample = sample_set.items()[0]
    take(sample, tester, Decision.APPROVED)
    with pytest.raises(Stale):
        take(sample, tester, None)


def test_many_at_once_and_one_entry_of_it(sample_set, tester):
    changed = decide_many(
        sample_set=sample_set,
        actor=tester,
        sample_ids=ids(sample_set),
        decision=BulkDecision.APPROVE,
        reason="not kept",
    )
    assert changed == sample_set.samples.filter(decision="approved", reason="").count() == 10
    again = decide_many(
        sample_set=sample_set,
        actor=tester,
        sample_ids=ids(sample_set)[:3],
        decision=BulkDecision.REJECT,
        reason="Not ours.",
    )
    assert again == sample_set.samples.filter(decision="rejected", reason="Not ours.").count() == 3
    assert Entry.objects.filter(action="sampleset.decide_many").count() == 2


def test_nothing_or_foreign_samples_are_refused(sample_set, tester):
    foreign = make_sample_set()
    with pytest.raises(NothingSelected):
        decide_many(sample_set=sample_set, actor=tester, sample_ids=[], decision=BulkDecision.CLEAR)
    with pytest.raises(UnknownSamples):
        decide_many(
            sample_set=sample_set,
            actor=tester,
            sample_ids=ids(foreign),
            decision=BulkDecision.APPROVE,
        )


def test_only_the_tester_decides_and_only_in_a_draft(sample_set, tester, owner):
    sample = sample_set.items()[0]
    with pytest.raises(NotAllowed):
        take(sample, owner, Decision.APPROVED)
    decide_many(
        sample_set=sample_set,
        actor=tester,
        sample_ids=ids(sample_set),
        decision=BulkDecision.APPROVE,
    )
    approval.submit(version=sample_set, actor=tester)
    sample = sample_set.items()[0]
    with pytest.raises(NotDraft):
        take(sample, tester, None)


def test_the_database_keeps_what_was_submitted(sample_set, tester, owner):
    decide_many(
        sample_set=sample_set,
        actor=tester,
        sample_ids=ids(sample_set),
        decision=BulkDecision.APPROVE,
    )
    pending = approval.submit(version=sample_set, actor=tester)
    for change in (
        lambda: Sample.objects.filter(version=pending).update(category="clean"),
        lambda: Sample.objects.filter(version=pending).delete(),
        lambda: type(pending).objects.filter(pk=pending.pk).update(seed=1),
    ):
        with pytest.raises(IntegrityError, match="can't change"), transaction.atomic():
            change()
    approval.approve(version=pending, actor=owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        Sample.objects.filter(version=pending).update(reason="later")
