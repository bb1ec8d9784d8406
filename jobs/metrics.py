"""The engine's figures as Prometheus metrics: what is now, and totals since the beginning."""

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

from django.db import connections
from prometheus_client import Metric

from jobs import conf, tallies
from jobs.families import counter, gauge, histogram
from jobs.heartbeat import LEASE_SECONDS
from jobs.models import JobQueue, Tally

# Each half finds its rows by a partial index, however many jobs have ended.
LIVE = """
SELECT queue, state, count(*),
    extract(epoch FROM statement_timestamp() - min(since))::float8 AS oldest
FROM (
    SELECT queue, since, CASE
        WHEN status = 'paused' THEN 'paused'
        WHEN since <= statement_timestamp() THEN 'queued' ELSE 'waiting' END AS state
    FROM (
        SELECT queue, status, COALESCE(run_after, queued_at) AS since
        FROM jobs_job WHERE status IN ('queued', 'waiting', 'paused')
    ) AS pending
    UNION ALL
    SELECT queue, started_at, 'running' FROM jobs_job WHERE status = 'running'
) AS live
GROUP BY queue, state
"""
WORKERS = """
SELECT worker.queue, count(*), count(job.id), COALESCE(sum(worker.memory_kb), 0)::bigint * 1024
FROM jobs_worker AS worker
LEFT JOIN jobs_job AS job ON job.worker_id = worker.id AND job.status = 'running'
WHERE worker.stopped_at IS NULL
    AND worker.beat_at > statement_timestamp() - %s * interval '1 second'
GROUP BY worker.queue
"""
# Batches of events: a long backlog (nobody has scraped for days) takes several scrapes.
FOLDED_AT_ONCE = 3
STATES = ("queued", "waiting", "running", "paused")


class EngineCollector:
    """Asks the database at each scrape, in a few queries, so any web process answers for all.

    What has happened since the scrape before is added up first.
    """

    def collect(self) -> Iterator[Metric]:
        yield from self._jobs()
        yield from self._workers()
        yield from self._totals()

    def _jobs(self) -> Iterator[Metric]:
        found = {(queue, state): rest for queue, state, *rest in _rows(LIVE)}
        queues = _known(queue for queue, _ in found)
        yield gauge(
            "jobs_live",
            "Jobs that have not ended; queued ones may be taken now, waiting ones later.",
            ("queue", "status"),
            {key: found.get(key, [0])[0] for key in product(queues, STATES)},
        )
        yield gauge(
            "jobs_oldest_queued_seconds",
            "How long the oldest job that may be taken has waited for a worker.",
            ("queue",),
            {(queue,): max(found.get((queue, "queued"), [0, 0.0])[1], 0) for queue in queues},
        )
        paused = set(
            JobQueue.objects.using(conf.DATABASE)
            .filter(paused_at__isnull=False)
            .values_list("name", flat=True)
        )
        yield gauge(
            "jobs_queue_paused",
            "1 while an operator has paused the queue.",
            ("queue",),
            {(queue,): int(queue in paused) for queue in _known(paused)},
        )

    def _workers(self) -> Iterator[Metric]:
        found = {queue: counts for queue, *counts in _rows(WORKERS, LEASE_SECONDS)}
        shown = (
            ("jobs_workers_alive", "Worker processes whose lease holds."),
            ("jobs_workers_busy", "Those of them that run a job."),
            ("jobs_workers_memory_bytes", "Resident memory of them all, at their last beats."),
        )
        for place, (name, told) in enumerate(shown):
            values = {(queue,): found.get(queue, [0, 0, 0])[place] for queue in _known(found)}
            yield gauge(name, told, ("queue",), values)

    def _totals(self) -> Iterator[Metric]:
        tallies.fold(FOLDED_AT_ONCE)
        rows = list(Tally.objects.using(conf.DATABASE).order_by("pk"))
        yield histogram(
            "jobs_pickup_seconds",
            "From the moment a job could be taken to its start by a worker.",
            "queue",
            [row for row in rows if row.figure == tallies.PICKUP],
            tallies.ENDS[tallies.PICKUP],
        )
        yield histogram(
            "jobs_run_seconds",
            "From the start of an attempt to its end, whatever the end was.",
            "task",
            [row for row in rows if row.figure == tallies.RUN_TIME],
            tallies.ENDS[tallies.RUN_TIME],
        )
        yield counter(
            "jobs_ended",
            "Jobs that ended; partial ones are done but for their failed items.",
            ("queue", "task", "outcome"),
            [row for row in rows if row.figure == tallies.OUTCOME],
            {},
        )
        queues = _known(())
        yield counter(
            "jobs_rescued",
            "Jobs taken from workers that died; given up where no attempt was left.",
            ("queue", "outcome"),
            [row for row in rows if row.figure == tallies.RESCUE],
            dict.fromkeys(product(queues, ("requeued", "given_up")), 0),
        )
        yield counter(
            "jobs_listen_reconnects",
            "LISTEN connections that were lost and came back; without a queue: of web processes.",
            ("queue",),
            [row for row in rows if row.figure == tallies.RECONNECT],
            dict.fromkeys(product((*queues, "")), 0),
        )


def _rows(statement: str, *values: Any) -> list[tuple]:
    with connections[conf.DATABASE].cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def _known(found: Iterable[str]) -> list[str]:
    """The configured queues, so that their series are there from the first scrape, and others."""
    return [*conf.QUEUES, *sorted(set(found) - set(conf.QUEUES))]
