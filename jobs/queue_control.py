"""What operators set for a queue while it runs: its workers, and whether anything is started.

Every cluster that serves the queue, on whatever host, is told at once and looks every few seconds.
"""

from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from jobs import conf, notify, payloads
from jobs.errors import UnknownQueue, WorkersOutOfRange
from jobs.models import JobQueue


def set_workers(queue: str, count: int | None, *, actor, reason: str = "") -> JobQueue:
    """Have each cluster of the queue run this many workers (1 to 64); None: as it was started.

    A worker too many gives its job back at the next item, with its attempt.
    Raises UnknownQueue or WorkersOutOfRange.
    """
    whole = isinstance(count, int) and not isinstance(count, bool)
    if count is not None and not (whole and 1 <= count <= conf.MOST_WORKERS):
        raise WorkersOutOfRange(most=conf.MOST_WORKERS)
    return _change(queue, {"workers": count}, actor, reason)


def pause_queue(queue: str, *, actor, reason: str = "") -> JobQueue:
    """Start none of the queue's jobs until it is resumed; those that run go on.

    A queue that is paused already stays as it is. Raises UnknownQueue.
    """
    return _change(queue, {"paused_at": Now()}, actor, reason)


def resume_queue(queue: str, *, actor, reason: str = "") -> JobQueue:
    """Start the queue's jobs again; one that isn't paused stays as it is. Raises UnknownQueue."""
    return _change(queue, {"paused_at": None}, actor, reason)


def _change(queue: str, wanted: dict[str, Any], actor, reason: str) -> JobQueue:
    if queue not in conf.QUEUES:
        raise UnknownQueue(queue=queue, queues=", ".join(conf.QUEUES))
    with transaction.atomic(using=conf.DATABASE):
        JobQueue.objects.using(conf.DATABASE).get_or_create(name=queue)
        row = JobQueue.objects.using(conf.DATABASE).select_for_update().get(name=queue)
        if any(_differs(getattr(row, name), value) for name, value in wanted.items()):
            told = {"changed_by": actor, "reason": payloads.as_text(reason, 260)}
            for name, value in (wanted | told | {"changed_at": Now()}).items():
                setattr(row, name, value)
            row.save(using=conf.DATABASE)
            row.refresh_from_db(using=conf.DATABASE)
            notify.queue_changed(queue)
    return row


def _differs(current: Any, value: Any) -> bool:
    """A moment that is set already counts as the same as a later one."""
    return (current is None) != (value is None) if isinstance(value, Now) else current != value
