"""Jobs for real worker commands: committed, and waited for."""

from django.db import transaction

from jobs import enqueue
from jobs.models import Job, Worker
from tests.support.workers import wait_for


def begin(task, **arguments) -> Job:
    with transaction.atomic():
        return enqueue(task, **arguments)


def status(job: Job) -> str:
    return Job.objects.values_list("status", flat=True).get(pk=job.pk)


def wait_status(job: Job, wanted: str, seconds: float = 60.0) -> None:
    wait_for(lambda: status(job) == wanted, seconds, f"job {job.pk} is {wanted}")


def holder(job: Job) -> int:
    """Pid of the worker that runs the job, once one does."""

    def pid():
        return Worker.objects.filter(jobs=job, jobs__status="running").values_list("pid").first()

    return wait_for(pid, 60, f"job {job.pk} runs")[0]
