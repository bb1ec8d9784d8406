"""Jobs in any state, written as the engine would leave them."""

from django.db.models import F
from django.utils import timezone

from jobs import notify
from jobs.models import Job, JobEvent, JobItem
from jobs.states import FINAL, Status


def make_job(owner=None, *, task: str = "tests.example", failed: int = 0, **fields) -> Job:
    """A job with its first event; ended ones have their times."""
    now = timezone.now()
    status = fields.setdefault("status", Status.QUEUED)
    if status != Status.QUEUED:
        fields.setdefault("started_at", now)
        fields.setdefault("attempt", 1)
    if status in FINAL:
        fields.setdefault("finished_at", now)
    fields.setdefault("title", "Example")
    job = Job.objects.create(task=task, queue="default", owner=owner, failed=failed, **fields)
    JobEvent.objects.create(job=job, name="enqueue", after=Status.QUEUED, actor=owner)
    return job


def make_items(job: Job, *, done: int = 0, failed: int = 0, pending: int = 0) -> list[JobItem]:
    """Items in these states, with the job's counters to match."""
    states = ["done"] * done + ["failed"] * failed + ["pending"] * pending
    items = [
        JobItem(
            job=job,
            position=position,
            key=f"item-{position}",
            label=f"Item {position}",
            status=state,
            error_code="no_answer" if state == "failed" else "",
            error_message="The model gave no answer." if state == "failed" else "",
        )
        for position, state in enumerate(states)
    ]
    Job.objects.filter(pk=job.pk).update(done=done, failed=failed, total=len(items))
    job.refresh_from_db()
    return JobItem.objects.bulk_create(items)


def change_job(job: Job, *, notice: bool = True, **fields) -> Job:
    """Commits a new version of the job; tells of it unless the notice is to be lost."""
    Job.objects.filter(pk=job.pk).update(version=F("version") + 1, **fields)
    job.refresh_from_db()
    if notice:
        notify.progress(job)
    return job
