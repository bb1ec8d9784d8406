"""Queue rows: hints that a job may be taken, in Django-Q2's table. The Job row is the truth.

A row's key is the queue, its payload the job's id as text, its lock the time from which it may be
taken; a lock in the future is how a job waits.
"""

# ruff: noqa: S608  SQL is put together from this program's own constants only

from django.db import connections

from jobs import conf, notify, registry, rows

RESTORE = """
WITH checked AS (
    SELECT id, queue, COALESCE(run_after, created_at) AS due FROM jobs_job
    WHERE status IN ('queued', 'waiting') AND id > %s
        AND COALESCE(run_after, created_at) <= statement_timestamp()
    ORDER BY id LIMIT %s
), restored AS (
    INSERT INTO django_q_ormq (key, payload, lock)
    SELECT queue, id::text, due FROM checked
    WHERE NOT EXISTS (
        SELECT 1 FROM django_q_ormq AS entry
        WHERE entry.payload = checked.id::text AND entry.key = checked.queue
    )
    RETURNING key
)
SELECT (SELECT array_agg(key) FROM restored), (SELECT array_agg(id ORDER BY id) FROM checked)
"""
# The rest is for the next look: a long queue that nobody serves must not hide the others.
CHECKED_AT_ONCE = 2_000

DROP_STRAY = """
DELETE FROM django_q_ormq WHERE payload = %(payload)s AND NOT EXISTS (
    SELECT 1 FROM jobs_job WHERE id = %(job)s AND status IN ('queued', 'waiting')
)
"""
PUT_OFF = """
UPDATE django_q_ormq AS entry SET lock = job.run_after FROM jobs_job AS job
WHERE entry.payload = %(payload)s AND job.id = %(job)s
    AND job.status = 'waiting' AND entry.lock < job.run_after
"""

# An old program meets a new task: the job stays for a newer one, and says why it does.
MISS_TASK = f"""
WITH unknown AS (
    SELECT id, queue, concat(%(before)s::text, task, %(after)s::text) AS message FROM jobs_job
    WHERE id = %(job)s AND status IN ('queued', 'waiting')
        AND (run_after IS NULL OR run_after <= statement_timestamp())
        AND task <> ALL(%(tasks)s::text[])
    FOR NO KEY UPDATE
), put_off AS (
    UPDATE django_q_ormq AS entry
    SET lock = statement_timestamp() + %(seconds)s * interval '1 second'
    FROM unknown WHERE entry.payload = %(payload)s AND entry.key = unknown.queue
), told AS (
    UPDATE jobs_job AS job SET message = unknown.message, version = job.version + 1
    FROM unknown WHERE job.id = unknown.id AND job.message <> unknown.message
    RETURNING {rows.columns(rows.LIGHT, "job")}, job.attempt, job.message
), noted AS (
    INSERT INTO jobs_jobevent (job_id, name, before, after, attempt, reason)
    SELECT id, 'unknown_task', status, status, attempt, message FROM told
)
SELECT {rows.columns(rows.LIGHT, "told")} FROM told
"""
MISSED = (
    "No worker that serves this queue knows the task “",
    "” yet; it starts with one that does. If the task is gone for good, cancel the job.",
)
MISS_SECONDS = 10


def restore_missing(after: int = 0) -> tuple[int, int]:
    """Give queued and waiting jobs that are due a queue row again if theirs was lost.

    Looks at some jobs with ids over `after`; returns how many rows were lost, and the `after` of
    the next look: 0 at the end.
    """
    with connections[conf.DATABASE].cursor() as cursor:
        cursor.execute(RESTORE, [after, CHECKED_AT_ONCE])
        restored, checked = (found or [] for found in cursor.fetchone())
    for queue in set(restored):
        notify.wake(queue)
    return len(restored), checked[-1] if len(checked) == CHECKED_AT_ONCE else 0


def settle_stray(job_id: int) -> None:
    """See to a row whose job was not to be run: else it is delivered again and again.

    It goes when its job isn't waiting to be taken, and is put off when its job waits for later, or
    for a program that knows its task.
    """
    values = {"job": job_id, "payload": str(job_id)}
    with connections[conf.DATABASE].cursor() as cursor:
        cursor.execute(DROP_STRAY, values)
        cursor.execute(PUT_OFF, values)
    values |= {"tasks": registry.name_array(), "seconds": MISS_SECONDS, "before": MISSED[0]}
    told = rows.fetch_job(MISS_TASK, values | {"after": MISSED[1]}, rows.LIGHT)
    if told is not None:
        notify.progress(told)
