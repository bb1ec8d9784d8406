"""Who of the workers is dead, and what becomes of the job each of them held."""

import logging
import time
from dataclasses import dataclass

from django.db import connection

from jobs import identity
from jobs.claim import requeue_lost
from jobs.heartbeat import LEASE_SECONDS
from jobs.models import Job, Worker
from jobs.states import Status

logger = logging.getLogger(__name__)

# The connection of a heartbeat that was cut is replaced within this; see Heartbeat.
RECONNECT_SECONDS = 2.0

# One statement, as it is asked every few seconds: workers that have a lease, with the job of each,
# and jobs of workers that have lost theirs (frozen, then woken).
# A restarted server has cut every connection: that says nothing about the workers.
LOOK = """
SELECT w.id, w.host, w.pid, w.pid_started, w.stopped_at IS NOT NULL, seen.lapsed, seen.cut,
    seen.job_id, seen.timeout IS NOT NULL AND now() - seen.timeout > (
        SELECT max(e.at) FROM jobs_jobevent e WHERE e.job_id = seen.job_id AND e.name = 'claim')
FROM (
    SELECT w.id, w.beat_at < now() - %(lease)s * interval '1 second' AS lapsed,
        w.beat_at > pg_postmaster_start_time() AND NOT EXISTS (
            SELECT 1 FROM pg_stat_activity a WHERE a.pid = w.backend_pid
            AND (a.backend_start IS NULL OR a.backend_start = w.backend_started)) AS cut,
        j.id AS job_id, (j.timeout + %(overrun)s) * interval '1 second' AS timeout
    FROM jobs_worker w LEFT JOIN jobs_job j ON j.worker_id = w.id AND j.status = 'running'
    WHERE w.stopped_at IS NULL
    UNION ALL
    SELECT w.id, false, false, j.id, NULL
    FROM jobs_job j JOIN jobs_worker w ON w.id = j.worker_id
    WHERE j.status = 'running' AND w.stopped_at IS NOT NULL
) AS seen JOIN jobs_worker w USING (id)
"""


@dataclass(frozen=True)
class Sight:
    """What one look says of a worker that has a lease, or that still holds a job without one."""

    worker_id: int
    host: str
    pid: int
    pid_started: float
    stopped: bool
    lapsed: bool
    cut: bool
    job_id: int | None
    overrun: bool

    @property
    def here(self) -> bool:
        return self.host == identity.host()

    @property
    def runs_here(self) -> bool:
        return self.here and identity.is_running(self.pid, int(self.pid_started))


class Watch:
    """Judges workers over several looks, so that a blind moment of ours kills nobody."""

    def __init__(self):
        self.cut_since: dict[int, float] = {}
        self.looked_at: float | None = None
        self.trust_beats_from = 0.0

    def find_dead(self, sights: list[Sight]) -> list[tuple[int, str]]:
        """(worker id, how it is known to be dead), surest evidence first."""
        sights = [sight for sight in sights if not sight.stopped]
        now = time.monotonic()
        if self.looked_at is None or now - self.looked_at > LEASE_SECONDS / 2:
            # We could not look for a while (no database?), so perhaps they could not beat.
            self.trust_beats_from = now + LEASE_SECONDS / 2
        self.looked_at = now
        self.cut_since = {
            sight.worker_id: self.cut_since.get(sight.worker_id, now)
            for sight in sights
            if sight.cut and not sight.here
        }
        return [
            (sight.worker_id, reason) for sight in sights if (reason := self._judge(sight, now))
        ]

    def _judge(self, sight: Sight, now: float) -> str:
        if sight.here and not sight.runs_here:
            return "its process ended"
        if now - self.cut_since.get(sight.worker_id, now) >= RECONNECT_SECONDS:
            return "its connection is gone"
        if sight.lapsed and now >= self.trust_beats_from:
            return f"no sign of life for {LEASE_SECONDS:.0f} s"
        return ""


def look(overrun: float = 0) -> list[Sight]:
    """All that has a lease or should have; `overrun` is the seconds a job may go on after its
    timeout.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOOK, {"lease": LEASE_SECONDS, "overrun": overrun})
        return [Sight(*row) for row in cursor.fetchall()]


def bury(worker_id: int, reason: str) -> None:
    """Queue the dead worker's job again and end its lease; harmless when done twice.

    In this order: if we are killed in between, the next look finds the worker unburied.
    """
    jobs = Job.objects.filter(worker=worker_id, status=Status.RUNNING)
    for job_id in jobs.values_list("pk", flat=True):
        requeue_lost(job_id, reason, worker_id=worker_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE jobs_worker SET stopped_at = now() WHERE id = %s AND stopped_at IS NULL",
            [worker_id],
        )
    logger.warning("Worker %s is dead: %s.", worker_id, reason)


def bury_process(pid: int) -> None:
    """Bury the workers of a process of this machine that has just ended."""
    rows = Worker.objects.filter(host=identity.host(), pid=pid, stopped_at__isnull=True)
    for worker_id, started in rows.values_list("pk", "pid_started"):
        if not identity.is_running(pid, int(started)):
            bury(worker_id, "its process ended")
