"""Runs queued jobs in this process, through the very path that workers take."""

from django.db.models import F
from django.utils import timezone
from django_q.models import OrmQ

from jobs.execution import run_job
from jobs.models import Job
from jobs.states import Status


def run_pending(
    queue: str | None = None, *, waiting: bool = False, limit: int = 1_000
) -> list[Job]:
    """Run what is due, oldest first, until nothing is; returns the jobs that ran, as they are now.

    With `waiting`, jobs that wait for a later moment are run at once. A job that keeps on waiting
    is run at most `max_attempts` times more.
    """
    ran: list[int] = []
    for _ in range(limit):
        rows = OrmQ.objects.all() if queue is None else OrmQ.objects.filter(key=queue)
        if waiting:
            _make_due(ran)
        row = rows.filter(lock__lte=timezone.now()).order_by("lock", "id").first()
        if row is None:
            break
        job_id = int(row.payload)
        outcome = run_job(job_id)
        if outcome == "stopping":
            break
        if outcome != "skipped":
            ran.append(job_id)
    found = Job.objects.in_bulk(ran)
    return [found[job_id] for job_id in dict.fromkeys(ran) if job_id in found]


def _make_due(ran: list[int]) -> None:
    now = timezone.now()
    for job in Job.objects.filter(status=Status.WAITING, run_after__gt=now):
        if ran.count(job.pk) <= job.max_attempts:
            Job.objects.filter(pk=job.pk).update(run_after=now, version=F("version") + 1)
            OrmQ.objects.filter(payload=str(job.pk)).update(lock=now)
