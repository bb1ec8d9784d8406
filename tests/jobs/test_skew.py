"""A worker whose machine's clock is an hour wrong: the database's time rules."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone
from django_q.models import OrmQ

from jobs.models import Job, Worker
from tests.chaos import tasks
from tests.jobs.test_cluster import begin, start_workers, wait_status
from tests.support import cluster_tasks
from tests.support.workers import wait_for

pytestmark = [pytest.mark.acceptance, pytest.mark.django_db(transaction=True)]
__all__ = ["start_workers"]


def seconds_ahead(job) -> float:
    """How far from now the job goes on, by the database's clock."""
    row = Job.objects.annotate(now=Now()).get(pk=job.pk)
    return (row.run_after - row.now).total_seconds()


def bring_forward(job) -> None:
    Job.objects.filter(pk=job.pk).update(run_after=Now())
    OrmQ.objects.filter(payload=str(job.pk)).update(lock=Now())


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_wrong_clock_moves_no_job_in_time(start_workers, child_environment, hours):
    child_environment["TEST_CLOCK_OFF"] = str(hours * 3600)
    start_workers(workers=1, program=["-m", "tests.support.skewed"])
    stumbled, busy = begin(cluster_tasks.stumble), begin(cluster_tasks.busy)
    due = timezone.now() + timedelta(seconds=3)
    later = begin(tasks.nothing, start_at=due)
    wait_status(stumbled, "waiting")
    assert 20 < seconds_ahead(stumbled) <= 75
    wait_status(busy, "waiting")
    assert 5 < seconds_ahead(busy) <= 30
    bring_forward(busy)
    wait_for(lambda: Job.objects.filter(pk=busy.pk, events__name="claim").count() == 2, 60, "again")
    wait_status(later, "succeeded")
    later.refresh_from_db()
    assert later.started_at >= due
    assert later.finished_at - due < timedelta(minutes=10)
    beat = Worker.objects.get(stopped_at=None).beat_at
    assert abs(beat - timezone.now()) < timedelta(minutes=10)
