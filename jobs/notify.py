"""Tells listeners what changed: after the commit, in a statement of its own, and only as a hint.

A NOTIFY inside a transaction holds a lock of the whole server while its commit is flushed. Who
misses one finds out by polling and re-reading.
"""

from django.db import transaction

from jobs import conf, statements

ASYNC_COMMIT = "set_config('synchronous_commit', 'off', true)"


def progress_payload(job) -> str:
    return f"{job.pk}:{job.version}:{job.owner_id or ''}"


def progress(job) -> None:
    """Say that this job has a new version."""
    _after_commit((conf.PROGRESS_CHANNEL, progress_payload(job)))


def queued(job) -> None:
    """Say that this job has a new version and waits in its queue."""
    _after_commit((conf.QUEUE_CHANNEL, job.queue), (conf.PROGRESS_CHANNEL, progress_payload(job)))


def wake(queue: str) -> None:
    """Say that this queue has new work."""
    _after_commit((conf.QUEUE_CHANNEL, queue))


def queue_changed(queue: str) -> None:
    """Say that operators have set something else for this queue."""
    _after_commit((conf.QUEUE_CHANNEL, settings_payload(queue)))


def settings_payload(queue: str) -> str:
    return f"{queue} settings"


def _after_commit(*messages: tuple[str, str]) -> None:
    def send():  # no partial: Django wants the name of one that fails
        _send(messages)

    # Robust: what was committed stands, whether or not anybody hears of it.
    transaction.on_commit(send, using=conf.DATABASE, robust=True)


def _send(messages: tuple[tuple[str, str], ...]) -> None:
    calls = ", ".join(["pg_notify(%s, %s)"] * len(messages))
    with statements.cursor() as cursor:
        cursor.execute(f"SELECT {ASYNC_COMMIT}, {calls}", [part for m in messages for part in m])
