"""The registry of open sockets in this process, each told of a change of its job once."""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from django.db import Error as DatabaseFault

from jobs import conf
from jobs.live import reading, stopping
from jobs.live.listener import Listener

logger = logging.getLogger(__name__)

# Notices of one burst (a worker commits several items) become one read.
GATHER_SECONDS = 0.005
RETRY_SECONDS = 1.0


class Topic(NamedTuple):
    """What a socket follows: one job, or every job of an owner."""

    kind: str
    pk: int

    @classmethod
    def job(cls, pk: int) -> "Topic":
        return cls("job", pk)

    @classmethod
    def owner(cls, pk: int) -> "Topic":
        return cls("owner", pk)


@dataclass(frozen=True, slots=True)
class Change:
    """A job as it was committed: the snapshot as JSON text, made once for all its sockets."""

    job_id: int
    owner_id: int | None
    version: int
    is_final: bool
    text: str


class Watcher(Protocol):
    def push(self, change: Change) -> None:
        """Takes a change without waiting; a slow socket keeps only the newest of each job."""


class Hub:
    """Turns notices into reads, and reads into pushes to whoever watches.

    A notice is only a hint: the row is read, at most once an interval and job, all changed
    jobs in one query. A notice that never came is made good by a cheap regular comparison.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop):
        self.loop = loop
        self.listener = Listener(self._heard, self._compare)
        self._watchers: dict[Topic, set[Watcher]] = {}
        self._known: dict[int, int] = {}  # job -> version last read
        self._read_at: dict[int, float] = {}
        self._dirty: set[int] = set()
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task] = []
        self._compared_at: float | None = None

    # -- sockets --------------------------------------------------------------------------

    def watch(self, topic: Topic, watcher: Watcher) -> None:
        self._watchers.setdefault(topic, set()).add(watcher)

    def leave(self, topic: Topic, watcher: Watcher) -> None:
        """Forgets the watcher, and with the last one all that was kept for its topic."""
        watchers = self._watchers.get(topic)
        if watchers is None:
            return
        watchers.discard(watcher)
        if not watchers:
            del self._watchers[topic]
            if topic.kind == "job":
                self._forget(topic.pk)

    @property
    def watching(self) -> int:
        return sum(len(watchers) for watchers in self._watchers.values())

    def sizes(self) -> dict[str, int]:
        """How much is kept; every figure is bounded by the sockets open now."""
        kept = {"topics": self._watchers, "known": self._known, "dirty": self._dirty}
        return {name: len(store) for name, store in kept.items()}

    # -- life -----------------------------------------------------------------------------

    def start(self) -> None:
        parts = (self.listener.run(), self._deliver_changes(), self._compare_regularly())
        self._tasks = [self.loop.create_task(part) for part in parts]

    async def stop(self) -> None:
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.listener.drop()

    # -- notices --------------------------------------------------------------------------

    def _heard(self, payload: str) -> None:
        """Takes "<job id>:<version>:<owner id>"; anything else is not ours."""
        try:
            job, version, owner = (int(part or 0) for part in payload.split(":"))
        except ValueError:
            logger.warning("Unreadable progress notice: %r", payload[:100])
            return
        watched = Topic.job(job) in self._watchers or Topic.owner(owner) in self._watchers
        if watched and version > self._known.get(job, -1):
            self._mark([job])

    def _mark(self, jobs: Iterable[int]) -> None:
        self._dirty.update(jobs)
        self._wake.set()

    def _forget(self, job: int) -> None:
        self._known.pop(job, None)
        self._read_at.pop(job, None)
        self._dirty.discard(job)

    # -- reading and delivering -----------------------------------------------------------

    async def _deliver_changes(self) -> None:
        while True:
            await self._wake.wait()
            await asyncio.sleep(GATHER_SECONDS)
            self._wake.clear()
            now = self.loop.time()
            ready = {job: self._ready_at(job) for job in self._dirty}
            # What is nearly due is taken along: one read instead of two.
            due = [job for job, at in ready.items() if at <= now + conf.LIVE_INTERVAL / 4]
            if due:
                await self._deliver(due, now)
            later = [at for job, at in ready.items() if job in self._dirty and at > now]
            if later:
                self.loop.call_at(min(later), self._wake.set)

    def _ready_at(self, job: int) -> float:
        """When the job may be read again."""
        return self._read_at.get(job, 0.0) + conf.LIVE_INTERVAL

    async def _deliver(self, jobs: list[int], now: float) -> None:
        self._dirty.difference_update(jobs)
        try:
            rows = await reading.changes(jobs)
        except DatabaseFault as error:
            logger.warning("Live progress could not read %s job(s): %s", len(jobs), error)
            self._dirty.update(jobs)
            self.loop.call_later(RETRY_SECONDS, self._wake.set)
            return
        except Exception:
            # One unreadable job must not silence the others; the next comparison tries again.
            logger.exception("Live progress could not describe jobs %s", jobs[:20])
            return
        for row in rows:
            self._push(Change(**row), now)

    def _push(self, change: Change, now: float) -> None:
        topics = [Topic.job(change.job_id)]
        if change.owner_id is not None:
            topics.append(Topic.owner(change.owner_id))
        targets = [watcher for topic in topics for watcher in self._watchers.get(topic, ())]
        if targets:
            self._known[change.job_id] = change.version
            self._read_at[change.job_id] = now
        for watcher in targets:
            watcher.push(change)

    # -- what no notice told --------------------------------------------------------------

    async def _compare_regularly(self) -> None:
        while True:
            await asyncio.sleep(conf.LIVE_COMPARE)
            await self._compare()

    async def _compare(self) -> None:
        """Marks every watched job whose committed version is newer than the one last read."""
        jobs = [topic.pk for topic in self._watchers if topic.kind == "job"]
        owners = [topic.pk for topic in self._watchers if topic.kind == "owner"]
        now = self.loop.time()
        if jobs or owners:
            since = now - (self._compared_at or now)
            try:
                versions = await reading.versions(jobs, owners, since)
            except DatabaseFault as error:
                logger.warning("Live progress could not compare versions: %s", error)
                return
            self._mark(job for job, at in versions.items() if at > self._known.get(job, -1))
            for job in self._known.keys() - versions.keys() - self._dirty - set(jobs):
                self._forget(job)
        self._compared_at = now


_hub: Hub | None = None


def current_hub() -> Hub:
    """This process's hub, started by the first socket (Daphne and Channels have no lifespan)."""
    global _hub
    loop = asyncio.get_running_loop()
    if _hub is None or _hub.loop is not loop:
        if _hub is not None:
            _hub.listener.drop()  # its loop is gone, and with it every socket
        _hub = Hub(loop)
        _hub.start()
        stopping.stop_with_process(_hub)
    return _hub
