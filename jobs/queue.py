"""Queue rows: hints that a job may be taken, in Django-Q2's table. The Job row is the truth.

A row's key is the queue, its payload the job's id as text, its lock the time from which it may be
taken; a lock in the future is how a job waits.
"""

from datetime import datetime

from django.db import connections
from django_q.models import OrmQ

from jobs import conf, notify

RESTORE = """
WITH checked AS (
    SELECT id, queue, COALESCE(run_after, created_at) AS due, queued_at
    FROM jobs_job WHERE status IN ('queued', 'waiting') ORDER BY id LIMIT %s
), restored AS (
    INSERT INTO django_q_ormq (key, payload, lock)
    SELECT queue, id::text, due FROM checked
    WHERE due <= statement_timestamp() AND NOT EXISTS (
        SELECT 1 FROM django_q_ormq AS entry
        WHERE entry.payload = checked.id::text AND entry.key = checked.queue
    )
    RETURNING key
)
SELECT key, count(*) FROM restored GROUP BY key
"""
# The oldest are enough: a job without a row is never taken, so it soon is among them.
CHECKED_AT_ONCE = 2_000


def push(job_id: int, queue: str, lock: datetime) -> OrmQ:
    """Write a queue row in the caller's transaction; workers are woken once it is committed."""
    row = OrmQ.objects.using(conf.DATABASE).create(key=queue, payload=str(job_id), lock=lock)
    notify.wake(queue)
    return row


def restore_missing() -> int:
    """Give queued and waiting jobs that are due a queue row again if theirs was lost."""
    with connections[conf.DATABASE].cursor() as cursor:
        cursor.execute(RESTORE, [CHECKED_AT_ONCE])
        restored = cursor.fetchall()
    for queue, _count in restored:
        notify.wake(queue)
    return sum(count for _queue, count in restored)
