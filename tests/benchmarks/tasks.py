"""What the measured jobs do: nothing, or say when they began."""

import time

from django.db import connection

from jobs import JobRun, task


@task("benchmark.nothing", title="Nothing")
def tracked_nothing(run: JobRun) -> None:
    """A fully tracked job without work."""


@task("benchmark.stamp", title="Say when it began")
def tracked_stamp(run: JobRun) -> dict:
    return {"at": time.monotonic()}


def nothing() -> None:
    """The same for Django-Q2 as shipped."""


def stamp() -> None:
    """CLOCK_MONOTONIC is one for all processes of a machine."""
    at = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO benchmark_start VALUES (%s)", [at])
