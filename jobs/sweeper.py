"""Brings back what was lost: jobs of dead workers, orphans, overrunning jobs, queue rows."""

import logging
import os
import signal
import time

from django.db import connection

from jobs import identity, leases
from jobs.claim import requeue_lost
from jobs.queue import restore_missing

logger = logging.getLogger(__name__)

# The task's own timeout ends a job first; what ignores it is killed after this many seconds more.
OVERRUN_SECONDS = 30
# A worker that was taken for dead leaves by itself when it wakes; then it is killed.
LEAVE_SECONDS = 30
REPAIR_SECONDS = 10.0
KEEP_WORKERS_HOURS = 24

# Claimed by a worker that was taken for dead before (frozen, then woken).
ORPHANS = """
SELECT j.id, j.worker_id FROM jobs_job j JOIN jobs_worker w ON w.id = j.worker_id
WHERE j.status = 'running' AND w.stopped_at IS NOT NULL
"""
OVERRUN = """
SELECT j.id, w.pid, w.pid_started FROM jobs_job j JOIN jobs_worker w ON w.id = j.worker_id
WHERE j.status = 'running' AND w.host = %s AND w.stopped_at IS NULL
AND now() - (j.timeout + %s) * interval '1 second' > (
    SELECT max(e.at) FROM jobs_jobevent e WHERE e.job_id = j.id AND e.name = 'claim')
"""
HUNG = """
SELECT id, pid, pid_started FROM jobs_worker
WHERE host = %s AND stopped_at < now() - %s * interval '1 second'
"""
PRUNE = """
DELETE FROM jobs_worker w WHERE w.stopped_at < now() - %s * interval '1 hour'
AND NOT EXISTS (SELECT 1 FROM jobs_job j WHERE j.worker_id = w.id)
"""


class Sweeper:
    """One cluster's sweeper; all may sweep at once, as each step does nothing the second time."""

    def __init__(self):
        self.watch = leases.Watch()
        self.repair_at = time.monotonic() + REPAIR_SECONDS
        self.checked_to = 0

    def sweep(self) -> None:
        for worker_id, reason in self.watch.find_dead():
            leases.bury(worker_id, reason)
        self.requeue_orphans()
        self.kill_overrunning()
        if time.monotonic() >= self.repair_at:
            begun = time.monotonic()
            restored, self.checked_to = restore_missing(self.checked_to)
            if restored:
                logger.warning("%s jobs had lost their queue rows.", restored)
            self.kill_hung()
            self.prune_workers()
            took = time.monotonic() - begun
            # With a million jobs queued the look takes a second: seldom, then.
            self.repair_at = time.monotonic() + max(REPAIR_SECONDS, 20 * took)

    def requeue_orphans(self) -> None:
        for job_id, worker_id in rows(ORPHANS, []):
            requeue_lost(job_id, "its worker had lost its lease", worker_id=worker_id)

    def kill_overrunning(self) -> None:
        """End workers of this machine whose job ignores its timeout; their death re-queues it."""
        for job_id, pid, started in rows(OVERRUN, [identity.host(), OVERRUN_SECONDS]):
            if identity.is_running(pid, int(started)):
                logger.error("Job %s ignores its timeout: worker %s is killed.", job_id, pid)
                os.kill(pid, signal.SIGKILL)

    def kill_hung(self) -> None:
        """End processes of this machine that go on although their lease is over: frozen, or in
        code that lets no other thread run. Until they end, nobody works in their slot.
        """
        for worker_id, pid, started in rows(HUNG, [identity.host(), LEAVE_SECONDS]):
            if identity.is_running(pid, int(started)):
                logger.error("Worker %s (pid %s) does not leave: it is killed.", worker_id, pid)
                os.kill(pid, signal.SIGKILL)

    def prune_workers(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(PRUNE, [KEEP_WORKERS_HOURS])


def rows(statement: str, parameters: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()
