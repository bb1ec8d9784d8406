"""The one function that moves a job: row, event and queue row change in one statement."""

# ruff: noqa: S608  SQL is put together from this program's own constants only

from functools import cache
from typing import Any

from jobs import conf, notify, states
from jobs.errors import IllegalMove, JobGone, LeaseLost
from jobs.models import Job
from jobs.states import MOVES


def move(job_id: int, name: str, **values: Any) -> Job:
    """Make the move or say why not: IllegalMove, LeaseLost (another fence), JobGone."""
    job = try_move(job_id, name, **values)
    if job is not None:
        return job
    found = Job.objects.using(conf.DATABASE).filter(pk=job_id).first()
    if found is None:
        raise JobGone(job_id=job_id)
    if values.get("fence") and values["fence"] != found.fence:
        raise LeaseLost
    raise IllegalMove(
        job_id=job_id, status=found.get_status_display().lower(), move=MOVES[name].verb
    )


def try_move(
    job_id: int,
    name: str,
    *,
    fence=None,
    of_worker: int | None = None,
    reason: str = "",
    actor=None,
    worker: str = "",
    **values: Any,
) -> Job | None:
    """Make the move if the job allows it now, and `fence` or `of_worker`, if given, hold it."""
    chosen = MOVES[name]
    values |= {
        "id": job_id,
        "name": name,
        "sources": [str(source) for source in chosen.sources],
        "target": str(chosen.target),
        "fence": fence,
        "of_worker": of_worker,
        "reason": reason,
        "actor_id": actor and actor.pk,
        "worker": worker,
        "progress": conf.PROGRESS_CHANNEL,
    }
    sql = _statement(name, fenced=fence is not None, of_worker=of_worker is not None)
    job = next(iter(Job.objects.using(conf.DATABASE).raw(sql, values)), None)
    if job is None:
        return None
    if chosen.lock:
        notify.queued(job)
    elif chosen.durable:
        notify.progress(job)
    return job


@cache
def _statement(name: str, *, fenced: bool, of_worker: bool) -> str:
    chosen = states.MOVES[name]
    where = chosen.where
    if fenced:
        where += " AND job.fence = %(fence)s"
    if of_worker:
        where += " AND job.worker_id = %(of_worker)s"
    parts = [
        f"""was AS (
            SELECT job.id, job.status FROM jobs_job AS job
            WHERE job.id = %(id)s AND job.status = ANY(%(sources)s) AND {where}
            FOR UPDATE
        )""",
        f"""moved AS (
            UPDATE jobs_job AS job
            SET status = %(target)s, version = job.version + 1, {chosen.sets}
            FROM was WHERE job.id = was.id
            RETURNING job.*
        )""",
        """noted AS (
            INSERT INTO jobs_jobevent
                (job_id, name, before, after, attempt, reason, worker, actor_id)
            SELECT moved.id, %(name)s, was.status, moved.status, moved.attempt,
                %(reason)s, %(worker)s, %(actor_id)s::bigint
            FROM moved JOIN was ON was.id = moved.id
        )""",
    ]
    if chosen.unqueue:
        parts.append(
            """unqueued AS (
                DELETE FROM django_q_ormq AS entry USING moved
                WHERE entry.payload = moved.id::text AND entry.key = moved.queue
            )"""
        )
    if chosen.lock:
        parts.append(
            f"""queued AS (
                INSERT INTO django_q_ormq (key, payload, lock)
                SELECT queue, id::text, {chosen.lock} FROM moved
            )"""
        )
    if chosen.reset_items:
        parts.append(
            """reset AS (
                UPDATE jobs_jobitem AS item
                SET status = 'pending', finished_at = NULL, tries = 0
                FROM moved WHERE item.job_id = moved.id AND item.status = 'failed'
            )"""
        )
    columns = "moved.*"
    if not chosen.durable:
        # No flush, so telling it in the same transaction holds up nobody.
        columns += (
            f", {notify.ASYNC_COMMIT} AS async, pg_notify(%(progress)s, "
            "concat(moved.id, ':', moved.version, ':', moved.owner_id)) AS told"
        )
    return f"WITH {', '.join(parts)} SELECT {columns} FROM moved"
