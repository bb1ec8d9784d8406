"""Keeps jobs running while a seeded series of events goes over the clusters that run them."""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from jobs import queue_control
from jobs.registry import Task
from tests.chaos import asking, events, mix
from tests.chaos.freezing import Frozen, wake_due
from tests.chaos.plan import Planned, draw
from tests.chaos.server import Server
from tests.support.workers import WORKER, Workers

BUSY = """
SELECT j.id, w.pid FROM jobs_job j JOIN jobs_worker w ON w.id = j.worker_id
WHERE j.status = 'running' AND w.stopped_at IS NULL
"""
OPEN = "SELECT count(*) FROM jobs_job WHERE status = ANY(%s)"
AT_WORK = ["queued", "running"]
LIVE = ["queued", "running", "waiting", "paused"]
DELAYED_SHARE = 0.1
# An event that finds nothing to strike is tried again after each of the next ones.
TICK_SECONDS = 0.1
PATIENCE = 120.0


@dataclass(frozen=True)
class Strike:
    """A job that lost its worker, by which kind of event, and when by the database's clock."""

    kind: str
    job: int
    moment: float


@dataclass
class Storm:
    """What to do, and afterwards what was done."""

    clusters: list[Workers]
    seed: int
    server: Server
    items: int = 100
    seconds: float = 0.2
    live_jobs: int = 7
    happened: Counter = field(default_factory=Counter)
    log: list[tuple[float, str]] = field(default_factory=list)  # moment and kind of each event
    strikes: list[Strike] = field(default_factory=list)
    jobs: list[int] = field(default_factory=list)
    delayed: dict[int, float] = field(default_factory=dict)  # jobs by the moment of their start
    frozen: list[Frozen] = field(default_factory=list)
    zombies: int = 0  # woken after their lease had been taken from them
    queue_paused: list[tuple[float, float]] = field(default_factory=list)

    def __post_init__(self):
        self.random = random.Random(self.seed)
        self._later: list[tuple[float, Callable[[], None]]] = []
        self._postponed: list[Planned] = []

    def run(self, number: int, gap: float) -> None:
        for begun, planned in enumerate(draw(self.random, events.KINDS, number, gap)):
            if begun and begun % 100 == 0:
                print(f"{begun} events …", flush=True)
            self.idle(planned.gap)
            self._try_postponed()
            self._try(planned)
        self._finish()

    def _finish(self) -> None:
        """What found nothing to strike gets its turn, as long as some of it does."""
        left, give_up = -1, 0.0
        while self._postponed or self.frozen or self._later:
            if len(self._postponed) != left:
                left, give_up = len(self._postponed), time.monotonic() + PATIENCE
            if time.monotonic() > give_up:
                return
            self.idle(TICK_SECONDS)
            self._try_postponed()

    @property
    def missed(self) -> Counter:
        """Events that never found anything to strike, by kind."""
        return Counter(planned.kind.name for planned in self._postponed)

    def idle(self, seconds: float) -> None:
        """Let the storm rest, with jobs at work and what is due done."""
        until = time.monotonic() + seconds
        while True:
            self.keep_busy()
            self._do_due()
            left = until - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(left, TICK_SECONDS))

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        self._later.append((time.monotonic() + seconds, action))

    def keep_busy(self) -> None:
        for _ in range(self.live_jobs - asking.value(OPEN, [AT_WORK])):
            self.start_job()

    def start_job(self, task: Task | None = None) -> None:
        task = task or mix.choose(self.random)
        items = self.random.randint(self.items // 2, self.items)
        late = self.random.random() < DELAYED_SHARE
        start_at = timezone.now() + timedelta(seconds=self.random.uniform(1, 4)) if late else None
        job = asking.insist(lambda: mix.start(task, items, self.seconds, start_at))
        self.jobs.append(job.pk)
        if start_at:
            self.delayed[job.pk] = start_at.timestamp()

    def busy(self) -> list[tuple[int, Workers, int]]:
        """(job, cluster, pid) of each worker that runs a job and is not frozen."""
        jobs = {pid: job for job, pid in asking.rows(BUSY)}
        return [(jobs[pid], cluster, pid) for cluster, pid in self.awake() if pid in jobs]

    def awake(self) -> list[tuple[Workers, int]]:
        """(cluster, pid) of each worker that is not frozen."""
        frozen = {each.pid for each in self.frozen}
        found = [(cluster, pid) for cluster in self.clusters for pid in cluster.pids(WORKER)]
        return sorted(
            ((cluster, pid) for cluster, pid in found if pid not in frozen),
            key=lambda each: each[1],
        )

    def prey(self) -> list[Workers]:
        """Clusters that may lose more than workers: those in which nobody waits frozen."""
        sheltered = {id(each.cluster) for each in self.frozen}
        return [each for each in self.clusters if id(each) not in sheltered]

    def struck(self, kind: str, jobs: list[int], moment: float) -> None:
        self.strikes += [Strike(kind, job, moment) for job in jobs]

    def settle(self) -> None:
        """Take back whatever the storm has set."""
        self.server.release()
        asking.insist(lambda: queue_control.set_workers("default", None, actor=None))
        asking.insist(lambda: queue_control.resume_queue("default", actor=None))

    def meanwhile(self, begin: float, seconds: float) -> str:
        """What else struck from a little before this moment until it was over."""
        told = [
            f"{moment - begin:.1f} s {name}"
            for moment, name in self.log
            if -5 < moment - begin < seconds and abs(moment - begin) > 0.05
        ]
        return ", ".join(told)

    def open_jobs(self) -> int:
        return asking.value(OPEN, [LIVE])

    def _try(self, planned: Planned) -> None:
        moment = time.time()
        if planned.kind.strike(self):
            self.happened[planned.kind.name] += 1
            self.log.append((moment, planned.kind.name))
        else:
            self._postponed.append(planned)

    def _try_postponed(self) -> None:
        waiting, self._postponed = self._postponed, []
        for planned in waiting:
            self._try(planned)

    def _do_due(self) -> None:
        wake_due(self)
        now = time.monotonic()
        due = [each for each in self._later if each[0] <= now]
        self._later = [each for each in self._later if each[0] > now]
        for _due, action in due:
            action()
