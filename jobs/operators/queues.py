"""Queues as operators look at them: depth, age, pace, failures, pickup, and what was set."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connections

from jobs import conf
from jobs.heartbeat import LEASE_SECONDS
from jobs.metrics import LIVE, WORKERS
from jobs.models import JobQueue

# How far back pace and failures look, and for how many jobs at most: a flood shortens the look.
PAST_MINUTES, SOON_MINUTES = 60, 5
MOST_ENDED = 20_000
# Events among which starts are looked for: some hundreds of them.
MOST_EVENTS = 5_000

ENDED = """
SELECT queue, count(*),
    count(*) FILTER (WHERE finished_at > statement_timestamp() - %(soon)s * interval '1 minute'),
    count(*) FILTER (WHERE status = 'failed'), count(*) FILTER (WHERE status <> 'cancelled'),
    extract(epoch FROM statement_timestamp() - min(finished_at))::float8 / 60
FROM (
    SELECT queue, status, finished_at FROM jobs_job
    WHERE finished_at > statement_timestamp() - %(past)s * interval '1 minute'
    ORDER BY finished_at DESC LIMIT %(most)s
) AS ended
GROUP BY queue
"""
# Ids come in the order of time, so the newest events are found without an index of their own.
PICKUPS = """
SELECT job.queue, percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (
    ORDER BY extract(epoch FROM event.at - event.due_at)::float8)
FROM (SELECT * FROM jobs_jobevent ORDER BY id DESC LIMIT %(most)s) AS event
JOIN jobs_job AS job ON job.id = event.job_id
WHERE event.name = 'claim' AND event.due_at IS NOT NULL
    AND event.at > statement_timestamp() - %(past)s * interval '1 minute'
GROUP BY job.queue
"""


@dataclass(frozen=True)
class QueueView:
    """One queue now; ages and pickup in seconds, rates in jobs ended a minute."""

    name: str
    workers: int
    busy: int
    queued: int
    waiting: int
    paused: int
    running: int
    oldest: float | None
    ended: int
    failed: int
    failed_share: float | None
    rate: float
    rate_soon: float
    minutes: float
    pickup: tuple[float, float] | None
    setting: JobQueue | None
    is_known: bool

    @property
    def paused_at(self) -> datetime | None:
        return self.setting.paused_at if self.setting else None

    @property
    def workers_set(self) -> int | None:
        return self.setting.workers if self.setting else None

    @property
    def state(self) -> tuple[str, str]:
        """Its word and colour: paused, without a worker, or at work."""
        if self.paused_at:
            return "Paused", "warn"
        if not self.workers:
            return ("No worker", "bad") if self.queued else ("No worker", "warn")
        return ("At work", "accent") if self.running else ("Idle", "")


def queue_views() -> list[QueueView]:
    """Every configured queue, and any other that has jobs or workers; in five queries."""
    live: dict[str, dict[str, tuple]] = {}
    for queue, state, count, oldest in _rows(LIVE):
        live.setdefault(queue, {})[state] = (count, oldest)
    workers = {queue: counts for queue, *counts in _rows(WORKERS, [LEASE_SECONDS])}
    span = {"past": PAST_MINUTES, "soon": SOON_MINUTES}
    ended = {queue: found for queue, *found in _rows(ENDED, span | {"most": MOST_ENDED})}
    pickups = dict(_rows(PICKUPS, span | {"most": MOST_EVENTS}))
    settings = {row.name: row for row in JobQueue.objects.select_related("changed_by")}
    minutes = _minutes(ended.values())
    names = [*conf.QUEUES, *sorted({*live, *workers} - {*conf.QUEUES})]
    return [
        _view(
            name,
            live.get(name, {}),
            workers.get(name, (0, 0)),
            ended.get(name, (0, 0, 0, 0, None)),
            minutes,
            pickup=pickups.get(name),
            setting=settings.get(name),
        )
        for name in names
    ]


def queue_view(name: str) -> QueueView | None:
    """One configured queue; None for any other name."""
    return next((each for each in queue_views() if each.name == name and each.is_known), None)


def _view(name, live, workers, ended, minutes, *, pickup, setting) -> QueueView:
    count, soon, failed, judged, _ = ended
    queued, oldest = live.get("queued", (0, None))
    return QueueView(
        name=name,
        workers=workers[0],
        busy=workers[1],
        queued=queued,
        waiting=live.get("waiting", (0,))[0],
        paused=live.get("paused", (0,))[0],
        running=live.get("running", (0,))[0],
        oldest=oldest,
        ended=count,
        failed=failed,
        failed_share=failed / judged if judged else None,
        rate=count / minutes,
        rate_soon=soon / min(SOON_MINUTES, minutes),
        minutes=minutes,
        pickup=tuple(pickup) if pickup else None,
        setting=setting,
        is_known=name in conf.QUEUES,
    )


def _minutes(ended: Iterable) -> float:
    """How far back the figures reach: less than the whole span only where a flood ended it."""
    found = list(ended)
    if sum(count for count, *_ in found) < MOST_ENDED:
        return PAST_MINUTES
    return max(max(oldest for *_, oldest in found), 1 / 60)


def _rows(statement: str, parameters=None) -> list[tuple]:
    with connections[conf.DATABASE].cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()
