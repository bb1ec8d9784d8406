"""Pages that change samples: what a press does, and what is refused."""

import pytest

from synapse.cycles.services import approval
from synapse.sampling.models import SampleSet
from synapse.sampling.services.decisions import decide, decide_many
from synapse.sampling.states import BulkDecision
from tests.factories.sampling import add_by_hand, draw_into
from tests.sampling.pages import HTMX, url

pytestmark = pytest.mark.django_db


def include_all(sample_set):
    decide_many(
        sample_set=sample_set,
        actor=sample_set.cycle_report.tester,
        sample_ids=list(sample_set.samples.values_list("pk", flat=True)),
        decision=BulkDecision.APPROVE,
    )


def decision(sample, word, reason=""):
    return {"decision": word, "reason": reason, "lock_version": sample.lock_version}


def test_deciding_with_and_without_javascript(as_tester, sample_set):
    first, second = sample_set.items()[:2]
    address = url("sample_decide", sample_set, first.pk)
    response = as_tester.post(address, decision(first, "in") | {"query": "clean=on"})
    assert response.url == f"{first.get_absolute_url()}?clean=on"
    address = url("sample_decide", sample_set, second.pk)
    response = as_tester.post(address, decision(second, "out", "Closed."), headers=HTMX)
    page = response.content.decode()
    assert response["HX-Trigger-After-Settle"] == "scope-decided"
    assert f'id="sample-{second.pk}"' in page and 'id="facts"' in page and "sample-actions" in page
    assert set(sample_set.samples.exclude(decision=None).values_list("decision", flat=True)) == {
        "approved",
        "rejected",
    }


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_missing_reason_is_said_by_its_field(as_tester, sample_set, headers):
    sample = sample_set.items()[0]
    address = url("sample_decide", sample_set, sample.pk)
    response = as_tester.post(address, decision(sample, "out"), headers=headers)
    assert response.status_code == 422
    assert "Say why this record is not to be tested" in response.content.decode()


def test_a_stale_row_is_refused(as_tester, sample_set, tester):
    sample = sample_set.items()[0]
    decide(sample=sample, actor=tester, decision="approved", lock_version=1)
    address = url("sample_decide", sample_set, sample.pk)
    response = as_tester.post(address, decision(sample, "clear"), headers=HTMX)
    assert response.status_code == 412 and b"changed by somebody else" in response.content


def test_bulk_by_ticks_and_by_filter(as_tester, sample_set):
    sample = sample_set.items()[0]
    address = url("sampleset_decide", sample_set)
    as_tester.post(address, {"decision": "rejected", "reason": "Closed.", "item": [sample.pk]})
    assert sample_set.samples.get(decision="rejected").pk == sample.pk
    as_tester.post(f"{address}?clean=on", {"decision": "approved", "matching": "on"})
    clean = sample_set.samples.filter(category="clean")
    assert set(clean.values_list("decision", flat=True)) == {"approved"}


def test_a_record_added_by_hand_is_removed(as_tester, sample_set):
    drawn = set(sample_set.samples.values_list("record_no", flat=True))
    sample = add_by_hand(sample_set, record_no=next(n for n in range(1, 200) if n not in drawn))
    page = as_tester.get(sample.get_absolute_url()).content.decode()
    assert "by hand" in page and "Remove" in page
    as_tester.post(url("sample_remove", sample_set, sample.pk))
    assert not sample_set.samples.filter(pk=sample.pk).exists()


def test_a_filter_that_cant_be_read_takes_in_no_row(as_tester, sample_set):
    address = url("sampleset_decide", sample_set)
    as_tester.post(f"{address}?q=%00", {"decision": "approved", "matching": "on"})
    assert not sample_set.samples.exclude(decision=None).exists()


def test_from_submission_to_approval_and_revision(as_tester, client, owner, tester, sample_set):
    include_all(sample_set)
    assert as_tester.post(url("sampleset_submit", sample_set), {"note": "Ten."}).status_code == 302
    page = as_tester.get(sample_set.get_absolute_url()).content.decode()
    assert "Waits for" in page and "Withdraw" in page
    assert as_tester.get(url("sampleset_approve", sample_set)).status_code == 403
    client.force_login(owner)
    assert "10 in, 0 out" in client.get(url("sampleset_approve", sample_set)).content.decode()
    client.post(url("sampleset_approve", sample_set), {"note": ""})
    sample_set.refresh_from_db()
    assert sample_set.is_approved
    client.force_login(tester)
    assert "Make changes" in client.get(sample_set.get_absolute_url()).content.decode()
    revised = client.post(url("sampleset_revise", sample_set))
    draft = SampleSet.objects.get(number=2)
    assert revised.url == draft.get_absolute_url()
    draw_into(draft, size=12, seed=9)
    assert "added" in client.get(url("sampleset_compare", draft)).content.decode()


def test_rejection_and_withdrawal(as_tester, client, owner, tester, sample_set):
    include_all(sample_set)
    approval.submit(version=sample_set, actor=tester)
    as_tester.post(url("sampleset_withdraw", sample_set))
    sample_set.refresh_from_db()
    assert sample_set.is_draft
    approval.submit(version=sample_set, actor=tester)
    client.force_login(owner)
    empty = client.post(url("sampleset_reject", sample_set), {"reason": ""})
    assert empty.status_code == 200 and b"required" in empty.content
    client.post(url("sampleset_reject", sample_set), {"reason": "Too few."})
    sample_set.refresh_from_db()
    assert sample_set.status == "rejected"
    assert "Too few." in client.get(sample_set.get_absolute_url()).content.decode()


def test_history_shows_decisions(as_tester, sample_set):
    include_all(sample_set)
    sample = sample_set.items()[0]
    page = as_tester.get(url("sample_history", sample_set, sample.pk)).content.decode()
    assert "sampleset.decide_many" in page
