"""Jobs as they are shown: who may see which, and the one JSON shape of sockets and REST."""

from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils import timezone

from jobs import registry
from jobs.errors import UnknownTask
from jobs.models import Job
from jobs.states import Status


def jobs_for_snapshot() -> QuerySet[Job]:
    """Jobs with no more columns than a snapshot needs."""
    return Job.objects.defer("arguments", "error_detail", "fence")


def visible_jobs(user) -> QuerySet[Job]:
    """The user's own jobs, newest first; all of them for staff."""
    if not user.is_authenticated:
        return Job.objects.none()
    jobs = jobs_for_snapshot().order_by("-id")
    return jobs if user.is_staff else jobs.filter(owner_id=user.pk)


def may_watch(user, job: Job) -> bool:
    """Its owner, staff, and whom the task's own predicate admits."""
    if not user.is_authenticated or not user.is_active:
        return False
    if user.is_staff or job.owner_id == user.pk:
        return True
    try:
        predicate = registry.get(job.task).may_watch
    except UnknownTask:
        return False
    return bool(predicate and predicate(user, job))


def may_control(user, job: Job) -> bool:
    """Who may cancel it or try it again: its owner and staff."""
    return user.is_authenticated and (user.is_staff or job.owner_id == user.pk)


def latest_job(subject, *tasks: str) -> Job | None:
    """The newest job about this subject, of any of these tasks (of all, if none is named)."""
    jobs = jobs_for_snapshot().filter(
        subject_type=ContentType.objects.get_for_model(subject), subject_id=subject.pk
    )
    return (jobs.filter(task__in=tasks) if tasks else jobs).order_by("-id").first()


def live_job(subject, *tasks: str) -> Job | None:
    """The newest job about this subject, if it has not ended."""
    job = latest_job(subject, *tasks)
    return job if job and job.is_live else None


def snapshot(job: Job) -> dict[str, Any]:
    """The job as sockets and REST show it; asks the database nothing."""
    return {
        "id": job.pk,
        "task": job.task,
        "title": job.title,
        "status": str(job.status),
        "status_label": status_label(job),
        "progress": percent(job),
        "done": job.done,
        "failed": job.failed,
        "total": job.total,
        "step": job.step,
        "message": job.message,
        "eta_seconds": eta_seconds(job),
        "attempt": job.attempt,
        "max_attempts": job.max_attempts,
        "run_after": _moment(job.run_after),
        "created_at": _moment(job.created_at),
        "started_at": _moment(job.started_at),
        "finished_at": _moment(job.finished_at),
        "error": {"code": job.error_code, "message": job.error_message} if job.error_code else None,
        "result": job.result,
        "result_url": job.result_url,
        "can_cancel": job.is_live and not job.cancel_requested,
        "cancel_requested": job.cancel_requested,
        "can_pause": can_pause(job),
        "can_resume": can_resume(job),
        "pause_requested": job.pause_requested,
        "version": job.version,
    }


def can_pause(job: Job) -> bool:
    """Whether it is alive and nobody has asked yet that it pause or end."""
    return (
        job.is_live
        and job.status != Status.PAUSED
        and not (job.cancel_requested or job.pause_requested)
    )


def can_resume(job: Job) -> bool:
    """Whether it is paused, or about to be."""
    return job.status == Status.PAUSED or (job.pause_requested and not job.cancel_requested)


def status_label(job: Job) -> str:
    if job.status == Status.RUNNING and job.cancel_requested:
        return "Cancelling"
    if job.status == Status.RUNNING and job.pause_requested:
        return "Pausing"
    if job.status == Status.SUCCEEDED and job.failed:
        return "Done in part"
    return Status(job.status).label


def percent(job: Job) -> int | None:
    """Whole percent of the items that are settled; null while their number isn't known."""
    if job.status == Status.SUCCEEDED:
        return 100
    if not job.total:
        return None
    return (job.done + job.failed) * 100 // job.total


def eta_seconds(job: Job, now: datetime | None = None) -> int | None:
    """Seconds to go at the pace of the last few items; null while there is no pace yet.

    An item that takes long shortens it by its own share at most, and never lengthens it.
    """
    recent = job.mark_settled - job.earlier_mark_settled
    if job.status != Status.RUNNING or not job.total or recent <= 0:
        return None
    pace = (job.mark_at - job.earlier_mark_at) / recent
    items_left = job.total - job.done - job.failed
    since_last = (now or timezone.now()) - job.mark_at
    return max(round((items_left * pace - min(since_last, pace)).total_seconds()), 0)


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None
