"""Why a job that could start does not: its queue is paused, or nobody serves it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connections
from django.utils import timezone

from jobs import conf
from jobs.heartbeat import LEASE_SECONDS
from jobs.models import Job
from jobs.states import Status

STANDING = """
SELECT (SELECT paused_at FROM jobs_jobqueue WHERE name = %(queue)s),
    EXISTS (SELECT 1 FROM jobs_worker WHERE queue = %(queue)s AND stopped_at IS NULL
        AND beat_at > statement_timestamp() - %(lease)s * interval '1 second')
"""


@dataclass(frozen=True)
class Standing:
    """What the queue of a job that may start now is like."""

    queue_paused_at: datetime | None
    is_served: bool


def of_job(job: Job) -> Standing | None:
    """One query; None, without any, for a job that isn't to start now."""
    due = job.status == Status.WAITING and job.run_after and job.run_after <= timezone.now()
    if job.status != Status.QUEUED and not due:
        return None
    with connections[conf.DATABASE].cursor() as cursor:
        cursor.execute(STANDING, {"queue": job.queue, "lease": LEASE_SECONDS})
        return Standing(*cursor.fetchone())
