"""Operators change a queue while real workers serve it: nothing restarts, nothing is lost."""

import pytest
from django.db import connection

from jobs import queue_control
from jobs.models import Job, Worker
from tests.chaos import tasks
from tests.jobs.test_cluster import begin, effects_table, holder, start_workers, wait_status
from tests.support import cluster_tasks
from tests.support.workers import PUSHER, SENTINEL, WORKER, wait_for

pytestmark = [pytest.mark.acceptance, pytest.mark.django_db(transaction=True)]
__all__ = ["effects_table", "start_workers"]


def wait_workers(command, count):
    wait_for(
        lambda: command.alive_rows() == len(command.pids(WORKER)) == count, 20, f"{count} workers"
    )


def test_workers_come_and_go_while_jobs_run(start_workers, effects_table):
    command = start_workers(workers=1)
    pusher = wait_for(lambda: command.pids(PUSHER), 60, "there is a pusher")
    same = (command.process.pid, command.pids(SENTINEL), pusher)
    jobs = [begin(tasks.effects, items=40, seconds=0.1) for _ in range(4)]
    holder(jobs[0])
    queue_control.set_workers("default", 3, actor=None, reason="Too slow")
    wait_workers(command, 3)
    wait_for(lambda: Job.objects.filter(status="running").count() == 3, 60, "three run at once")
    queue_control.set_workers("default", 1, actor=None)
    wait_workers(command, 1)
    for job in jobs:
        wait_status(job, "succeeded")
    # Given back by the two that left, with its attempt: nobody died.
    assert set(Job.objects.values_list("attempt", flat=True)) == {1}
    assert Job.objects.filter(events__name="release").exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT (job_id, item)) FROM chaos_effect")
        assert cursor.fetchone() == (160, 160)
    assert same == (command.process.pid, command.pids(SENTINEL), command.pids(PUSHER))


def test_a_job_without_items_keeps_its_dismissed_worker_until_it_is_done(start_workers):
    command = start_workers(workers=2)
    jobs = [begin(cluster_tasks.stubborn, seconds=5) for _ in range(2)]
    pids = {holder(job) for job in jobs}
    queue_control.set_workers("default", 1, actor=None)
    for job in jobs:
        wait_status(job, "succeeded")
    assert set(Job.objects.values_list("attempt", flat=True)) == {1}
    wait_workers(command, 1)
    assert pids > set(command.pids(WORKER))
    wait_status(begin(tasks.nothing), "succeeded")


def test_the_number_outlives_the_sentinel(start_workers):
    command = start_workers(workers=1)
    queue_control.set_workers("default", 2, actor=None)
    wait_workers(command, 2)
    before = command.pids(SENTINEL)
    assert command.kill(before[0])
    wait_for(lambda: {*command.pids(SENTINEL)} - {*before}, 60, "another sentinel")
    wait_workers(command, 2)
    queue_control.set_workers("default", None, actor=None)
    wait_workers(command, 1)
    wait_status(begin(tasks.nothing), "succeeded")


def test_a_paused_queue_starts_nothing_until_it_is_resumed(start_workers):
    command = start_workers(workers=2)
    long = begin(tasks.sleep, seconds=2, step=0.1)
    holder(long)
    queue_control.pause_queue("default", actor=None, reason="The model is being moved")
    jobs = [begin(tasks.nothing) for _ in range(3)]
    wait_status(long, "succeeded")
    pusher = command.pids(PUSHER)[0]
    assert command.kill(pusher)
    wait_for(lambda: {*command.pids(PUSHER)} - {pusher}, 60, "another pusher")
    assert set(Job.objects.filter(task="chaos.nothing").values_list("status")) == {("queued",)}
    # Its poll is awaited: nothing but the row itself holds the jobs back.
    with pytest.raises(AssertionError, match="Not within"):
        wait_for(lambda: Job.objects.filter(attempt__gt=0).count() > 1, 6, "one is started", 0.2)
    queue_control.resume_queue("default", actor=None)
    for job in jobs:
        wait_status(job, "succeeded")
    assert Worker.objects.filter(stopped_at__isnull=True).count() == 2
