"""Queue rows: hints that a job may be taken, in Django-Q2's table. The Job row is the truth.

A row's key is the queue, its payload the job's id as text, its lock the time from which it may be
taken; a lock in the future is how a job waits.
"""

from django.db import connections

from jobs import conf, notify

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

    It goes when its job isn't waiting to be taken, and is put off when its job waits for later.
    """
    values = {"job": job_id, "payload": str(job_id)}
    with connections[conf.DATABASE].cursor() as cursor:
        cursor.execute(DROP_STRAY, values)
        cursor.execute(PUT_OFF, values)
