"""Ours and Django-Q2 as shipped, each started as a real process on the same database."""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import psycopg
from django.db import connection, transaction

from synapse.common import embedded
from tests.benchmarks.measuring import Scale, measure

# What one statement inserts: far from the time that a statement may take.
AT_ONCE = 50_000
TABLES = "django_q_ormq, jobs_jobevent, jobs_jobitem, jobs_periodicslot, jobs_job"


def sql(statement: str, parameters: list | None = None):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or [])
        return cursor.fetchone()[0] if cursor.description else None


def transactions() -> int:
    """Of this database so far; each query of an engine is one. Asked from another database."""
    connection.close()
    with psycopg.connect(embedded.url("postgres"), autocommit=True) as other:
        return other.execute(
            "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = %s",
            [connection.settings_dict["NAME"]],
        ).fetchone()[0]


class Queue:
    """One of the three in this database; see measuring.Served."""

    picks_up = True
    longest = 10_000_000

    def fill(self, count: int) -> None:
        for begun in range(0, count, AT_ONCE):
            self.insert(min(AT_ONCE, count - begun))
        if count > AT_ONCE:
            sql("ANALYZE django_q_ormq, jobs_job")

    def insert(self, count: int) -> None:
        raise NotImplementedError

    def pickup(self) -> float:
        moments = []
        with transaction.atomic():
            # Registered first, so it is called before the wake-up is sent.
            transaction.on_commit(lambda: moments.append(time.monotonic()))
            token = self.start()
        deadline = moments[0] + 30
        while (began := self.began(token)) is None:
            if time.monotonic() > deadline:
                raise TimeoutError("The job does not begin")
            time.sleep(0.001)
        return began - moments[0]

    def start(self) -> object:
        raise NotImplementedError

    def began(self, token: object) -> float | None:
        raise NotImplementedError

    def asked(self) -> int:
        return transactions()


class Tracked(Queue):
    INSERT = """
    WITH job AS (
        INSERT INTO jobs_job (task, queue, title, arguments)
        SELECT 'benchmark.nothing', 'default', 'Nothing', '{}' FROM generate_series(1, %s)
        RETURNING id, created_at
    ), noted AS (
        INSERT INTO jobs_jobevent (job_id, name, after) SELECT id, 'enqueue', 'queued' FROM job
    )
    INSERT INTO django_q_ormq (key, payload, lock) SELECT 'default', id::text, created_at FROM job
    """

    def insert(self, count: int) -> None:
        sql(self.INSERT, [count])
        sql("SELECT pg_notify('jobs_queue', 'default')")

    def left(self) -> int:
        return sql("SELECT count(*) FROM jobs_job WHERE status IN ('queued', 'running')")

    def start(self) -> int:
        from jobs import enqueue
        from tests.benchmarks.tasks import tracked_stamp

        return enqueue(tracked_stamp).pk

    def began(self, token: object) -> float | None:
        result = sql("SELECT result FROM jobs_job WHERE id = %s", [token])
        return json.loads(result)["at"] if isinstance(result, str) else result and result["at"]


class Untracked(Queue):
    """Queue rows without jobs: the broker and the cluster alone."""

    picks_up = False
    INSERT = """
    INSERT INTO django_q_ormq (key, payload, lock)
    SELECT 'default', (%s + n)::text, now() FROM generate_series(1, %s) n
    """

    def insert(self, count: int) -> None:
        # Above every job id, so payloads are as unlike as those of real jobs.
        sql(self.INSERT, [time.time_ns() // 1000, count])
        sql("SELECT pg_notify('jobs_queue', 'default')")

    def left(self) -> int:
        return sql("SELECT count(*) FROM django_q_ormq WHERE key = 'default'")


class Shipped(Queue):
    INSERT = """
    INSERT INTO django_q_ormq (key, payload, lock)
    SELECT 'shipped', %s, now() FROM generate_series(1, %s)
    """

    def insert(self, count: int) -> None:
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
        sql(self.INSERT, [package, count])

    def left(self) -> int:
        return sql("SELECT count(*) FROM django_q_ormq WHERE key = 'shipped'")

    def start(self) -> None:
        from django_q.tasks import async_task

        sql("TRUNCATE benchmark_start")
        async_task("tests.benchmarks.tasks.stamp", cluster="shipped")

    def began(self, token: object) -> float | None:
        return sql("SELECT max(at) FROM benchmark_start")


@dataclass(frozen=True)
class Engine:
    """How one is started with its two workers, and measured while it runs."""

    name: str
    commands: list[list[str]]
    measure: Callable[[Scale], dict[str, float]]
    environment: dict[str, str] = field(default_factory=dict)
    workers: int = 2


def in_database(name: str, queue: Queue, command: list[str], **environment: str) -> Engine:
    def run(scale: Scale) -> dict[str, float]:
        sql("CREATE TABLE IF NOT EXISTS benchmark_start (at float8)")
        sql(f"TRUNCATE {TABLES}")
        found = measure(queue, scale)
        sql(f"TRUNCATE {TABLES}")
        return found

    return Engine(name, [[sys.executable, *command]], run, environment)


def shipped(bulk: int) -> Engine:
    return in_database(
        f"Django-Q2 as shipped, bulk {bulk}",
        Shipped(),
        ["manage.py", "qcluster"],
        DJANGO_SETTINGS_MODULE="tests.benchmarks.shipped_settings",
        SHIPPED_BULK=str(bulk),
    )


def untracked() -> Engine:
    return in_database("ours, untracked", Untracked(), ["-m", "tests.benchmarks.untracked"])


def tracked() -> Engine:
    command = ["manage.py", "worker", "--queue", "default", "--workers", "2"]
    return in_database("ours, fully tracked", Tracked(), command)
