"""Jobs whose effects can be counted: one row an item, in a table that refuses nothing."""

import asyncio
import random

from django.db import connection

from jobs import JobRun, PlannedItem, task

# No key, no unique constraint: a doubled effect would show as a second row.
EFFECTS_TABLE = """
CREATE TABLE IF NOT EXISTS chaos_effect
(job_id bigint, item text, worker_pid int, at timestamptz DEFAULT clock_timestamp())
"""


@task("chaos.effects", title="Leave one row an item", max_attempts=100)
def effects(run: JobRun, *, items: int, seconds: float) -> dict:
    """`seconds` is the longest an item takes; half of it is spent inside the commit."""
    planned = run.plan(lambda: [PlannedItem(f"item-{n}") for n in range(items)])

    async def ask(item):
        await asyncio.sleep(random.uniform(0, seconds / 2))
        return item.key

    for item, answer in run.map(ask, planned, concurrency=2):
        with run.commit(item), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO chaos_effect (job_id, item, worker_pid) "
                "SELECT %s, %s, pg_backend_pid() FROM pg_sleep(%s)",
                [item.job_id, answer, random.uniform(0, seconds / 2)],
            )
    return {"items": items}


@task("chaos.nothing", title="Nothing at all")
def nothing(run: JobRun) -> None:
    """A job that only has to start."""


@task("chaos.sleep", title="Sleep between looks", timeout=600)
def sleep(run: JobRun, *, seconds: float, step: float) -> None:
    """Reaches an item boundary every `step` seconds."""
    steps = max(round(seconds / step), 1)
    planned = run.plan([PlannedItem(f"step-{n}") for n in range(steps)])

    async def ask(item):
        await asyncio.sleep(step)

    for item, _answer in run.map(ask, planned, concurrency=1):
        with run.commit(item):
            pass
