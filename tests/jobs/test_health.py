"""What doctor reads about the queues."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jobs import health, queue_control
from jobs.models import Job, Worker

pytestmark = pytest.mark.django_db


def worker(**values):
    return Worker.objects.create(
        **({"cluster": "c", "queue": "llm", "host": "h", "pid": 1, "pid_started": 1} | values)
    )


def job(**values):
    return Job.objects.create(
        **({"task": "chaos.nothing", "queue": "llm", "title": "None"} | values)
    )


def of(queue):
    return next(each for each in health.queues() if each.queue == queue)


def test_only_workers_that_beat_count():
    worker()
    worker(beat_at=timezone.now() - timedelta(seconds=30))
    worker(stopped_at=timezone.now())
    assert (of("llm").workers, of("default").workers) == (1, 0)


def test_the_age_of_a_queue_is_that_of_its_oldest_due_job():
    job(queued_at=timezone.now() - timedelta(seconds=90))
    job()
    job(status="waiting", run_after=timezone.now() + timedelta(hours=1))
    found = of("llm")
    assert found.due == 2
    assert 89 < found.oldest_seconds < 120
    assert found.unserved
    worker()
    assert not of("llm").unserved
    assert of("batch").oldest_seconds is None


def test_a_paused_queue_says_since_when():
    assert of("llm").paused_at is None
    row = queue_control.pause_queue("llm", actor=None)
    assert of("llm").paused_at == row.paused_at
    assert of("default").paused_at is None


def test_a_queue_that_nobody_configured_is_shown():
    job(queue="old")
    assert of("old").unserved


def test_jobs_that_no_worker_can_take_are_told_by_their_task_and_not_as_due():
    first = job(task="tests.gone", status="paused")
    job(task="tests.gone")
    job(task="tests.gone", status="cancelled")
    job()
    assert health.jobs_of_strange_tasks() == [("tests.gone", 2, first.pk)]
    assert of("llm").due == 1


def test_running_jobs_of_silent_workers_are_named():
    held = job(status="running", worker=worker())
    silent = job(status="running", worker=worker(beat_at=timezone.now() - timedelta(seconds=30)))
    orphan = job(status="running")
    assert health.jobs_without_live_worker() == [silent.pk, orphan.pk]
    assert held.pk not in health.jobs_without_live_worker()
