"""A job has one holder at a time; a dead one is replaced, and a zombie can write nothing."""

import threading

import pytest
from django.db import connection
from django_q.models import OrmQ

from jobs import JobRun, PlannedItem, control, enqueue, queue
from jobs.claim import claim, requeue_lost
from jobs.errors import LeaseLost
from jobs.models import Job, JobEvent, JobItem, Worker
from jobs.moves import move, try_move
from jobs.states import Status
from jobs.sweeper import Sweeper


@pytest.fixture
def job(db, declare):
    return enqueue(declare(lambda run: None, "tests.noop", max_attempts=2))


@pytest.fixture
def worker(db):
    return Worker.objects.create(cluster="c", queue="default", host="box", pid=1, pid_started=1)


def test_a_claim_is_one_statement(job, worker, django_assert_num_queries):
    with django_assert_num_queries(1):
        held = claim(job.pk, worker)
    job.refresh_from_db()
    assert held == job
    assert (job.status, job.attempt, job.worker) == ("running", 1, worker)
    assert held.fence == job.fence is not None
    assert job.started_at is not None
    assert not OrmQ.objects.exists()
    event = JobEvent.objects.latest("id")
    assert (event.name, event.attempt, event.worker) == ("claim", 1, "box:1")


def test_a_job_that_is_held_or_ended_is_not_taken(job):
    assert claim(job.pk) is not None
    assert claim(job.pk) is None
    Job.objects.update(status=Status.SUCCEEDED)
    assert claim(job.pk) is None
    assert claim(404404) is None


def test_each_claim_has_a_fence_of_its_own(job):
    first = claim(job.pk)
    move(first.pk, "release", fence=first.fence)
    assert claim(job.pk).fence != first.fence


@pytest.mark.django_db(transaction=True)
def test_of_many_claims_at_once_one_wins(job):
    start = threading.Barrier(8)
    won = []

    def try_it():
        start.wait()
        won.append(claim(job.pk))
        connection.close()

    threads = [threading.Thread(target=try_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([held for held in won if held]) == 1
    assert Job.objects.get().attempt == 1


def test_release_gives_the_attempt_back(job):
    held = claim(job.pk)
    released = move(job.pk, "release", fence=held.fence)
    assert (released.status, released.attempt, released.fence) == ("queued", 0, None)
    assert try_move(job.pk, "release", fence=held.fence) is None
    assert OrmQ.objects.get().lock == job.created_at


def test_a_death_counts_and_has_no_backoff(job, worker):
    claim(job.pk, worker)
    assert requeue_lost(job.pk, "its process ended", worker_id=worker.pk) == "queued"
    job.refresh_from_db()
    assert (job.attempt, job.run_after, job.worker) == (1, None, None)
    assert OrmQ.objects.get().lock == job.created_at
    assert JobEvent.objects.latest("id").reason == "its process ended"


def test_the_last_death_fails_the_job(job, worker):
    claim(job.pk, worker)
    requeue_lost(job.pk, "killed")
    claim(job.pk, worker)
    assert requeue_lost(job.pk, "killed", worker_id=worker.pk) == "failed"
    job.refresh_from_db()
    assert job.error_code == "worker_lost"
    assert "killed" in job.message
    assert not OrmQ.objects.exists()


def test_a_death_after_a_cancel_request_cancels(job, worker, owner):
    claim(job.pk, worker)
    control.cancel(job, actor=owner)
    assert requeue_lost(job.pk, "killed", worker_id=worker.pk) == "cancelled"


def test_only_the_dead_holder_loses_the_job(job, worker):
    claim(job.pk, worker)
    assert requeue_lost(job.pk, "killed", worker_id=worker.pk + 1) is None
    requeue_lost(job.pk, "killed", worker_id=worker.pk)
    assert requeue_lost(job.pk, "killed", worker_id=worker.pk) is None


@pytest.mark.django_db(transaction=True)
def test_a_zombie_writes_nothing(job, effects):
    zombie = JobRun(claim(job.pk))
    item, other = zombie.plan([PlannedItem("a"), PlannedItem("b")])
    requeue_lost(job.pk, "frozen")
    heir = JobRun(claim(job.pk))

    with pytest.raises(LeaseLost), zombie.commit(item):
        effects.write("a")
    with pytest.raises(LeaseLost):
        zombie.step("still here")
    assert try_move(job.pk, "succeed", fence=zombie.job.fence, result="1", message="") is None
    with heir.commit(item):
        effects.write("a")

    job.refresh_from_db()
    assert effects.keys() == ["a"]
    assert (job.status, job.done, job.step) == ("running", 1, "")
    assert JobItem.objects.get(key="b").status == "pending"
    assert [item.key for item in heir.plan([])] == ["b"] == [other.key]


def test_a_lost_queue_row_is_made_again_once(job, declare):
    waits = enqueue(declare(lambda run: None, "tests.waits"))
    Job.objects.filter(pk=waits.pk).update(status="waiting", run_after="2999-01-01T00:00:00Z")
    runs = enqueue(declare(lambda run: None, "tests.runs"))
    claim(runs.pk)
    OrmQ.objects.all().delete()
    assert queue.restore_missing()[0] == 1
    assert queue.restore_missing()[0] == 0
    row = OrmQ.objects.get()
    assert (row.key, row.payload, row.lock) == ("default", str(job.pk), job.created_at)


def test_a_waiting_job_that_is_due_gets_its_row_back(job):
    moment = job.created_at
    Job.objects.update(status="waiting", run_after=moment)
    OrmQ.objects.all().delete()
    assert queue.restore_missing()[0] == 1
    assert claim(job.pk).status == "running"


def test_a_long_queue_does_not_hide_a_lost_row_behind_it(job, declare, monkeypatch):
    monkeypatch.setattr(queue, "CHECKED_AT_ONCE", 2)
    work = declare(lambda run: None, "tests.many")
    *_, last = [enqueue(work) for _ in range(3)]
    OrmQ.objects.filter(payload=str(last.pk)).delete()
    sweeper = Sweeper()
    for _ in range(2):
        sweeper.due = dict.fromkeys(sweeper.due, 0.0)
        sweeper.sweep()
    assert OrmQ.objects.filter(payload=str(last.pk)).count() == 1
    assert queue.restore_missing(sweeper.checked_to) == (0, 0)
