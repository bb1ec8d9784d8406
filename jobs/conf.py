"""Typed settings of the engine, from the dict JOBS in Django's settings."""

from dataclasses import dataclass, field, fields

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

DATABASE = "default"
QUEUE_CHANNEL = "jobs_queue"
PROGRESS_CHANNEL = "jobs_progress"


@dataclass(frozen=True)
class Conf:
    queues: tuple[str, ...] = field(default=("default", "llm", "batch"))
    retry_base: float = 60.0  # seconds; doubled at each further attempt
    retry_jitter: float = 0.2  # share of the delay that is random
    cancel_poll: float = 1.0  # seconds between looks at the request column while a job waits
    notify_interval: float = 0.25  # seconds between two progress notifications of one job
    connection_grace: float = 0.05  # seconds a wait may last before the connection is closed
    record_patience: float = 300.0  # seconds to keep trying to record an outcome
    max_error: int = 2_000  # characters of an error that people read
    max_detail: int = 20_000  # characters of a traceback that staff read


def conf() -> Conf:
    """The settings now in force; read at each use, so that tests may override them."""
    given = getattr(settings, "JOBS", {})
    known = {f.name for f in fields(Conf)}
    return Conf(**{name.lower(): value for name, value in given.items() if name.lower() in known})


def require_queue(name: str) -> None:
    if name not in conf().queues:
        raise ImproperlyConfigured(f"{name!r} is not one of the queues {conf().queues}")
