"""What a person may ask of a job: cancel it, pause it, let it go on, or try it again."""

# ruff: noqa: S608  SQL is put together from this program's own constants only

from collections.abc import Callable
from functools import partial

from django.db import IntegrityError, transaction

from jobs import conf, moves, notify, rows, selectors
from jobs.errors import AlreadyRunning, IllegalMove, ItemsUntried, JobGone, NothingToRetry
from jobs.models import Job
from jobs.states import FINAL, LIVE

REQUEST = f"""
WITH asked AS (
    UPDATE jobs_job SET {{change}}, version = version + 1
    WHERE id = %(job)s AND status = 'running' AND {{where}}
    RETURNING *
), noted AS (
    INSERT INTO jobs_jobevent (job_id, name, before, after, attempt, actor_id)
    SELECT id, %(name)s, status, status, attempt, %(actor)s::bigint FROM asked
)
SELECT {rows.columns(rows.WHOLE, "asked")} FROM asked
"""
REQUESTS = {
    "ask_cancel": (
        "cancel_requested_at = COALESCE(cancel_requested_at, statement_timestamp())",
        "true",
    ),
    "ask_pause": (
        "pause_requested_at = COALESCE(pause_requested_at, statement_timestamp())",
        "cancel_requested_at IS NULL",
    ),
    "withdraw_pause": ("pause_requested_at = NULL", "pause_requested_at IS NOT NULL"),
}


def cancel(job: Job, *, actor) -> Job:
    """End a job that isn't running at once; ask a running one, which ends within a second or two.

    Raises IllegalMove if it has ended already.
    """
    cancel_now = partial(moves.try_move, job.pk, "cancel", actor=actor, message="Cancelled.")
    return _first_of(job, "be cancelled", cancel_now, partial(_request, job, "ask_cancel", actor))


def pause(job: Job, *, actor) -> Job:
    """Let a job that isn't running rest at once; a running one once its calls in flight are stored.

    It keeps its place, its items and what it waits for. Raises IllegalMove if it has ended, is
    paused already, or is about to be cancelled.
    """
    pause_now = partial(moves.try_move, job.pk, "pause", actor=actor)
    return _first_of(job, "be paused", pause_now, partial(_request, job, "ask_pause", actor))


def resume(job: Job, *, actor) -> Job:
    """Let a paused job go on from its items, or withdraw the pause of one that still runs.

    Raises IllegalMove if it is not paused.
    """
    return _first_of(
        job,
        "be resumed",
        partial(moves.try_move, job.pk, "resume_later", actor=actor),
        partial(moves.try_move, job.pk, "resume", actor=actor),
        partial(_request, job, "withdraw_pause", actor),
    )


def _first_of(job: Job, what: str, *ways: Callable[[], Job | None]) -> Job:
    """The first way that the job's state allows; if none does, IllegalMove."""
    seen = None
    while True:
        for way in ways:
            if (moved := way()) is not None:
                return moved
        found = _current(job)
        if found.version == seen:
            status = selectors.status_label(found).lower()
            raise IllegalMove(job_id=job.pk, status=status, move=what)
        seen = found.version  # it may have been claimed or given back between two of the ways


def _request(job: Job, name: str, actor) -> Job | None:
    """Ask a running job: its worker makes the move at the next item boundary."""
    change, where = REQUESTS[name]
    values = {"job": job.pk, "name": name, "actor": actor and actor.pk}
    asked = rows.fetch_job(REQUEST.format(change=change, where=where), values)
    if asked is not None:
        notify.progress(asked)
    return asked


def retry(job: Job, *, actor) -> Job:
    """Queue the whole of a failed or cancelled job again, all that it has not done.

    What its items have done stays done: they take effect once in the life of a job.
    """
    return _again(_current(job), actor)


def retry_failed(job: Job, *, actor) -> Job:
    """Queue the same job again for its failed items only.

    Raises NothingToRetry if none has failed, ItemsUntried if others would be done as well.
    """
    current = _current(job)
    if not current.failed:
        raise NothingToRetry(job_id=job.pk)
    untried = (current.total or 0) - current.done - current.failed
    if untried > 0 and current.status in FINAL:
        raise ItemsUntried(job_id=job.pk, untried=untried, total=current.total)
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
