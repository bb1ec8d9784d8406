"""Jobs whose effects can be counted: one row an item, in a table that refuses nothing."""

import asyncio
import random
import time

from django.db import connection

from jobs import JobRun, PlannedItem, task

# No unique constraint: a doubled effect would show as a second row. The index only finds rows.
EFFECTS_TABLE = """
CREATE TABLE IF NOT EXISTS chaos_effect
(job_id bigint, item text, worker_pid int, at timestamptz DEFAULT clock_timestamp());
CREATE INDEX IF NOT EXISTS chaos_effect_job ON chaos_effect (job_id)
"""
# Deaths take attempts, and in a storm there are many.
ATTEMPTS = 100


class Flaw(Exception):
    code = "flaw"
    message = "This item is flawed."
    retryable = False


class Stumble(Exception):
    code = "stumble"
    message = "Stumbled once."
    retryable = True


def plan(items: int) -> list[PlannedItem]:
    return [PlannedItem(f"item-{n}") for n in range(items)]


def leave_effect(item, seconds: float) -> None:
    """One row, up to `seconds` before its transaction can end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO chaos_effect (job_id, item, worker_pid) "
            "SELECT %s, %s, pg_backend_pid() FROM pg_sleep(%s)",
            [item.job_id, item.key, random.uniform(0, seconds)],
        )


@task("chaos.effects", title="Leave one row an item", max_attempts=ATTEMPTS)
def effects(run: JobRun, *, items: int, seconds: float) -> dict:
    """`seconds` is the longest an item takes; half of it is spent inside the commit."""
    planned = run.plan(lambda: plan(items))

    async def ask(item):
        await asyncio.sleep(random.uniform(0, seconds / 2))

    for item, _answer in run.map(ask, planned, concurrency=2):
        with run.commit(item):
            leave_effect(item, seconds / 2)
    return {"items": items}


@task("chaos.batch", title="Leave one row an item, one after another", max_attempts=ATTEMPTS)
def batch(run: JobRun, *, items: int, seconds: float) -> None:
    """No calls to wait for: the items are done in a plain loop."""
    for item in run.plan(lambda: plan(items)):
        with run.commit(item):
            leave_effect(item, seconds)


@task("chaos.flawed", title="Leave rows, fail some items", max_attempts=ATTEMPTS)
def flawed(run: JobRun, *, items: int, seconds: float) -> None:
    """Of ten items one fails in its call, and one after it has written its row."""

    async def ask(item):
        await asyncio.sleep(random.uniform(0, seconds / 2))
        if item.key.endswith("3"):
            raise Flaw

    for item, _answer in run.map(ask, run.plan(lambda: plan(items)), concurrency=2):
        with run.commit(item):
            leave_effect(item, seconds / 2)
            if item.key.endswith("7"):
                raise Flaw


@task("chaos.stumbling", title="Leave rows, stumble once", max_attempts=ATTEMPTS)
def stumbling(run: JobRun, *, items: int, seconds: float) -> None:
    """A third of the items, then an error that may pass; the next attempts go on from there."""
    planned = run.plan(lambda: plan(items))
    fresh = len(planned) == items
    for item in planned[: items // 3] if fresh else planned:
        with run.commit(item):
            leave_effect(item, seconds)
    if fresh:
        raise Stumble


@task("chaos.steps", title="Walk in steps", max_attempts=ATTEMPTS)
def steps(run: JobRun, *, items: int, seconds: float) -> dict:
    """A job without items: it only says where it is."""
    for number in range(items):
        run.step(f"Step {number + 1} of {items}")
        time.sleep(random.uniform(0, seconds))
    return {"steps": items}


@task("chaos.nothing", title="Nothing at all")
def nothing(run: JobRun) -> None:
    """A job that only has to start."""


@task("chaos.sleep", title="Sleep between looks", timeout=600)
def sleep(run: JobRun, *, seconds: float, step: float) -> None:
    """Reaches an item boundary every `step` seconds."""
    number = max(round(seconds / step), 1)
    planned = run.plan([PlannedItem(f"step-{n}") for n in range(number)])

    async def ask(item):
        await asyncio.sleep(step)

    for item, _answer in run.map(ask, planned, concurrency=1):
        with run.commit(item):
            pass
