"""The engine's tables."""

from jobs.models.operating import JobQueue, PeriodicSlot, PeriodicTask, SavedFilter, Tally
from jobs.models.work import Job, JobEvent, JobItem, Worker

__all__ = [
    "Job",
    "JobEvent",
    "JobItem",
    "JobQueue",
    "PeriodicSlot",
    "PeriodicTask",
    "SavedFilter",
    "Tally",
    "Worker",
]
