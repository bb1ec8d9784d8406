"""What a person may ask of a job: cancel it, or try it again."""

# ruff: noqa: S608  SQL is put together from this program's own constants only

from django.db import IntegrityError, transaction

from jobs import conf, moves, notify, rows
from jobs.errors import AlreadyRunning, IllegalMove, JobGone, NothingToRetry
from jobs.models import Job
from jobs.states import LIVE, Status

REQUEST_CANCEL = f"""
WITH asked AS (
    UPDATE jobs_job
    SET cancel_requested_at = COALESCE(cancel_requested_at, statement_timestamp()),
        version = version + 1
    WHERE id = %(job)s AND status = 'running'
    RETURNING *
), noted AS (
    INSERT INTO jobs_jobevent (job_id, name, before, after, attempt, actor_id)
    SELECT id, 'ask_cancel', status, status, attempt, %(actor)s::bigint FROM asked
)
SELECT {rows.columns(rows.WHOLE, "asked")} FROM asked
"""


def cancel(job: Job, *, actor) -> Job:
    """End a job that isn't running at once; ask a running one, which ends within a second or two.

    Raises IllegalMove if it has ended already.
    """
    message = "Cancelled."
    if cancelled := moves.try_move(job.pk, "cancel", actor=actor, message=message):
        return cancelled
    values = {"job": job.pk, "actor": actor and actor.pk}
    asked = rows.fetch_job(REQUEST_CANCEL, values)
    if asked is not None:
        notify.progress(asked)
        return asked
    # It ended, or was given back to the queue between the two: the last word is the table's.
    return moves.move(job.pk, "cancel", actor=actor, message=message)


def retry(job: Job, *, actor) -> Job:
    """Queue a failed or cancelled job again; what its items have done stays done."""
    current = _current(job)
    if current.status == Status.SUCCEEDED and not current.failed:
        raise IllegalMove(job_id=job.pk, status="done", move="be tried again")
    return _again(current, actor)


def retry_failed(job: Job, *, actor) -> Job:
    """Queue the same job again for its failed items only."""
    current = _current(job)
    if not current.failed:
        raise NothingToRetry(job_id=job.pk)
    return _again(current, actor)


def _current(job: Job) -> Job:
    found = Job.objects.using(conf.DATABASE).filter(pk=job.pk).first()
    if found is None:
        raise JobGone(job_id=job.pk)
    return found


def _again(job: Job, actor) -> Job:
    try:
        # A savepoint in the caller's transaction, so that a refusal doesn't end it.
        with transaction.atomic(using=conf.DATABASE):
            return moves.move(job.pk, "retry", actor=actor)
    except IntegrityError as error:
        live = Job.objects.using(conf.DATABASE).filter(
            task=job.task,
            subject_type_id=job.subject_type_id,
            subject_id=job.subject_id,
            status__in=LIVE,
        )
        raise AlreadyRunning(live.first() or job) from error
