"""Keeps jobs running while a seeded series of kills goes over the clusters that run them."""

import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field

from django.db import connection, transaction

from jobs import enqueue
from tests.chaos import tasks
from tests.support.workers import MONITOR, PUSHER, SENTINEL, WORKER, Workers, wait_for

# What is killed, and how often. "busy" is the pid in the worker row of a running job.
TARGETS = {"busy": 10, "idle": 3, "monitor": 2, "pusher": 3, "sentinel": 2}
PARTS = {"monitor": MONITOR, "pusher": PUSHER, "sentinel": SENTINEL}

BUSY = """
SELECT j.id, w.pid FROM jobs_job j JOIN jobs_worker w ON w.id = j.worker_id
WHERE j.status = 'running' AND w.stopped_at IS NULL
"""


@dataclass
class Storm:
    """What to do, and afterwards what was done."""

    clusters: list[Workers]
    seed: int
    kills: int
    items: int = 200
    seconds: float = 0.02
    pause: float = 0.5
    live_jobs: int = 6
    freezes: int = 0
    killed: Counter = field(default_factory=Counter)
    struck: list[tuple[int, float]] = field(default_factory=list)
    jobs: list[int] = field(default_factory=list)

    def __post_init__(self):
        self.random = random.Random(self.seed)
        self.frozen: list[tuple[float, Workers, int]] = []

    def run(self, patience: float = 120.0) -> "Storm":
        plan = self.plan()
        for target in plan:
            self.keep_busy()
            time.sleep(self.random.uniform(0.2, 1.8) * self.pause)
            self.thaw()
            # It may not be there just now: the next moment has one.
            wait_for(lambda target=target: self.try_to(target), 30, f"a {target} to kill", 0.05)
        wait_for(lambda: self.thaw() or not self.frozen, 60, "frozen workers wake", 0.5)
        wait_for(lambda: self.open_jobs() == 0, patience, "every job ends", 0.2)
        return self

    def plan(self) -> list[str]:
        weights = [*TARGETS.values()]
        drawn = self.random.choices([*TARGETS], weights, k=self.kills)
        # Each kind at least once, however short the storm.
        drawn[: len(TARGETS)] = [*TARGETS]
        drawn += ["freeze"] * self.freezes
        self.random.shuffle(drawn)
        return drawn

    def keep_busy(self) -> None:
        while self.open_jobs() < self.live_jobs:
            with transaction.atomic():
                job = enqueue(tasks.effects, items=self.items, seconds=self.seconds)
            self.jobs.append(job.pk)

    def open_jobs(self) -> int:
        return value("SELECT count(*) FROM jobs_job WHERE status IN ('queued','running','waiting')")

    def try_to(self, target: str) -> bool:
        if target in ("busy", "freeze"):
            # The jobs may all have ended during the pause.
            self.keep_busy()
        return self.strike(target)

    def strike(self, target: str) -> bool:
        job, cluster, pid = self.choose(target)
        if pid is None:
            return False
        moment = value("SELECT extract(epoch FROM clock_timestamp())::float8")
        number = signal.SIGSTOP if target == "freeze" else signal.SIGKILL
        if not cluster.kill(pid, number):
            return False
        self.killed[target] += 1
        if target == "busy":
            self.struck.append((job, moment))
        if target == "freeze":
            # Longer than the lease: it wakes as a zombie.
            self.frozen.append((time.monotonic() + 25, cluster, pid))
        return True

    def choose(self, target: str):
        if target in PARTS:
            cluster = self.random.choice(self.clusters)
            pids = cluster.pids(PARTS[target])
            return None, cluster, self.random.choice(pids) if pids else None
        busy = {pid: job for job, pid in rows(BUSY)}
        found = []
        for cluster in self.clusters:
            stopped = {pid for _at, _cluster, pid in self.frozen}
            for pid in {*cluster.pids(WORKER)} - stopped:
                if (pid in busy) == (target in ("busy", "freeze")):
                    found.append((busy.get(pid), cluster, pid))
        return self.random.choice(sorted(found, key=lambda each: each[2])) if found else (None,) * 3

    def thaw(self) -> None:
        now = time.monotonic()
        for entry in [each for each in self.frozen if each[0] <= now]:
            self.frozen.remove(entry)
            entry[1].kill(entry[2], signal.SIGCONT)


@dataclass(frozen=True)
class Count:
    """What the jobs left behind."""

    jobs: int
    succeeded: int
    attempts: int
    wanted: int
    found: int
    distinct: int
    recoveries: list[float]

    @property
    def lost(self) -> int:
        return self.wanted - self.distinct

    @property
    def doubled(self) -> int:
        return self.found - self.distinct


def count(storm: Storm) -> Count:
    recoveries = [
        value(
            "SELECT extract(epoch FROM min(at))::float8 - %s FROM jobs_jobevent "
            "WHERE job_id = %s AND name = 'claim' AND at > to_timestamp(%s)",
            [moment, job, moment],
        )
        for job, moment in storm.struck
    ]
    jobs = storm.jobs
    return Count(
        jobs=len(jobs),
        succeeded=value(
            "SELECT count(*) FROM jobs_job WHERE status = 'succeeded' AND id = ANY(%s)", [jobs]
        ),
        attempts=value("SELECT count(*) FROM jobs_jobevent WHERE name = 'claim'"),
        wanted=len(jobs) * storm.items,
        found=value("SELECT count(*) FROM chaos_effect"),
        distinct=value("SELECT count(*) FROM (SELECT DISTINCT job_id, item FROM chaos_effect) d"),
        # None: the job had just ended when its worker was killed.
        recoveries=sorted(seconds for seconds in recoveries if seconds is not None),
    )


def rows(statement: str, parameters: list | None = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or [])
        return cursor.fetchall()


def value(statement: str, parameters: list | None = None):
    return rows(statement, parameters)[0][0]
