"""Kills idle workers one after another and times how soon the next job starts."""

import time

from django.db import transaction

from jobs import enqueue
from jobs.models import Job
from tests.chaos import tasks
from tests.support.workers import WORKER, Workers, wait_for


def kill_idle_workers(cluster: Workers, times: int) -> list[float]:
    """Seconds from each kill to the start of a job that was enqueued right after it, sorted."""
    waits = []
    for number in range(times):
        pids = wait_for(lambda: cluster.pids(WORKER), 90, "there is a worker")
        if not cluster.kill(pids[number % len(pids)]):
            raise AssertionError("The worker to kill was gone.")
        begun = time.monotonic()
        with transaction.atomic():
            job = enqueue(tasks.nothing)
        wait_for(lambda pk=job.pk: has_started(pk), 90, "the next job starts", 0.002)
        waits.append(time.monotonic() - begun)
        wait_for(lambda: cluster.alive_rows() >= cluster.workers, 90, "all workers are back")
    return sorted(waits)


def has_started(pk: int) -> bool:
    return not Job.objects.filter(pk=pk, status="queued").exists()
