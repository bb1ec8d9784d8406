"""A durable job engine: declare with `task`, start with `enqueue`, work through `JobRun`."""

from importlib import import_module

_PUBLIC = {
    "task": "jobs.registry",
    "enqueue": "jobs.enqueuing",
    "JobRun": "jobs.run",
    "PlannedItem": "jobs.items",
    "Item": "jobs.items",
    "AlreadyRunning": "jobs.errors",
    "JobsError": "jobs.errors",
}

__all__ = sorted(_PUBLIC)


def __getattr__(name: str):
    # Lazy, because models can't be imported before Django's app registry is ready.
    if name in _PUBLIC:
        return getattr(import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'jobs' has no attribute {name!r}")
