"""The pieces of a job's work as its task sees them: frozen, and free of the database."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class PlannedItem:
    """One piece of work to do; its key is unique in the job."""

    key: str
    label: str = ""
    payload: Any = None


@dataclass(frozen=True)
class Item:
    """One piece of work that is not yet done."""

    id: int
    job_id: int
    key: str
    label: str
    payload: Any
