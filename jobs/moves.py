"""The one function that moves a job: row, event and queue row change in one statement."""

# ruff: noqa: S608  SQL is put together from this program's own constants only

from collections.abc import Iterator
from functools import cache
from typing import Any

from jobs import conf, notify, rows, states
from jobs.errors import IllegalMove, JobGone, LeaseLost
from jobs.models import Job
from jobs.states import MOVES, Move, Status

NOTE = """noted AS (
    INSERT INTO jobs_jobevent
        (job_id, name, before, after, attempt, reason, worker, actor_id, due_at, code)
    SELECT id, %(name)s, before, status, attempt, %(reason)s, %(worker)s, %(actor_id)s::bigint,
        due_at, {code}
    FROM moved
)"""
CODES = {
    Status.FAILED: "error_code",
    Status.SUCCEEDED: "CASE WHEN failed > 0 THEN 'items_failed' ELSE '' END",
}
UNQUEUE = """unqueued AS (
    DELETE FROM django_q_ormq AS entry USING moved
    WHERE entry.payload = moved.id::text AND entry.key = moved.queue
)"""
RESET_ITEMS = """reset AS (
    UPDATE jobs_jobitem AS item SET status = 'pending', finished_at = NULL, tries = 0
    FROM moved WHERE item.job_id = moved.id AND item.status = 'failed'
)"""
PROGRESS_PAYLOAD = "concat(moved.id, ':', moved.version, ':', moved.owner_id)"


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
    reason: str = "",
    actor=None,
    worker: str = "",
    whole: bool = True,
    **values: Any,
) -> Job | None:
    """Make the move if the job allows it now, and `fence`, if given, holds it.

    Not `whole`: the job comes back with a few columns, which is enough for who drops it.
    """
    chosen = MOVES[name]
    values |= {
        "id": job_id,
        "name": name,
        "sources": [str(source) for source in chosen.sources],
        "source": str(next(iter(chosen.sources))),
        "target": str(chosen.target),
        "fence": fence,
        "reason": reason,
        "actor_id": actor and actor.pk,
        "worker": worker,
        "progress": conf.PROGRESS_CHANNEL,
    }
    names = rows.WHOLE if whole else rows.LIGHT
    sql = _statement(name, names, fenced=fence is not None)
    job = rows.fetch_job(sql, values, names)
    if job is None:
        return None
    if chosen.lock:
        notify.queued(job)
    elif chosen.durable:
        notify.progress(job)
    return job


@cache
def _statement(name: str, names: tuple[str, ...], *, fenced: bool) -> str:
    chosen = states.MOVES[name]
    note = NOTE.format(code=CODES.get(chosen.target, "''"))
    parts = [*_update_parts(chosen, names, fenced), note]
    if chosen.unqueue:
        parts.append(UNQUEUE)
    if chosen.lock:
        parts.append(
            f"""queued AS (
                INSERT INTO django_q_ormq (key, payload, lock)
                SELECT queue, id::text, {chosen.lock} FROM moved
            )"""
        )
    if chosen.reset_items:
        parts.append(RESET_ITEMS)
    result = rows.columns(names, "moved")
    if not chosen.durable:
        # No flush, so telling it in the same transaction holds up nobody.
        result += f", {notify.ASYNC_COMMIT}, pg_notify(%(progress)s, {PROGRESS_PAYLOAD})"
    return f"WITH {', '.join(parts)} SELECT {result} FROM moved"


def _update_parts(chosen: Move, names: tuple[str, ...], fenced: bool) -> Iterator[str]:
    where = f"job.id = %(id)s AND {chosen.where}"
    if fenced:
        where += " AND job.fence = %(fence)s"
    before, due = "%(source)s::text", "NULL::timestamptz"
    source = ""
    if len(chosen.sources) == 1:
        where += " AND job.status = %(source)s"
    else:
        # Only a locked look beforehand tells which of the sources it was.
        yield f"""was AS (
            SELECT job.id, job.status, {chosen.due or due} AS due_at FROM jobs_job AS job
            WHERE {where} AND job.status = ANY(%(sources)s) FOR UPDATE
        )"""
        source, where, before, due = "FROM was", "job.id = was.id", "was.status", "was.due_at"
    needed = ("attempt", "created_at", "run_after", "failed", "error_code")
    read = dict.fromkeys((*names, *needed))
    yield f"""moved AS (
        UPDATE jobs_job AS job
        SET status = %(target)s, version = job.version + 1, {chosen.sets}
        {source} WHERE {where}
        RETURNING {rows.columns(tuple(read), "job")}, {before} AS before, {due} AS due_at
    )"""
