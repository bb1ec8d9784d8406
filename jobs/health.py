"""What an operator asks of the queues: who serves them, and how long jobs have waited."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection

from jobs import registry
from jobs.heartbeat import LEASE_SECONDS

ALIVE = """
SELECT queue, count(*) FROM jobs_worker
WHERE stopped_at IS NULL AND beat_at > statement_timestamp() - %s * interval '1 second'
GROUP BY queue
"""
DUE = """
SELECT queue, count(*), extract(epoch FROM statement_timestamp() - min(due))::float8
FROM (SELECT queue, coalesce(run_after, queued_at) AS due FROM jobs_job
      WHERE status IN ('queued', 'waiting') AND task = ANY(%s::text[])) AS pending
WHERE due <= statement_timestamp() GROUP BY queue
"""
STRANGE = """
SELECT task, count(*), min(id) FROM jobs_job
WHERE status IN ('queued', 'waiting', 'paused') AND task <> ALL(%s::text[])
GROUP BY task ORDER BY task
"""
RUNNING = "SELECT queue, count(*) FROM jobs_job WHERE status = 'running' GROUP BY queue"
PAUSED = "SELECT name, paused_at FROM jobs_jobqueue WHERE paused_at IS NOT NULL"
UNATTENDED = """
SELECT j.id FROM jobs_job j LEFT JOIN jobs_worker w ON w.id = j.worker_id
WHERE j.status = 'running' AND (w.id IS NULL OR w.stopped_at IS NOT NULL
OR w.beat_at < statement_timestamp() - %s * interval '1 second') ORDER BY j.id LIMIT 100
"""


@dataclass(frozen=True)
class QueueHealth:
    """One queue as it stands now; `due` are jobs that a worker could take, `oldest_seconds` is how
    long the oldest of them has waited, `paused_at` since when operators let none of them start.
    """

    queue: str
    workers: int
    running: int
    due: int
    oldest_seconds: float | None
    paused_at: datetime | None = None

    @property
    def unserved(self) -> bool:
        return self.due > 0 and self.workers == 0


def queues() -> list[QueueHealth]:
    """Every configured queue, and any other that has jobs or workers."""
    workers = dict(_rows(ALIVE, [LEASE_SECONDS]))
    running = dict(_rows(RUNNING, []))
    due = {queue: (count, oldest) for queue, count, oldest in _rows(DUE, [registry.name_array()])}
    paused = dict(_rows(PAUSED, []))
    names = [*settings.JOBS["WORKERS"]]
    names += sorted({*workers, *running, *due} - {*names})
    return [
        QueueHealth(
            name,
            workers.get(name, 0),
            running.get(name, 0),
            *due.get(name, (0, None)),
            paused.get(name),
        )
        for name in names
    ]


def jobs_of_strange_tasks() -> list[tuple[str, int, int]]:
    """(task, jobs, number of the first) that wait for a task which this program doesn't have."""
    return _rows(STRANGE, [registry.name_array()])


def jobs_without_live_worker() -> list[int]:
    """Running jobs whose worker shows no life; a sweeper queues them again within 20 s."""
    return [job_id for (job_id,) in _rows(UNATTENDED, [LEASE_SECONDS])]


def _rows(statement: str, parameters: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()
