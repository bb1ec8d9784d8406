"""Every move of the table can be made, and no other; each leaves one event."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from jobs import enqueue, moves
from jobs.errors import IllegalMove, JobGone, LeaseLost
from jobs.models import Job, JobEvent
from jobs.states import FINAL, LIVE, MOVES, Status

pytestmark = pytest.mark.django_db

FENCE = uuid.UUID(int=1)
# Ahead of a whole run of the suite, which imports this long before it comes to it.
SOON = timezone.now() + timedelta(hours=4)
VALUES = {
    "claim": {"new_fence": uuid.UUID(int=2), "worker_id": None, "tasks": "{tests.noop}"},
    "hold": {"wait": 300.0, "message": "The model is busy."},
    "sit_out": {"wait": 300.0, "message": "The database was away."},
    "back_off": {"wait": 300.0, "message": "Trying again."},
    "succeed": {"result": "null", "message": ""},
    "fail": {"message": "Broken.", "error_code": "broken", "error_detail": ""},
    "cancel": {"message": "Cancelled."},
    "abort": {"message": "Cancelled."},
    "suspend": {"given_back": 1, "wait": None, "message": ""},
}


# Columns without which a move isn't made.
NEEDS = {
    "abort": {"cancel_requested_at": SOON},
    "suspend": {"pause_requested_at": SOON},
    "resume_later": {"run_after": SOON},
    "retry": {"failed": 1},
}


@pytest.fixture
def job(declare):
    return enqueue(declare(lambda run: None, "tests.noop"))


def put(job, status, **columns):
    columns.setdefault("run_after", timezone.now() if status == Status.WAITING else None)
    Job.objects.filter(pk=job.pk).update(status=status, attempt=1, fence=FENCE, **columns)
    OrmQ.objects.all().delete()
    JobEvent.objects.all().delete()


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("name", MOVES)
def test_a_job_makes_the_moves_of_the_table_and_no_others(job, name, status):
    put(job, status, **NEEDS.get(name, {}))
    if status not in MOVES[name].sources:
        with pytest.raises(IllegalMove) as refused:
            moves.move(job.pk, name, **VALUES.get(name, {}))
        assert MOVES[name].verb in refused.value.message
        assert Job.objects.get(pk=job.pk).status == status
        assert not JobEvent.objects.exists()
        return

    moved = moves.move(job.pk, name, reason="why", **VALUES.get(name, {}))
    assert moved == Job.objects.get(pk=job.pk)
    assert moved.status == MOVES[name].target
    assert moved.version == job.version + 1
    event = JobEvent.objects.get()
    assert (event.name, event.before, event.after) == (name, status, moved.status)
    assert (event.attempt, event.reason) == (moved.attempt, "why")
    waits_in_queue = moved.status in (Status.QUEUED, Status.WAITING)
    assert OrmQ.objects.filter(payload=str(job.pk), key="default").count() == waits_in_queue
    assert (moved.finished_at is not None) == (moved.status in FINAL)
    assert moved.pause_requested_at is None


def test_states_are_live_or_final():
    assert set(Status) == LIVE | FINAL
    assert not LIVE & FINAL


@pytest.mark.parametrize(
    ("name", "attempt"), [("release", 0), ("hold", 0), ("sit_out", 0), ("requeue", 1)]
)
def test_who_is_not_to_blame_gets_the_attempt_back(job, name, attempt):
    put(job, Status.RUNNING)
    assert moves.move(job.pk, name, **VALUES.get(name, {})).attempt == attempt


@pytest.mark.parametrize("name", ["release", "requeue"])
def test_a_job_given_back_goes_to_the_front(job, name):
    put(job, Status.RUNNING)
    moves.move(job.pk, name)
    assert OrmQ.objects.get().lock == job.created_at


def test_a_waiting_job_may_be_taken_when_its_time_has_come(job):
    put(job, Status.RUNNING)
    moves.move(job.pk, "hold", **VALUES["hold"])
    job.refresh_from_db()
    assert OrmQ.objects.get().lock == job.run_after > timezone.now() + timedelta(minutes=4)
    with pytest.raises(IllegalMove):
        moves.move(job.pk, "claim", **VALUES["claim"])
    Job.objects.update(run_after=timezone.now())
    assert moves.move(job.pk, "claim", **VALUES["claim"]).status == Status.RUNNING
    assert not OrmQ.objects.exists()


def test_another_fence_has_lost_the_job(job):
    put(job, Status.RUNNING)
    with pytest.raises(LeaseLost):
        moves.move(job.pk, "succeed", fence=uuid.UUID(int=9), **VALUES["succeed"])
    assert Job.objects.get().status == Status.RUNNING


def test_a_job_that_is_gone_cannot_move():
    with pytest.raises(JobGone, match="404404"):
        moves.move(404404, "claim", **VALUES["claim"])


def test_a_request_to_cancel_outlives_a_release(job):
    put(job, Status.RUNNING, cancel_requested_at=timezone.now())
    for name in ("release", "requeue", "hold", "sit_out", "back_off"):
        with pytest.raises(IllegalMove):
            moves.move(job.pk, name, **VALUES.get(name, {}))
    assert moves.move(job.pk, "abort", **VALUES["abort"]).status == Status.CANCELLED
