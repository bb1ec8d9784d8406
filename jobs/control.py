"""What a person may ask of a job: cancel it, pause it, let it go on, or try it again."""

# ruff: noqa: S608  SQL is put together from this program's own constants only

from typing import NoReturn

from django.db import IntegrityError, transaction

from jobs import conf, moves, notify, rows, selectors
from jobs.errors import AlreadyRunning, IllegalMove, JobGone, NothingToRetry
from jobs.models import Job
from jobs.states import LIVE, Status

# A running job is only asked: its worker makes the move at the next item boundary.
REQUESTS = {
    name: f"""
        WITH asked AS (
            UPDATE jobs_job SET {column} = {value}, version = version + 1
            WHERE id = %(job)s AND status = 'running' AND {where}
            RETURNING *
        ), noted AS (
            INSERT INTO jobs_jobevent (job_id, name, before, after, attempt, actor_id)
            SELECT id, '{name}', status, status, attempt, %(actor)s::bigint FROM asked
        )
        SELECT {rows.columns(rows.WHOLE, "asked")} FROM asked
    """
    for name, column, value, where in (
        (
            "ask_cancel",
            "cancel_requested_at",
            "COALESCE(cancel_requested_at, statement_timestamp())",
            "true",
        ),
        (
            "ask_pause",
            "pause_requested_at",
            "COALESCE(pause_requested_at, statement_timestamp())",
            "cancel_requested_at IS NULL",
        ),
        ("withdraw_pause", "pause_requested_at", "NULL", "pause_requested_at IS NOT NULL"),
    )
}
# A job may be claimed or given back between the looks at what it is.
TRIES = 5


def cancel(job: Job, *, actor) -> Job:
    """End a job that isn't running at once; ask a running one, which ends within a second or two.

    Raises IllegalMove if it has ended already.
    """
    for _ in range(TRIES):
        cancelled = moves.try_move(job.pk, "cancel", actor=actor, message="Cancelled.")
        if found := cancelled or _request(job, "ask_cancel", actor):
            return found
    return _refuse(job, "be cancelled")


def pause(job: Job, *, actor) -> Job:
    """Let a job that isn't running rest at once; a running one once its calls in flight are stored.

    It keeps its place, its items and what it waits for. Raises IllegalMove if it has ended, is
    paused already, or is about to be cancelled.
    """
    for _ in range(TRIES):
        paused = moves.try_move(job.pk, "pause", actor=actor)
        if found := paused or _request(job, "ask_pause", actor):
            return found
    return _refuse(job, "be paused")


def resume(job: Job, *, actor) -> Job:
    """Let a paused job go on from its items, or withdraw the pause of one that still runs.

    Raises IllegalMove if it is not paused.
    """
    for _ in range(TRIES):
        resumed = moves.try_move(job.pk, "resume_later", actor=actor) or moves.try_move(
            job.pk, "resume", actor=actor
        )
        if found := resumed or _request(job, "withdraw_pause", actor):
            return found
    return _refuse(job, "be resumed")


def _request(job: Job, name: str, actor) -> Job | None:
    values = {"job": job.pk, "actor": actor and actor.pk}
    asked = rows.fetch_job(REQUESTS[name], values)
    if asked is not None:
        notify.progress(asked)
    return asked


def _refuse(job: Job, what: str) -> NoReturn:
    found = _current(job)
    raise IllegalMove(job_id=job.pk, status=selectors.status_label(found).lower(), move=what)


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
