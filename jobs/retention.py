"""Deletes what is old enough, a batch in each short transaction."""

# ruff: noqa: S608  SQL is put together from this program's own constants only

from collections.abc import Callable, Mapping
from typing import Any

from django.db import connections, transaction

from jobs import conf, tallies
from jobs.run import JobRun

# Jobs of one batch, items and events that go with them (a single job may have more), other rows.
JOBS, PARTS, ROWS = 500, 20_000, 5_000
OLD = "statement_timestamp() - %(days)s * interval '1 day'"
ENDED = f"""finished_at < least({OLD}, %(folded)s)
    AND status IN ('succeeded', 'failed', 'cancelled')"""

# With their parts or not at all: what is left of a job could be tried again, and half be missing.
PRUNE_JOBS = f"""
WITH oldest AS (
    SELECT id, sum(coalesce(total, 0) + 10) OVER (ORDER BY finished_at, id) AS parts,
        row_number() OVER (ORDER BY finished_at, id) AS place
    FROM (
        SELECT id, total, finished_at FROM jobs_job
        WHERE {ENDED}
        ORDER BY finished_at, id LIMIT %(jobs)s
    ) AS ended
), locked AS (
    SELECT id FROM jobs_job
    WHERE id IN (SELECT id FROM oldest WHERE place = 1 OR parts <= %(parts)s)
        AND {ENDED}
    FOR UPDATE
), slots AS (
    UPDATE jobs_periodicslot SET job_id = NULL WHERE job_id IN (SELECT id FROM locked)
), items AS (
    DELETE FROM jobs_jobitem WHERE job_id IN (SELECT id FROM locked)
), events AS (
    DELETE FROM jobs_jobevent WHERE job_id IN (SELECT id FROM locked)
)
DELETE FROM jobs_job WHERE id IN (SELECT id FROM locked)
"""

# The newest one of each task stays: it says what the task has had.
PRUNE_SLOTS = f"""
DELETE FROM jobs_periodicslot WHERE id IN (
    SELECT slot.id FROM jobs_periodicslot AS slot
    WHERE slot.due_at < {OLD} AND EXISTS (
        SELECT 1 FROM jobs_periodicslot AS newer
        WHERE newer.task_id = slot.task_id AND newer.due_at > slot.due_at
    ) ORDER BY slot.id LIMIT %(rows)s
)
"""
PRUNE_WORKERS = f"""
DELETE FROM jobs_worker WHERE id IN (
    SELECT worker.id FROM jobs_worker AS worker
    WHERE worker.stopped_at < {OLD} AND NOT EXISTS (
        SELECT 1 FROM jobs_job AS job WHERE job.worker_id = worker.id
    ) ORDER BY worker.id LIMIT %(rows)s
)
"""


def in_batches(run: JobRun, step: Callable[[], int]) -> int:
    """Repeat a step that deletes one batch until it finds no more; returns how many rows went."""
    total = 0
    while count := step():
        total += count
        run.check()
    return total


def deleted(result: Mapping[str, int]) -> str:
    """What a task that deletes has to say: “Deleted 3 jobs, 1 slot.”"""
    told = [
        f"{count:,} {noun}{'' if count == 1 else 's'}" for noun, count in result.items() if count
    ]
    return f"Deleted {', '.join(told)}." if told else "Nothing was old enough."


def prune_jobs(days: int) -> int:
    """The oldest of the jobs that ended so many days ago, with items and events.

    Their totals are added up first. Jobs that are alive keep all their events, however old.
    """
    return _delete(PRUNE_JOBS, days=days, folded=tallies.fold(), jobs=JOBS, parts=PARTS)


def prune_slots(days: int) -> int:
    """Slots of periodic tasks that were due so many days ago."""
    return _delete(PRUNE_SLOTS, days=days, rows=ROWS)


def prune_workers(days: int) -> int:
    """Workers that stopped so many days ago, and that no job names any more."""
    return _delete(PRUNE_WORKERS, days=days, rows=ROWS)


def _delete(statement: str, **values: Any) -> int:
    with transaction.atomic(using=conf.DATABASE), connections[conf.DATABASE].cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount
