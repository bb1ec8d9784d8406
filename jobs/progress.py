"""The statements of a run: each proves by the fence that the job is still held by it."""

# ruff: noqa: S608  SQL is put together from this program's own constants only

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db import transaction

from jobs import conf, statements
from jobs.errors import AlreadySettled, InvalidPlan, LeaseLost
from jobs.items import Item, PlannedItem
from jobs.models import Job, JobItem
from jobs.payloads import as_json, as_text

HELD = "job.id = %(job)s AND job.fence = %(fence)s AND job.status = 'running'"
ASKED = "job.cancel_requested_at IS NOT NULL, job.pause_requested_at IS NOT NULL"
SETTLED = "job.done + job.failed + %(settles)s"
# The pace is taken over the last 16 to 32 items: a full window forgets half its items and time.
FULL = f"{SETTLED} - job.earlier_mark_settled >= 32"

SETTLE = f"""
WITH settled AS (
    UPDATE jobs_jobitem
    SET status = %(status)s, tries = tries + 1, error_code = %(code)s, error_message = %(message)s,
        finished_at = CASE WHEN %(settles)s > 0 THEN statement_timestamp() END
    WHERE id = %(item)s AND job_id = %(job)s AND status = 'pending'
    RETURNING id
)
UPDATE jobs_job AS job
SET done = job.done + %(done)s, failed = job.failed + %(failed)s, version = job.version + 1,
    mark_at = statement_timestamp(), mark_settled = {SETTLED},
    earlier_mark_at = job.earlier_mark_at + CASE WHEN {FULL}
        THEN (statement_timestamp() - job.earlier_mark_at) / 2 ELSE interval '0' END,
    earlier_mark_settled = job.earlier_mark_settled + CASE WHEN {FULL} THEN 16 ELSE 0 END
WHERE {HELD}
RETURNING (SELECT count(*) FROM settled), job.version, job.done, job.failed, {ASKED}
"""
LOOK = f"SELECT {ASKED} FROM jobs_job AS job WHERE {HELD}"
STEP = f"""
UPDATE jobs_job AS job SET step = %(step)s, version = job.version + 1 WHERE {HELD}
RETURNING job.version, {ASKED}
"""
PLANNED = f"""
UPDATE jobs_job AS job SET total = %(total)s, version = job.version + 1
WHERE {HELD} AND job.total IS NULL RETURNING job.version
"""
LONGEST_KEY = 200


class Asked(NamedTuple):
    """What people have asked of a running job."""

    cancel: bool = False
    pause: bool = False


@dataclass(frozen=True)
class Counters:
    """A job's progress as the last statement left it."""

    version: int
    done: int
    failed: int
    asked: Asked


def settle(job: Job, item: Item, status: str, code: str = "", message: str = "") -> Counters:
    """Write the item's state and the job's counters; the fence check is the statement's own.

    To be the last statement of a transaction: LeaseLost and AlreadySettled must roll it back.
    """
    counts = {status: 1} if status != JobItem.Status.PENDING else {}
    row = _held(
        job,
        SETTLE,
        item=item.id,
        status=str(status),
        done=counts.get(JobItem.Status.DONE, 0),
        failed=counts.get(JobItem.Status.FAILED, 0),
        settles=len(counts),
        code=code,
        message=message,
    )
    settled, *counts, cancel, pause = row
    if not settled:
        raise AlreadySettled(key=item.key)
    return Counters(*counts, Asked(cancel, pause))


def look(job: Job) -> Asked:
    """What the job is asked for; LeaseLost if it isn't ours any more."""
    return Asked(*_held(job, LOOK))


def write_step(job: Job, text: str) -> tuple[int, Asked]:
    """Returns the job's new version, and what it is asked for."""
    version, *asked = _held(job, STEP, step=as_text(text, 250))
    return version, Asked(*asked)


def write_plan(job: Job, planned: Iterable[PlannedItem]) -> int:
    """Make the job's items, all or none; returns the job's new version."""
    rows = _rows(job, list(planned))
    with transaction.atomic(using=conf.DATABASE):
        JobItem.objects.using(conf.DATABASE).bulk_create(rows, batch_size=5_000)
        version = _held(job, PLANNED, total=len(rows))[0]
    job.total = len(rows)
    return version


def pending_items(job: Job) -> list[Item]:
    rows = (
        JobItem.objects.using(conf.DATABASE)
        .filter(job_id=job.pk, status=JobItem.Status.PENDING)
        .order_by("position")
        .values_list("id", "job_id", "key", "label", "payload")
    )
    return [Item(*row) for row in rows]


def _rows(job: Job, planned: list[PlannedItem]) -> list[JobItem]:
    seen = set()
    for item in planned:
        if not isinstance(item, PlannedItem):
            raise InvalidPlan(reason=f"{type(item).__name__} is not a PlannedItem.")
        if not isinstance(item.key, str) or not 0 < len(item.key) <= LONGEST_KEY:
            raise InvalidPlan(
                reason=f"a key is text of 1 to {LONGEST_KEY} characters: {item.key!r:.80}"
            )
        if item.key in seen:
            raise InvalidPlan(reason=f"two items have the key {item.key!r}.")
        seen.add(item.key)
        as_json(item.payload, f"payload of {item.key!r}")
    return [
        JobItem(
            job_id=job.pk,
            position=position,
            key=item.key,
            label=as_text(item.label, 250),
            payload=item.payload,
        )
        for position, item in enumerate(planned)
    ]


def _held(job: Job, sql: str, **values) -> tuple:
    with statements.cursor() as cursor:
        cursor.execute(sql, values | {"job": job.pk, "fence": job.fence})
        row = cursor.fetchone()
    if row is None:
        raise LeaseLost
    return row
