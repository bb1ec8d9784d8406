"""Queue rows that come twice, too early, under another key or with code inside: real workers."""

import time
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from django_q.models import OrmQ, Task
from django_q.signing import SignedPackage

from jobs import control, direct
from tests.jobs import trouble
from tests.jobs.starting import begin, holder, status, wait_status
from tests.support.workers import Workers, wait_for

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("marks_table"),
]


def deliver(payload) -> None:
    """A queue row as a broker that gives up waiting too soon would write it again."""
    OrmQ.objects.create(key="default", payload=str(payload), lock=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('jobs_queue', 'default')")


def claimed_rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_q_ormq WHERE lock > clock_timestamp()")
        return cursor.fetchone()[0]


def test_a_running_job_that_is_delivered_again_starts_once(child_environment):
    with Workers(child_environment, workers=2):
        job = begin(trouble.start, seconds=2)
        holder(job)
        for _ in range(3):
            deliver(job.pk)
            time.sleep(0.4)
        wait_status(job, "succeeded")
        wait_for(lambda: OrmQ.objects.count() == 0, 60, "what was delivered again is gone")
    assert trouble.marks(job, "start") == 1


def test_no_job_is_claimed_before_a_worker_is_free_for_it(child_environment):
    with Workers(child_environment, workers=1):
        long = begin(trouble.start, seconds=60)
        holder(long)
        queued = [begin(trouble.start) for _ in range(6)]
        looks = []
        for _ in range(10):
            time.sleep(0.1)
            looks.append(claimed_rows())
        assert looks == [0] * 10
        control.cancel(long, actor=None)
        for job in queued:
            wait_status(job, "succeeded")
    assert [trouble.marks(job, "start") for job in queued] == [1] * 6


def test_a_job_queued_under_an_earlier_secret_key_runs(child_environment):
    job = begin(trouble.start)
    with Workers(child_environment | {"SECRET_KEY": "rotated meanwhile"}, workers=1):
        wait_status(job, "succeeded")
    assert trouble.marks(job, "start") == 1


def test_the_end_of_a_job_waits_for_no_other_s_result(child_environment):
    """Somebody holds every saved result of the library, as its own pruning does."""
    now = timezone.now()
    Task.objects.create(id="a", name="a", func="a", started=now, stopped=now, success=True)
    with (
        Workers(child_environment, workers=1),
        direct.connect("test") as holding,
        holding.transaction(),
    ):
        holding.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        holding.execute("SELECT * FROM django_q_task FOR UPDATE")
        for job in [begin(trouble.start) for _ in range(3)]:
            wait_status(job, "succeeded")
        assert Task.objects.count() == 1


class Trap:
    """Unpickled, it leaves a file: what a queue row could do to whoever trusts it."""

    def __init__(self, path: Path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def test_a_signed_pickle_in_the_queue_is_not_opened(child_environment, tmp_path):
    sprung = tmp_path / "sprung"
    with Workers(child_environment | {"SECRET_KEY": "tests-only"}, workers=1):
        deliver(SignedPackage.dumps(Trap(sprung)))
        wait_for(lambda: OrmQ.objects.count() == 0, 60, "the row is gone")
        job = begin(trouble.start)
        wait_status(job, "succeeded")
    assert status(job) == "succeeded"
    assert not sprung.exists()
