"""The engines that are compared, each started as a real process on the same database."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction

from synapse.common.embedded import BASE_DIR
from tests.support.workers import wait_for


@dataclass(frozen=True)
class Engine:
    """How one is started, filled, emptied, and asked how many jobs are still to do."""

    name: str
    command: list[str]
    environment: dict
    fill: Callable[[int], None]
    left: Callable[[], int]
    enqueue_stamp: Callable[[], object] | None = None
    began: Callable[[object], float | None] | None = None

    @contextlib.contextmanager
    def running(self, environment: dict):
        process = subprocess.Popen(
            [sys.executable, *self.command],
            cwd=BASE_DIR,
            env=environment | {"SYNAPSE_PROCESS": "worker"} | self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            self.fill(10)
            wait_for(lambda: self.left() == 0, 60, f"{self.name} runs its first jobs")
            yield
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def pickup(self) -> float:
        """Seconds from the commit of one job to the start of its task."""
        moments = []
        with transaction.atomic():
            # Registered first, so it is called before the wake-up is sent.
            transaction.on_commit(lambda: moments.append(time.monotonic()))
            token = self.enqueue_stamp()
        at = wait_for(lambda: self.began(token), 30, "the job begins", 0.001)
        return at - moments[0]


def sql(statement: str, parameters: list | None = None):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or [])
        return cursor.fetchone()[0] if cursor.description else None


TRACKED = """
WITH job AS (
    INSERT INTO jobs_job (task, queue, title, arguments)
    SELECT 'benchmark.nothing', 'default', 'Nothing', '{}' FROM generate_series(1, %s)
    RETURNING id, created_at
), noted AS (
    INSERT INTO jobs_jobevent (job_id, name, after) SELECT id, 'enqueue', 'queued' FROM job
)
INSERT INTO django_q_ormq (key, payload, lock) SELECT 'default', id::text, created_at FROM job
"""
UNTRACKED = """
INSERT INTO django_q_ormq (key, payload, lock)
SELECT 'default', (%s + n)::text, now() FROM generate_series(1, %s) n
"""
SHIPPED = """
INSERT INTO django_q_ormq (key, payload, lock) SELECT 'shipped', %s, now()
FROM generate_series(1, %s)
"""


def wake() -> None:
    sql("SELECT pg_notify('jobs_queue', 'default')")


def fill_tracked(count: int) -> None:
    sql(TRACKED, [count])
    wake()


def fill_untracked(count: int) -> None:
    # Above every job id, so payloads are as unlike as those of real jobs.
    sql(UNTRACKED, [time.time_ns() // 1000, count])
    wake()


def fill_shipped(count: int) -> None:
    from django_q.signing import SignedPackage

    package = SignedPackage.dumps(
        {
            "id": "0" * 32,
            "name": "benchmark",
            "func": "tests.benchmarks.tasks.nothing",
            "args": (),
            "kwargs": {},
            "started": None,
            "ack_failure": True,
        }
    )
    sql(SHIPPED, [package, count])


def stamp_tracked():
    from jobs import enqueue
    from tests.benchmarks.tasks import tracked_stamp

    return enqueue(tracked_stamp).pk


def began_tracked(pk: int) -> float | None:
    result = sql("SELECT result FROM jobs_job WHERE id = %s", [pk])
    return json.loads(result)["at"] if isinstance(result, str) else result and result["at"]


def stamp_shipped():
    from django_q.tasks import async_task

    sql("TRUNCATE benchmark_start")
    async_task("tests.benchmarks.tasks.stamp", cluster="shipped")


def began_shipped(_token) -> float | None:
    return sql("SELECT max(at) FROM benchmark_start")


def shipped(bulk: int) -> Engine:
    return Engine(
        name=f"Django-Q2 as shipped, bulk {bulk}",
        command=["manage.py", "qcluster"],
        environment={
            "DJANGO_SETTINGS_MODULE": "tests.benchmarks.shipped_settings",
            "SHIPPED_BULK": str(bulk),
        },
        fill=fill_shipped,
        left=lambda: sql("SELECT count(*) FROM django_q_ormq WHERE key = 'shipped'"),
        enqueue_stamp=stamp_shipped,
        began=began_shipped,
    )


UNTRACKED_ENGINE = Engine(
    name="ours, untracked",
    command=["-m", "tests.benchmarks.untracked"],
    environment={"PYTHONPATH": str(BASE_DIR), "PATH": os.environ["PATH"]},
    fill=fill_untracked,
    left=lambda: sql("SELECT count(*) FROM django_q_ormq WHERE key = 'default'"),
)
TRACKED_ENGINE = Engine(
    name="ours, fully tracked",
    command=["manage.py", "worker", "--queue", "default", "--workers", "2"],
    environment={},
    fill=fill_tracked,
    left=lambda: sql("SELECT count(*) FROM jobs_job WHERE status IN ('queued', 'running')"),
    enqueue_stamp=stamp_tracked,
    began=began_tracked,
)
