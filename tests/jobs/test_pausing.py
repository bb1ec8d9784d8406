"""A job pauses and goes on: the same job, from its items, with what it waits for."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from jobs import (
    AlreadyRunning,
    JobRun,
    PlannedItem,
    control,
    enqueue,
    execution,
    registry,
    selectors,
)
from jobs.claim import claim, requeue_lost
from jobs.errors import IllegalMove, JobGone, PauseSeen
from jobs.execution import run_job
from jobs.models import Job
from jobs.testing import run_pending
from tests.jobs.outcomes import Open, Passing, finish


@pytest.fixture
def ran():
    return []


@pytest.fixture
def job(declare, subject, owner, ran):
    """Three items; what stands in `before` is done before the item of that key."""

    def work(run):
        for item in run.plan([PlannedItem(key) for key in "abc"]):
            with run.commit(item):
                ran.append(item.key)
                work.before.pop(item.key, lambda: None)()

    work.before = {}
    started = enqueue(declare(work, "tests.work"), subject=subject, owner=owner)
    started.before = work.before
    return started


def names(job):
    return [event.name for event in job.events.all()]


def test_a_queued_job_pauses_at_once_and_leaves_the_queue(job, owner, ran):
    paused = control.pause(job, actor=owner)
    assert (paused.status, paused.pause_requested_at, paused.finished_at) == ("paused", None, None)
    assert not OrmQ.objects.exists()
    assert (job.events.last().name, job.events.last().actor) == ("pause", owner)
    assert run_job(job.pk) == "skipped"
    assert run_pending(waiting=True) == []

    resumed = control.resume(job, actor=owner)
    assert (resumed.pk, resumed.status) == (job.pk, "queued")
    assert OrmQ.objects.get().lock == job.created_at  # it has kept its place
    run_pending()
    assert ran == ["a", "b", "c"]
    assert names(job) == ["enqueue", "pause", "resume", "claim", "succeed"]


def test_a_paused_job_still_waits_for_what_it_waited_for(start, owner):
    def work(run):
        raise Open(timezone.now() + timedelta(hours=1))

    job = finish(start(work))
    kept = (job.run_after, "The model is away; next try at noon.")
    paused = control.pause(job, actor=owner)
    assert (paused.status, paused.run_after, paused.message) == ("paused", *kept)
    resumed = control.resume(job, actor=owner)
    assert (resumed.status, resumed.run_after, resumed.message) == ("waiting", *kept)
    assert OrmQ.objects.get().lock == job.run_after

    control.pause(job, actor=owner)
    Job.objects.update(run_after=timezone.now())
    resumed = control.resume(job, actor=owner)
    assert (resumed.status, resumed.run_after) == ("queued", None)


def test_a_running_job_pauses_at_the_next_item_and_goes_on_from_there(job, owner, ran):
    job.before["b"] = lambda: control.pause(job, actor=owner)
    assert run_job(job.pk) == "paused"
    job.refresh_from_db()
    assert (job.done, job.attempt, job.fence, job.pause_requested_at) == (2, 0, None, None)
    assert not OrmQ.objects.exists()

    control.resume(job, actor=owner)
    assert run_job(job.pk) == "succeeded"
    job.refresh_from_db()
    assert ran == ["a", "b", "c"]
    assert (job.done, job.attempt) == (3, 1)
    assert names(job)[1:5] == ["claim", "ask_pause", "suspend", "resume"]
    assert set(job.items.values_list("tries", flat=True)) == {1}


def test_a_request_shows_and_can_be_withdrawn(job, owner):
    run = JobRun(claim(job.pk))
    asked = control.pause(job, actor=owner)
    shown = selectors.snapshot(asked)
    assert (shown["status"], shown["status_label"], shown["pause_requested"]) == (
        "running",
        "Pausing",
        True,
    )
    assert (shown["can_pause"], shown["can_resume"], shown["can_cancel"]) == (False, True, True)
    withdrawn = control.resume(job, actor=owner)
    assert (withdrawn.status, withdrawn.pause_requested) == ("running", False)
    assert selectors.snapshot(withdrawn)["can_pause"]
    assert names(job)[-2:] == ["ask_pause", "withdraw_pause"]
    run.step("goes on")
    assert withdrawn.version < run.job.version


def test_a_pause_that_was_withdrawn_too_late_queues_the_job_again(declare, owner):
    def work(run):
        control.pause(run.job, actor=owner)
        try:
            run.step("hears of it")
            run.step("ends by it")
        finally:
            control.resume(run.job, actor=owner)

    job = enqueue(declare(work))
    assert run_job(job.pk) == "queued"
    job.refresh_from_db()
    assert (job.attempt, OrmQ.objects.get().payload) == (0, str(job.pk))
    assert job.events.last().reason == "The pause was withdrawn."


def test_a_task_that_swallows_the_pause_pauses_at_its_end(job, owner):
    job.before["c"] = lambda: control.pause(job, actor=owner)
    work = registry.get("tests.work").function
    registry.forget("tests.work")
    registry.task("tests.work")(lambda run: swallow(work, run))
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.status, job.done) == ("paused", 3)
    control.resume(job, actor=owner)
    assert run_job(job.pk) == "succeeded"


def swallow(work, run):
    try:
        work(run)
    except BaseException:  # noqa: BLE001  what some task may do
        return


@pytest.mark.parametrize(
    ("error", "attempt", "waits"),
    [(Passing(), 1, True), (Open(timezone.now() + timedelta(days=1)), 0, True)],
)
def test_what_would_wait_pauses_instead_and_keeps_what_it_waits_for(
    start, owner, error, attempt, waits
):
    def work(run):
        control.pause(run.job, actor=owner)
        raise error

    job = finish(start(work))
    assert (job.status, job.attempt, job.pause_requested) == ("paused", attempt, False)
    assert (job.run_after > timezone.now(), error.message in job.message) == (True, waits)
    assert control.resume(job, actor=owner).status == "waiting"


def test_a_worker_that_stops_leaves_a_paused_job(job, owner):
    def stop():
        control.pause(job, actor=owner)
        execution.request_stop()

    job.before["a"] = stop
    assert run_job(job.pk) == "paused"
    job.refresh_from_db()
    assert (job.attempt, job.done) == (0, 1)


@pytest.mark.parametrize(("attempt", "status"), [(1, "paused"), (4, "failed")])
def test_a_death_pauses_if_attempts_are_left(job, owner, attempt, status):
    claim(job.pk)
    Job.objects.update(attempt=attempt)
    control.pause(job, actor=owner)
    assert requeue_lost(job.pk, "killed") == status
    job.refresh_from_db()
    assert (job.attempt, job.pause_requested, OrmQ.objects.count()) == (attempt, False, 0)


def test_a_cancel_is_stronger_than_a_pause(job, owner):
    run = JobRun(claim(job.pk))
    control.pause(job, actor=owner)
    asked = control.cancel(job, actor=owner)
    shown = selectors.snapshot(asked)
    assert (shown["status_label"], shown["can_pause"], shown["can_resume"]) == (
        "Cancelling",
        False,
        False,
    )
    with pytest.raises(IllegalMove, match="A job that is cancelling can't be paused"):
        control.pause(job, actor=owner)
    assert requeue_lost(job.pk, "killed") == "cancelled"
    assert run.job.pk == job.pk


def test_a_paused_job_can_be_cancelled_and_tried_again(job, owner, ran):
    control.pause(job, actor=owner)
    assert control.cancel(job, actor=owner).status == "cancelled"
    assert control.retry(job, actor=owner).status == "queued"
    run_pending()
    assert ran == ["a", "b", "c"]


def test_a_paused_job_keeps_the_place_of_its_subject(job, owner, subject):
    control.pause(job, actor=owner)
    with pytest.raises(AlreadyRunning):
        enqueue(registry.get("tests.work"), subject=subject)


@pytest.mark.parametrize(
    ("status", "ask", "words"),
    [
        ("succeeded", control.pause, "A job that is done can't be paused"),
        ("failed", control.pause, "A job that is failed can't be paused"),
        ("paused", control.pause, "A job that is paused can't be paused"),
        ("queued", control.resume, "A job that is queued can't be resumed"),
        ("running", control.resume, "A job that is running can't be resumed"),
        ("cancelled", control.resume, "A job that is cancelled can't be resumed"),
    ],
)
def test_what_makes_no_sense_is_refused(job, owner, status, ask, words):
    Job.objects.update(status=status)
    with pytest.raises(IllegalMove, match=words):
        ask(job, actor=owner)


@pytest.mark.parametrize("ask", [control.pause, control.resume])
def test_a_job_that_is_gone_is_told(job, owner, ask):
    Job.objects.all().delete()
    with pytest.raises(JobGone):
        ask(job, actor=owner)


@pytest.mark.parametrize(
    ("ask", "status"), [(control.cancel, "cancelled"), (control.pause, "paused")]
)
def test_a_job_given_back_between_two_looks_is_looked_at_again(
    job, owner, ask, status, monkeypatch
):
    held = claim(job.pk)
    looked = []

    def release_first(*arguments):
        if not looked:
            control.moves.move(job.pk, "release", fence=held.fence)
        looked.append(arguments)
        return request(*arguments)

    request = control._request
    monkeypatch.setattr(control, "_request", release_first)
    assert ask(job, actor=owner).status == status


def test_outside_of_map_the_signal_is_raised_at_the_next_boundary(job, owner):
    run = JobRun(claim(job.pk))
    items = run.plan([PlannedItem("a"), PlannedItem("b")])
    control.pause(job, actor=owner)
    with pytest.raises(PauseSeen), run.commit(items[0]):
        pass
    for boundary in (run.check, lambda: run.step("x"), lambda: run.commit(items[1]).__enter__()):
        with pytest.raises(PauseSeen):
            boundary()
    assert Job.objects.get().done == 1
