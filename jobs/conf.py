"""Typed settings of the engine: each may be set in the dict JOBS of Django's settings."""

from typing import Any

from django.conf import settings

DATABASE = "default"
QUEUE_CHANNEL = "jobs_queue"  # payload: a queue with new work, or "<queue> settings"
MOST_WORKERS = 64  # of one queue, in one cluster
PROGRESS_CHANNEL = "jobs_progress"  # payload: "<job id>:<version>:<owner id>"

DEFAULTS: dict[str, Any] = {
    "QUEUES": ("default", "llm", "batch"),
    # Modules that the worker command imports before it forks, so that no job waits for them.
    "PRELOAD": (),
    # Retries: seconds before the first one, doubled at each further attempt; share left to chance.
    "RETRY_BASE": 60.0,
    "RETRY_JITTER": 0.2,
    # Seconds between looks at the request column while a job waits for answers.
    "CANCEL_POLL": 1.0,
    # Seconds between two progress notifications of one job.
    "NOTIFY_INTERVAL": 0.25,
    # Seconds a wait may last before the database connection is closed for its sake.
    "CONNECTION_GRACE": 0.05,
    # Times an engine statement is run on a connection before the server keeps its plan; None for
    # never, behind a pooler that can't have prepared statements.
    "PREPARE_AFTER": 3,
    # Seconds to keep trying to record an outcome while the database is away.
    "RECORD_PATIENCE": 300.0,
    # Characters kept of an error that people read, and of a traceback that staff read.
    "MAX_ERROR": 2_000,
    "MAX_DETAIL": 20_000,
    # Whether clusters start periodic tasks.
    "CLOCK": True,
    # Days that ended jobs are kept, with their items and events; 0 for ever.
    "KEEP_DAYS": 90,
    # Sockets: seconds between two reads of a changing job, two looks for missed changes, and
    # two checks of the right to watch.
    "LIVE_INTERVAL": 0.2,
    "LIVE_COMPARE": 10.0,
    "LIVE_RECHECK": 60.0,
    # Function of a job and a user that tells what the project knows of it: (label, value, address).
    "FACTS": "",
    # What a scraper of /metrics must send as its bearer token; without one, only staff may look.
    "METRICS_TOKEN": "",
    # What the views of the REST API build on.
    "API_VIEW": "rest_framework.viewsets.GenericViewSet",
}


def __getattr__(name: str) -> Any:
    # Read at each use, so that a test may override a setting.
    if name not in DEFAULTS:
        raise AttributeError(f"module 'jobs.conf' has no setting {name!r}")
    return getattr(settings, "JOBS", {}).get(name, DEFAULTS[name])
