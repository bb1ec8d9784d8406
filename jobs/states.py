"""The states of a job and the one table of its legal moves."""

from django.db import models


class Status(models.TextChoices):
    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    WAITING = "waiting", "Waiting"
    PAUSED = "paused", "Paused"
    SUCCEEDED = "succeeded", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


LIVE = frozenset({Status.QUEUED, Status.RUNNING, Status.WAITING, Status.PAUSED})
TERMINAL = frozenset({Status.SUCCEEDED, Status.FAILED, Status.CANCELLED})


def tone(status: str, failed: int) -> str:
    """Colour of the badge: a job that ended with failed items is amber, not green."""
    if status == Status.SUCCEEDED:
        return "warn" if failed else "ok"
    return {
        Status.RUNNING: "accent",
        Status.WAITING: "warn",
        Status.PAUSED: "warn",
        Status.FAILED: "bad",
    }.get(status, "")
