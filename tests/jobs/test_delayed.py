"""A job may be asked to start later: it waits in its queue, and is taken when it is due."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.utils import timezone as clock
from django_q.models import OrmQ

from jobs import AlreadyRunning, control, enqueue, selectors
from jobs.errors import InvalidArguments, InvalidTask
from jobs.execution import run_job
from jobs.models import Job
from jobs.testing import run_pending

pytestmark = pytest.mark.django_db


@pytest.fixture
def noop(declare):
    return declare(lambda run: None, "tests.noop")


@pytest.fixture
def later():
    return clock.now() + timedelta(hours=1)


def test_it_waits_until_its_time_and_says_so(noop, owner, later, django_assert_num_queries):
    with django_assert_num_queries(1):
        job = enqueue(noop, owner=owner, start_at=later)
    assert job == Job.objects.get()
    shown = selectors.snapshot(job)
    assert (shown["status"], shown["run_after"]) == ("waiting", later.isoformat())
    assert shown["message"] == "Starts at the time that was asked for."
    row = OrmQ.objects.get()
    assert (row.payload, row.lock) == (str(job.pk), later)
    event = job.events.get()
    assert (event.name, event.after) == ("enqueue", "waiting")
    assert run_job(job.pk) == "skipped"
    assert run_pending() == []

    (ran,) = run_pending(waiting=True)
    assert (ran.status, ran.message, ran.run_after) == ("succeeded", "", None)


@pytest.mark.parametrize(
    "moment", [datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=timezone.max), None]
)
def test_a_moment_that_has_passed_is_now(noop, moment):
    job = enqueue(noop, start_at=moment)
    assert (job.status, job.run_after, job.message) == ("queued", None, "")
    assert OrmQ.objects.get().lock == job.created_at
    assert run_pending() == [job]


@pytest.mark.parametrize("moment", [datetime(2999, 1, 1), "2999-01-01T00:00:00Z", 5, True])
def test_what_is_no_moment_is_refused(noop, moment):
    with pytest.raises(InvalidArguments, match="a datetime with a time zone") as refused:
        enqueue(noop, start_at=moment)
    assert refused.value.http_status == 400
    assert not Job.objects.exists()


def test_it_has_the_place_of_its_subject_from_the_beginning(noop, subject, later):
    job = enqueue(noop, subject=subject, start_at=later)
    with pytest.raises(AlreadyRunning) as refused:
        enqueue(noop, subject=subject)
    assert refused.value.job == job


def test_it_can_be_cancelled_or_paused_before_it_starts(noop, owner, later):
    job = enqueue(noop, start_at=later)
    control.pause(job, actor=owner)
    resumed = control.resume(job, actor=owner)
    assert (resumed.status, resumed.run_after) == ("waiting", later)
    assert control.cancel(job, actor=owner).status == "cancelled"
    assert not OrmQ.objects.exists()


def test_no_task_takes_the_word_for_itself(declare):
    def work(run, *, start_at=None):
        return start_at

    with pytest.raises(InvalidTask, match="'start_at' is an argument of enqueue itself"):
        declare(work)
