"""Refuses settings under which jobs would be lost, doubled, or stop for good."""

import sys

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.checks import Warning as CheckWarning

from jobs import conf

WORKER, WEB = "worker", "web"


@register(Tags.database)
def check_connections(app_configs=None, databases=None, **kwargs) -> list:
    """Pools and persistent connections, by process kind."""
    database = settings.DATABASES["default"]
    pooled = bool(database.get("OPTIONS", {}).get("pool"))
    age = database.get("CONN_MAX_AGE", 0)
    kind = process_kind(database)
    found = []
    if "postgresql" not in database["ENGINE"]:
        found.append(
            Error(
                "Jobs need PostgreSQL: queue, leases and progress are built on it.", id="jobs.E001"
            )
        )
    if pooled and age != 0:
        found.append(
            Error(
                "A connection pool and CONN_MAX_AGE exclude each other.",
                hint='Set CONN_MAX_AGE to 0 or remove OPTIONS["pool"].',
                id="jobs.E002",
            )
        )
    if pooled and kind == WORKER:
        found.append(
            Error(
                "A pool in a worker process is shared by its forks and corrupts answers.",
                hint='Leave OPTIONS["pool"] out when SYNAPSE_PROCESS is "worker".',
                id="jobs.E003",
            )
        )
    if kind == WEB and age != 0:
        found.append(
            Error(
                "CONN_MAX_AGE leaks a connection a thread in a web process.",
                hint="Set CONN_MAX_AGE to 0 there and use the pool.",
                id="jobs.E004",
            )
        )
    if kind == WORKER and age is not None:
        found.append(
            Error(
                "Workers reconnect for every job unless CONN_MAX_AGE is None.",
                id="jobs.E005",
            )
        )
    if kind == WORKER and not database.get("CONN_HEALTH_CHECKS"):
        found.append(
            Error(
                "A worker's lasting connection needs CONN_HEALTH_CHECKS.",
                hint="Without it the first job after a server restart fails.",
                id="jobs.E006",
            )
        )
    if "idle_in_transaction_session_timeout" not in str(database.get("OPTIONS", {})):
        found.append(
            CheckWarning(
                "No idle_in_transaction_session_timeout: a frozen worker keeps its rows locked.",
                id="jobs.W001",
            )
        )
    return found


@register
def check_queue(app_configs=None, **kwargs) -> list:
    """Django-Q2's own options."""
    options = settings.Q_CLUSTER
    found = []
    if options.get("orm") != "default":
        found.append(
            Error('Q_CLUSTER["orm"] must be "default": jobs commit with the data.', id="jobs.E010")
        )
    if options.get("save_limit", 250) >= 0:
        found.append(
            Error(
                'Q_CLUSTER["save_limit"] must be -1: the Job row is the result.',
                hint="Anything else locks every saved result at each job.",
                id="jobs.E011",
            )
        )
    if not options.get("ack_failures"):
        found.append(
            Error(
                'Q_CLUSTER["ack_failures"] must be True.',
                hint="Failed tasks would be delivered again for ever.",
                id="jobs.E012",
            )
        )
    if options.get("scheduler", True):
        found.append(
            Error(
                'Q_CLUSTER["scheduler"] must be False.',
                hint="One bad schedule blocks all others.",
                id="jobs.E013",
            )
        )
    return found + check_retry(options) + check_workers() + check_cache(options)


def check_retry(options: dict) -> list:
    """A retry shorter than the longest wait behind other tasks runs them twice."""
    workers = options.get("workers") or 1
    timeout = options.get("timeout")
    limit = options.get("queue_limit", workers**2)
    bulk = options.get("bulk", 1)
    if not timeout:
        return [Error('Q_CLUSTER["timeout"] must be set.', id="jobs.E014")]
    least = timeout * (1 + (limit + bulk) / workers) + 3
    if options.get("retry", 60) <= least:
        return [
            Error(
                f'Q_CLUSTER["retry"] must be over {least:.0f} s.',
                hint="timeout x (1 + (queue_limit + bulk) / workers) + 3: "
                "a prefetched task would be delivered while it waits.",
                id="jobs.E015",
            )
        ]
    return []


def check_workers() -> list:
    counts = getattr(settings, "JOBS", {}).get("WORKERS", {})
    if not counts:
        return [Error('JOBS["WORKERS"] names no queue.', id="jobs.E016")]
    wrong = [queue for queue, count in counts.items() if not 0 <= count <= conf.MOST_WORKERS]
    if wrong:
        return [
            Error(
                f"Worker count out of range: {', '.join(wrong)}.",
                hint=f"A queue has 0 to {conf.MOST_WORKERS} workers on a machine.",
                id="jobs.E017",
            )
        ]
    return []


def check_cache(options: dict) -> list:
    """Statistics of the cluster are written every few seconds by a process without a database."""
    backend = settings.CACHES.get(options.get("cache", "default"), {}).get("BACKEND", "")
    if not backend.endswith(("LocMemCache", "DummyCache")):
        return [
            Error(
                'Q_CLUSTER["cache"] must name a local-memory cache.',
                hint="The sentinel forks, so it must hold no connection.",
                id="jobs.E018",
            )
        ]
    return []


@register
def check_platform(app_configs=None, **kwargs) -> list:
    if sys.platform != "linux":
        return [
            CheckWarning(
                "Workers run on Linux only: they need packet sockets and a parent-death signal.",
                id="jobs.W002",
            )
        ]
    return []


def process_kind(database: dict) -> str:
    """What this process is, as its connections' application name says."""
    name = database.get("OPTIONS", {}).get("application_name", "")
    return next((kind for kind in (WORKER, WEB) if name.endswith(kind)), "")
