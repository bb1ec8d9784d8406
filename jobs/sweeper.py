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
RESTORE_SECONDS = 15.0
HUNG_SECONDS = 30.0

HUNG = """
SELECT id, pid, pid_started FROM jobs_worker
WHERE host = %s AND stopped_at < now() - %s * interval '1 second'
"""


class Sweeper:
    """One cluster's sweeper; all may sweep at once, as each step does nothing the second time."""

    def __init__(self):
        now = time.monotonic()
        self.watch = leases.Watch()
        self.checked_to = 0
        self.sights: list[leases.Sight] = []
        self.due = {self.restore_rows: now + RESTORE_SECONDS, self.kill_hung: now + HUNG_SECONDS}

    @property
    def alarmed(self) -> bool:
        """Whether somebody may need us soon: a job runs somewhere, or a worker seems cut off."""
        return bool(self.watch.cut_since) or any(sight.job_id for sight in self.sights)

    @property
    def neighbours(self) -> set[tuple[int, int]]:
        """Living worker processes of this machine, as (pid, start)."""
        return {(each.pid, int(each.pid_started)) for each in self.sights if each.runs_here}

    def sweep(self) -> None:
        self.sights = leases.look(OVERRUN_SECONDS)
        for worker_id, reason in self.watch.find_dead(self.sights):
            leases.bury(worker_id, reason)
        for sight in self.sights:
            if sight.stopped:
                reason = "its worker had lost its lease"
                requeue_lost(sight.job_id, reason, worker_id=sight.worker_id)
            elif sight.overrun and sight.runs_here:
                # Its death re-queues the job.
                logger.error("Job %s ignores its timeout: %s is killed.", sight.job_id, sight.pid)
                os.kill(sight.pid, signal.SIGKILL)
        for step in [each for each, moment in self.due.items() if time.monotonic() >= moment]:
            # Also if it fails: it must not hold up the others.
            self.due[step] = time.monotonic() + RESTORE_SECONDS
            self.due[step] = time.monotonic() + step()

    def restore_rows(self) -> float:
        """Each step returns the seconds until it is due again."""
        begun = time.monotonic()
        restored, self.checked_to = restore_missing(self.checked_to)
        if restored:
            logger.warning("%s jobs had lost their queue rows.", restored)
        # With a million jobs queued the look takes a second: seldom, then.
        return max(RESTORE_SECONDS, 20 * (time.monotonic() - begun))

    def kill_hung(self) -> float:
        """End processes of this machine that go on although their lease is over: frozen, or in
        code that lets no other thread run. Until they end, nobody works in their slot.
        """
        for worker_id, pid, started in rows(HUNG, [identity.host(), LEAVE_SECONDS]):
            if identity.is_running(pid, int(started)):
                logger.error("Worker %s (pid %s) does not leave: it is killed.", worker_id, pid)
                os.kill(pid, signal.SIGKILL)
        return HUNG_SECONDS


def rows(statement: str, parameters: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()
