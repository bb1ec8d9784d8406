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

# A restarted server has cut every connection: that says nothing about the workers.
LOOK = """
SELECT w.id, w.host, w.pid, w.pid_started,
       w.beat_at < now() - %s * interval '1 second',
       w.beat_at > pg_postmaster_start_time() AND NOT EXISTS (
           SELECT 1 FROM pg_stat_activity a WHERE a.pid = w.backend_pid
           AND (a.backend_start IS NULL OR a.backend_start = w.backend_started))
FROM jobs_worker w WHERE w.stopped_at IS NULL
"""


@dataclass(frozen=True)
class Sight:
    """What one look at a living worker's row says."""

    worker_id: int
    host: str
    pid: int
    pid_started: float
    lapsed: bool
    cut: bool

    @property
    def here(self) -> bool:
        return self.host == identity.host()

    @property
    def process_ended(self) -> bool:
        return self.here and not identity.is_running(self.pid, int(self.pid_started))


class Watch:
    """Judges workers over several looks, so that a blind moment of ours kills nobody."""

    def __init__(self):
        self.cut_since: dict[int, float] = {}
        self.looked_at: float | None = None
        self.trust_beats_from = 0.0

    def find_dead(self) -> list[tuple[int, str]]:
        """(worker id, how it is known to be dead), surest evidence first."""
        sights = look()
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
        if sight.process_ended:
            return "its process ended"
        if now - self.cut_since.get(sight.worker_id, now) >= RECONNECT_SECONDS:
            return "its connection is gone"
        if sight.lapsed and now >= self.trust_beats_from:
            return f"no sign of life for {LEASE_SECONDS:.0f} s"
        return ""


def look() -> list[Sight]:
    with connection.cursor() as cursor:
        cursor.execute(LOOK, [LEASE_SECONDS])
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
