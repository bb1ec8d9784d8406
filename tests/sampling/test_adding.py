"""Records chosen by hand: named with a reason, looked up by a worker, added once, removable."""

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from jobs.errors import AlreadyRunning
from jobs.testing import run_pending
from synapse.audit.models import Entry
from synapse.common.errors import Invalid, NotAllowed, ReasonRequired
from synapse.cycles.services import approval
from synapse.sampling.errors import (
    NotManual,
    RecordRejected,
    RecordTwice,
    RecordUnknown,
    SamplesMoved,
)
from synapse.sampling.services import adding
from synapse.sampling.services.drafting import start_sample_set
from synapse.sampling.services.removing import remove_record
from synapse.sampling.tasks import start_addition
from tests.factories.sampling import (
    add_by_hand,
    draw_into,
    make_later_profile,
    make_population,
    make_records,
)
from tests.sampling.pages import url

pytestmark = pytest.mark.django_db
in_jobs = pytest.mark.django_db(transaction=True)


@pytest.fixture
def draft(phase, tester):
    """A draft without samples."""
    return start_sample_set(phase=phase, actor=tester)


def start(draft, tester, **named):
    named = {"reason": "A complaint named it."} | named
    return start_addition(sample_set=draft, actor=tester, **named)


def ended(job):
    run_pending()
    job.refresh_from_db()
    return job


@in_jobs
@pytest.mark.parametrize("named", [{"record_no": 7}, {"key": "A00007"}])
def test_a_record_is_named_by_number_or_key(draft, tester, named):
    job = ended(start(draft, tester, **named))
    assert (job.task, job.status) == ("sampling.add_record", "succeeded")
    assert job.message == "Record 7 with the key A00007 was added."
    sample = draft.samples.get()
    assert job.result == {"sample": sample.pk, "record_no": 7, "key": "A00007"}
    assert (sample.record_no, sample.key) == (7, "A00007")
    assert sample.key_values == {"AccountNumber": "A00007"}
    assert sample.row["Remark"] == "=1+1"
    assert (sample.selection, sample.source, sample.category) == ("manual", "manual", "")
    assert sample.rationale == "A complaint named it."


def test_a_record_added_has_the_hash_that_a_draw_gives_it(sample_set):
    drawn = sample_set.items()[0]
    sample_set.samples.filter(pk=drawn.pk).delete()
    assert add_by_hand(sample_set, record_no=drawn.record_no).row_hash == drawn.row_hash


@pytest.mark.parametrize("number", [201, 10**25])
def test_a_number_that_is_not_there_is_refused_at_once(draft, tester, number):
    with pytest.raises(RecordUnknown, match=f"no record number {number}") as refused:
        start(draft, tester, record_no=number)
    assert refused.value.errors[0]["pointer"] == "/record_no"


@in_jobs
@pytest.mark.parametrize("key", ["A99999", "'; --"])
def test_a_key_that_is_not_there_fails_the_job(draft, tester, key):
    job = ended(start(draft, tester, key=key))
    assert (job.status, job.error_code) == ("failed", "record_unknown")
    assert f"no record with the key {key}" in job.error_message


@in_jobs
def test_a_key_on_several_records_wants_the_number(phase, tester):
    records = make_records(20)
    records[4] = records[3]
    make_population(phase.cycle_report, records=records, name="twins.csv", parts=4)
    draft = start_sample_set(phase=phase, actor=tester)
    job = ended(start(draft, tester, key="A00004"))
    assert (job.status, job.error_code) == ("failed", "record_ambiguous")
    assert "on 2 records (4, 5)" in job.error_message
    assert ended(start(draft, tester, record_no=5)).result["key"] == "A00004"


def test_a_record_that_was_rejected_at_import_is_told(phase, tester):
    records = make_records(20)
    records[6] = ("A00007", "1.00")
    make_population(phase.cycle_report, records=records, name="broken.csv", parts=2)
    draft = start_sample_set(phase=phase, actor=tester)
    with pytest.raises(RecordRejected, match="Record 7 was not imported"):
        start(draft, tester, record_no=7)
    for number in (6, 8, 11, 20):
        assert add_by_hand(draft, record_no=number).key == f"A{number:05}"


def test_a_record_is_named_once_and_has_a_reason(draft, tester):
    for named in ({}, {"record_no": 7, "key": "A00007"}):
        with pytest.raises(Invalid):
            start(draft, tester, **named)
    with pytest.raises(ReasonRequired):
        start(draft, tester, record_no=7, reason=" ")


def test_no_record_is_in_it_twice(sample_set, tester):
    drawn = sample_set.items()[0]
    for named in ({"record_no": drawn.record_no}, {"key": drawn.key}):
        with pytest.raises(RecordTwice) as refused:
            start(sample_set, tester, **named)
        assert [error["pointer"] for error in refused.value.errors] == [f"/{[*named][0]}"]


@in_jobs
@pytest.mark.parametrize("named", [{"record_no": 7}, {"key": "A00007"}])
def test_a_record_that_was_drawn_meanwhile_is_not_in_it_twice(draft, tester, named):
    job = start(draft, tester, **named)
    draw_into(draft, size=1, include_keys=["A00007"])
    job = ended(job)
    assert (job.status, job.error_code) == ("failed", "record_twice")
    assert not draft.samples.get(record_no=7).is_manual


@in_jobs
def test_a_job_that_goes_on_after_it_stored_adds_nothing_twice(draft, tester, monkeypatch):
    class Away(Exception):
        code, message, retryable = "away", "Away.", True

    def fails(*args):
        monkeypatch.undo()
        raise Away

    monkeypatch.setattr(adding, "summary", fails)
    job = start(draft, tester, key="A00007")
    run_pending()
    job.refresh_from_db()
    assert (job.status, draft.samples.count()) == ("waiting", 1)
    run_pending(waiting=True)
    job.refresh_from_db()
    assert (job.status, job.attempt, job.result["record_no"]) == ("succeeded", 2, 7)
    assert draft.samples.count() == 1
    assert Entry.objects.filter(action="sampleset.add_record").count() == 1


@in_jobs
def test_one_record_is_added_at_a_time(draft, tester):
    job = start(draft, tester, record_no=7)
    with pytest.raises(AlreadyRunning):
        start(draft, tester, record_no=8)
    assert ended(job).status == "succeeded"
    assert ended(start(draft, tester, record_no=8)).status == "succeeded"


@in_jobs
def test_samples_that_a_draw_moved_to_another_population_get_no_record_of_it(sample_set, tester):
    number = next(n for n in range(1, 200) if not sample_set.samples.filter(record_no=n).exists())
    read = sample_set.population_id
    job = start(sample_set, tester, record_no=number)
    later = make_population(sample_set.cycle_report, name="later.csv")
    make_later_profile(later, sample_set.profile.rule_set)
    draw_into(sample_set, size=1, seed=3)
    job = ended(job)
    assert (job.status, job.error_code) == ("failed", "stale")
    assert not sample_set.samples.filter(selection="manual").exists()
    with pytest.raises(SamplesMoved, match="later.csv"):
        start(sample_set, tester, record_no=number, population=read)


@in_jobs
def test_a_set_that_was_submitted_meanwhile_gets_no_record(sample_set, tester):
    number = next(n for n in range(1, 200) if not sample_set.samples.filter(record_no=n).exists())
    job = start(sample_set, tester, record_no=number)
    sample_set.samples.update(decision="approved", decided_by=tester, decided_at=job.created_at)
    approval.submit(version=sample_set, actor=tester)
    assert ended(job).error_code == "not_draft"
    assert sample_set.samples.count() == 10


@in_jobs
def test_the_request_reads_no_file(as_tester, draft):
    for name in draft.population.parts:
        default_storage.delete(name)
    sent = {"record_no": "7", "reason": "Known.", "population": draft.population_id}
    assert as_tester.post(url("sampleset_add", draft), sent).status_code == 302
    [job] = run_pending()
    assert (job.status, job.error_code) == ("failed", "stored_file_missing")


@in_jobs
@pytest.mark.parametrize("named", [{"record_no": 7}, {"key": "A00007"}])
def test_no_connection_is_held_while_the_file_is_read(draft, tester, monkeypatch, named):
    held = []

    def watched(reads):
        def read(*args):
            held.append(connection.connection is not None)
            return reads(*args)

        return read

    for name in ("numbers_of", "record_at"):
        monkeypatch.setattr(adding, name, watched(getattr(adding, name)))
    assert ended(start(draft, tester, **named)).status == "succeeded"
    assert held == [False] * (1 if "record_no" in named else 2)


def test_only_what_was_added_by_hand_is_removed(sample_set, tester):
    with pytest.raises(NotManual):
        remove_record(sample=sample_set.items()[0], actor=tester)
    drawn = set(sample_set.samples.values_list("record_no", flat=True))
    free = next(number for number in range(1, 200) if number not in drawn)
    sample = add_by_hand(sample_set, record_no=free)
    assert remove_record(sample=sample, actor=tester) == free
    assert sample_set.samples.count() == 10


def test_only_the_tester_adds_and_removes(draft, tester, owner):
    with pytest.raises(NotAllowed):
        start(draft, owner, record_no=7)
    sample = add_by_hand(draft, record_no=7)
    with pytest.raises(NotAllowed):
        remove_record(sample=sample, actor=owner)
