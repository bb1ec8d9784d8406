"""People cancel jobs and try them again; each is refused when it makes no sense."""

import asyncio
import threading

import pytest
from django.db import connection
from django_q.models import OrmQ

from jobs import AlreadyRunning, JobRun, PlannedItem, control, enqueue, registry
from jobs.claim import claim
from jobs.errors import IllegalMove, ItemsUntried, JobGone, NothingToRetry
from jobs.execution import run_job
from jobs.models import Job
from jobs.testing import run_pending
from tests.support.workers import wait_for


class Refused(Exception):
    code = "refused"
    message = "The model refused."


@pytest.fixture
def failing():
    """Keys of the items that fail."""
    return {"b"}


@pytest.fixture
def ran():
    return []


@pytest.fixture
def job(declare, subject, owner, failing, ran):
    def work(run):
        for item in run.plan([PlannedItem(key) for key in "abc"]):
            with run.commit(item):
                ran.append(item.key)
                if item.key in failing:
                    raise Refused

    return enqueue(declare(work), subject=subject, owner=owner)


@pytest.mark.parametrize("status", ["queued", "waiting"])
def test_a_job_that_is_not_running_is_cancelled_at_once(job, owner, status, ran):
    Job.objects.update(status=status)
    cancelled = control.cancel(job, actor=owner)
    assert (cancelled.status, cancelled.message) == ("cancelled", "Cancelled.")
    assert cancelled.finished_at is not None
    assert not OrmQ.objects.exists()
    event = job.events.last()
    assert (event.name, event.actor) == ("cancel", owner)
    assert run_job(job.pk) == "skipped"
    assert ran == []


def test_a_running_job_is_asked_and_ends_at_the_next_item(job, owner):
    run = JobRun(claim(job.pk))
    asked = control.cancel(job, actor=owner)
    assert (asked.status, asked.cancel_requested) == ("running", True)
    assert job.events.last().name == "ask_cancel"
    again = control.cancel(job, actor=owner)
    assert again.cancel_requested_at == asked.cancel_requested_at
    assert again.version == asked.version + 1 > run.job.version


@pytest.mark.django_db(transaction=True)
def test_a_cancel_in_flight_ends_calls_and_job(declare, owner):
    begun, closed = [], []

    async def ask(item):
        begun.append(item.key)
        try:
            await asyncio.sleep(600)
        finally:
            closed.append(item.key)

    def work(run):
        for item, _answer in run.map(ask, run.plan([PlannedItem(key) for key in "abc"])):
            with run.commit(item):
                pass

    def cancel():
        wait_for(lambda: len(begun) == 3, 60, "all are under way")
        control.cancel(job, actor=owner)
        connection.close()

    job = enqueue(declare(work))
    threading.Thread(target=cancel).start()
    assert run_job(job.pk) == "cancelled"
    assert sorted(closed) == ["a", "b", "c"]
    job.refresh_from_db()
    assert (job.status, job.message, job.fence) == ("cancelled", "Cancelled.", None)
    assert [event.name for event in job.events.all()] == ["enqueue", "claim", "ask_cancel", "abort"]


def test_a_request_that_comes_too_late_changes_nothing(declare, owner):
    def work(run):
        control.cancel(run.job, actor=owner)
        return "finished anyway"

    enqueue(declare(work))
    (job,) = run_pending()
    assert (job.status, job.result) == ("succeeded", "finished anyway")


@pytest.mark.parametrize("status", ["succeeded", "failed", "cancelled"])
def test_an_ended_job_cannot_be_cancelled(job, owner, status):
    Job.objects.update(status=status)
    with pytest.raises(IllegalMove, match="can't be cancelled"):
        control.cancel(job, actor=owner)


def test_failed_items_alone_are_tried_again(job, owner, failing, ran):
    run_pending()
    assert (ran, failing) == (["a", "b", "c"], {"b"})
    ran.clear()
    failing.clear()
    again = control.retry_failed(job, actor=owner)
    assert (again.pk, again.status, again.attempt, again.failed) == (job.pk, "queued", 0, 0)
    run_pending()
    job.refresh_from_db()
    assert ran == ["b"]
    assert (job.status, job.done, job.failed, job.tone) == ("succeeded", 3, 0, "ok")


def test_nothing_failed_is_nothing_to_retry(job, owner, failing):
    with pytest.raises(NothingToRetry):
        control.retry_failed(job, actor=owner)
    failing.clear()
    run_pending()
    with pytest.raises(NothingToRetry):
        control.retry_failed(job, actor=owner)
    with pytest.raises(IllegalMove):
        control.retry(job, actor=owner)


def test_items_that_were_not_tried_are_not_taken_for_failed_ones(declare, owner, ran):
    def work(run):
        for item in run.plan([PlannedItem(key) for key in "abcd"]):
            with run.commit(item):
                if item.key == "a" and not ran:
                    raise Refused
                ran.append(item.key)
                if ran == ["b"]:
                    control.cancel(run.job, actor=owner)

    job = enqueue(declare(work))
    assert run_job(job.pk) == "cancelled"
    with pytest.raises(ItemsUntried, match="2 of 4 are left"):
        control.retry_failed(job, actor=owner)
    control.retry(job, actor=owner)
    with pytest.raises(IllegalMove, match="queued can't be tried again"):
        control.retry(job, actor=owner)
    assert run_job(job.pk) == "succeeded"
    assert sorted(ran) == ["a", "b", "c", "d"]


def test_of_two_retries_at_once_the_late_one_finds_the_job_done(job, owner, failing, monkeypatch):
    run_pending()
    failing.clear()
    late = Job.objects.get()
    control.retry_failed(job, actor=owner)
    run_pending()
    monkeypatch.setattr(control, "_current", lambda _job: late)  # read before the other one
    with pytest.raises(IllegalMove, match="done can't be tried again"):
        control.retry_failed(job, actor=owner)
    assert Job.objects.get().status == "succeeded"


def test_a_failed_job_is_tried_again_and_keeps_what_was_done(job, owner, failing, ran):
    failing.update("abc")
    run_pending()
    job.refresh_from_db()
    assert (job.status, job.failed) == ("failed", 3)
    failing.clear()
    again = control.retry(job, actor=owner)
    assert (again.error_code, again.message, again.finished_at) == ("", "", None)
    run_pending()
    job.refresh_from_db()
    assert (job.status, job.done, job.error_message) == ("succeeded", 3, "")


def test_a_cancelled_job_can_be_tried_again(job, owner):
    control.cancel(job, actor=owner)
    again = control.retry(job, actor=owner)
    assert (again.status, again.cancel_requested) == ("queued", False)
    assert OrmQ.objects.get().payload == str(job.pk)


def test_a_job_cancelled_half_way_keeps_what_was_done(declare, owner, ran):
    def work(run):
        for item in run.plan([PlannedItem(key) for key in "abc"]):
            with run.commit(item):
                ran.append(item.key)
                if ran == ["a"]:
                    control.cancel(run.job, actor=owner)

    job = enqueue(declare(work))
    assert run_job(job.pk) == "cancelled"
    again = control.retry(job, actor=owner)
    assert (again.status, again.done, again.cancel_requested) == ("queued", 1, False)
    assert run_job(job.pk) == "succeeded"
    job.refresh_from_db()
    assert (ran, job.done) == (["a", "b", "c"], 3)


def test_a_live_job_cannot_be_retried(job, owner):
    with pytest.raises(IllegalMove, match="queued can't be tried again"):
        control.retry(job, actor=owner)


def test_a_retry_gives_way_to_a_newer_job(job, owner, subject):
    control.cancel(job, actor=owner)
    newer = enqueue(registry.get(job.task), subject=subject)
    with pytest.raises(AlreadyRunning) as refused:
        control.retry(job, actor=owner)
    assert refused.value.job == newer
    assert Job.objects.get(pk=job.pk).status == "cancelled"  # the transaction goes on


def test_a_deleted_job_is_gone(job, owner):
    Job.objects.all().delete()
    for ask in (control.cancel, control.retry, control.retry_failed):
        with pytest.raises(JobGone):
            ask(job, actor=owner)
