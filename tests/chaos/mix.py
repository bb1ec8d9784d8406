"""Which jobs run in the storm, and what each of them must have left when it has succeeded."""

import random
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from jobs import enqueue
from jobs.models import Job
from jobs.registry import Task
from tests.chaos import tasks


@dataclass(frozen=True)
class Sort:
    task: Task
    share: int
    flawed: str = ""  # last digits of the items that fail
    counted: bool = True  # whether items leave effects

    def failing(self, items: int) -> int:
        return sum(str(number)[-1] in self.flawed for number in range(items))

    def wanted(self, items: int) -> int:
        """Effects that a job of so many items leaves."""
        return items - self.failing(items) if self.counted else 0


SORTS = (
    Sort(tasks.effects, 5),
    Sort(tasks.batch, 3),
    Sort(tasks.flawed, 1, flawed="37"),
    Sort(tasks.stumbling, 1),
    Sort(tasks.steps, 1, counted=False),
)
BY_TASK = {sort.task.name: sort for sort in SORTS}


def choose(chance: random.Random) -> Task:
    return chance.choices(SORTS, [sort.share for sort in SORTS])[0].task


def start(task: Task, items: int, seconds: float, start_at: datetime | None = None) -> Job:
    with transaction.atomic():
        return enqueue(task, start_at=start_at, items=items, seconds=seconds)
