"""Who holds a job: taking it by compare-and-set, and taking it from a dead holder."""

import uuid

from jobs import conf, registry
from jobs.models import Job, Worker
from jobs.moves import try_move
from jobs.states import Status


def claim(job_id: int, worker: Worker | None = None) -> Job | None:
    """Take a queued (or due waiting) job under a new fence; None if it is not there to be taken,
    or its task isn't in this version of the program.

    One statement: the attempt is counted, the queue row deleted and the event written with it.
    """
    return try_move(
        job_id,
        "claim",
        new_fence=uuid.uuid4(),
        tasks=registry.name_array(),
        worker_id=worker and worker.pk,
        worker=str(worker or ""),
    )


def abort(job: Job, reason: str = "") -> Job | None:
    """End a job whose cancel was requested; None if it wasn't, or the fence is lost."""
    return try_move(job.pk, "abort", fence=job.fence, reason=reason, message="Cancelled.")


def suspend(
    job_id: int,
    fence: uuid.UUID,
    *,
    given_back: int,
    wait: float | None = None,
    message: str = "",
    reason: str = "",
) -> Job | None:
    """Pause a running job that was asked to; None if it wasn't, or the fence is lost.

    `given_back` attempts don't count. The seconds it was to wait are kept for its return.
    """
    return try_move(
        job_id,
        "suspend",
        fence=fence,
        given_back=given_back,
        wait=wait,
        message=message,
        reason=reason,
    )


def requeue_lost(job_id: int, reason: str, *, worker_id: int | None = None) -> str | None:
    """Take a running job from a holder that died; returns its new status.

    Queued again at once, at the front; cancelled or paused if that was asked for; failed as
    `worker_lost` when its attempts are used up. None if it isn't running (any more) or, with
    `worker_id`, if another worker holds it by now.
    """
    held = Job.objects.using(conf.DATABASE).filter(pk=job_id, status=Status.RUNNING)
    if worker_id is not None:
        held = held.filter(worker_id=worker_id)
    fence = held.values_list("fence", flat=True).first()
    if fence is None:
        return None
    # Under the dead holder's fence: whoever has taken the job since is not touched.
    job = (
        try_move(job_id, "requeue", fence=fence, reason=reason)
        or try_move(job_id, "abort", fence=fence, reason=reason, message="Cancelled.")
        or suspend(job_id, fence, given_back=0, reason=reason)
        or try_move(
            job_id,
            "fail",
            fence=fence,
            reason=reason,
            message=f"Its worker was lost at the last attempt: {reason}",
            error_code="worker_lost",
            error_detail="",
        )
    )
    return Status(job.status).value if job else None
