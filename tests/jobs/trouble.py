"""Tasks that get a worker into trouble, and a table that counts every start and effect."""

import contextlib
import os
import signal
import time

from django.db import connection

from jobs import JobRun, PlannedItem, task

# No key, no unique constraint: what happens twice is seen twice.
MARKS = "CREATE TABLE IF NOT EXISTS jobs_mark (job_id bigint, what text)"


def mark(job_id: int, what: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO jobs_mark VALUES (%s, %s)", [job_id, what])


def marks(job, what: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM jobs_mark WHERE job_id = %s AND what = %s", [job.pk, what]
        )
        return cursor.fetchone()[0]


@task("trouble.start", title="Note the start")
def start(run: JobRun, *, seconds: float = 0) -> None:
    """Reaches an item boundary ten times a second."""
    mark(run.job.pk, "start")
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(min(0.1, seconds))
        run.check()


@task("trouble.die", title="Kill the worker", max_attempts=3)
def die(run: JobRun) -> None:
    mark(run.job.pk, "start")
    os.kill(os.getpid(), signal.SIGKILL)


@task("trouble.die_in_commit", title="Kill the worker at the first effect", max_attempts=3)
def die_in_commit(run: JobRun) -> None:
    for item in run.plan([PlannedItem("only")]):
        with run.commit(item):
            mark(run.job.pk, "effect")
            if run.job.attempt == 1:
                os.kill(os.getpid(), signal.SIGKILL)


@task("trouble.swallow", title="Swallow whatever comes", max_attempts=1, timeout=1)
def swallow(run: JobRun) -> None:
    while True:
        with contextlib.suppress(BaseException):
            time.sleep(0.2)
