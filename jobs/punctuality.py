"""Periodic tasks that don't do what their schedule says: what an operator is told of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import OuterRef, Subquery

from jobs import clock, cron, registry
from jobs.models import Job, PeriodicTask
from jobs.states import Status

# By then any clock that turns has started what is due, also after an error.
GRACE = timedelta(minutes=3)


@dataclass(frozen=True)
class Trouble:
    """What is wrong with one task, and what to do about it."""

    task: str
    message: str
    mend: str


def troubles() -> list[Trouble]:
    """Of the tasks that can't be started, are late, or whose last job failed or holds them up.

    Says nothing of what staff have stopped, and of what no worker has looked at yet.
    """
    declared = {task.name: task for task in registry.all_tasks() if task.schedule}
    kind = ContentType.objects.get_for_model(PeriodicTask)
    about = Job.objects.filter(subject_type=kind, subject_id=OuterRef("pk")).order_by("-pk")
    rows = clock.known(declared).filter(stopped_at=None)
    rows = list(rows.annotate(job_id=Subquery(about.values("pk")[:1])))
    jobs = Job.objects.in_bulk([row.job_id for row in rows if row.job_id])
    return [
        trouble
        for row in rows
        for trouble in _of(row, declared[row.task].schedule, jobs.get(row.job_id))
    ]


def _of(row: PeriodicTask, schedule: str, job: Job | None) -> Iterator[Trouble]:
    if row.problem:
        mend = "Mend what it names; each cluster tries again within a minute."
        yield Trouble(row.task, f"can't be started: {row.problem}", mend)
        return
    due = cron.last_until(schedule, row.now - GRACE)
    if due > row.declared_at and (row.newest_slot is None or row.newest_slot < due):
        mend = "Start a worker: any of them starts what is due, once."
        yield Trouble(row.task, f"was due at {due:%Y-%m-%d %H:%M} UTC and was not started", mend)
    if job and job.status == Status.FAILED:
        mend = f"Mend what job {job.pk} says, and start the task on the page of periodic tasks."
        yield Trouble(row.task, f"its last job, {job.pk}, failed: {job.message}", mend)
    elif job and job.is_live and job.created_at < cron.last_until(schedule, due - GRACE):
        mend = f"Look at job {job.pk}: cancel it if it hangs, start workers if it is queued."
        message = f"job {job.pk} of {job.created_at:%Y-%m-%d %H:%M} UTC still holds it up"
        yield Trouble(row.task, message, mend)
