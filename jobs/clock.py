"""Looks at the clock of periodic tasks: keeps their rows as declared, and starts what is due."""

import logging
import time
from collections.abc import Iterable

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Now

from jobs import conf, cron, periodic, registry
from jobs.judging import judge
from jobs.models import PeriodicSlot, PeriodicTask
from jobs.registry import Task

logger = logging.getLogger(__name__)

# Between two looks while nothing is due; also how soon a slot that failed is tried again.
LOOK_SECONDS = 60.0


class Clock:
    """One cluster's clock; all may run at once. The time is the database's.

    Of the slots that passed while no cluster ran, the newest one is made up for.
    """

    def __init__(self):
        self.look_at = 0.0
        self.looked = False

    def turn(self) -> None:
        """Start what is due; between the moments of the schedules this asks the database nothing.

        A task that can't be started holds up no other. Raises only if the database is away.
        """
        if time.monotonic() < self.look_at:
            return
        declared = {task.name: task for task in registry.all_tasks() if task.schedule}
        rows = _rows(declared)
        seen_at = time.monotonic()
        waits = [self._serve(declared[row.task], row) for row in rows]
        self.looked = True
        self.look_at = seen_at + min([LOOK_SECONDS, *waits])

    def _serve(self, task: Task, row: PeriodicTask) -> float:
        """Start the task if it is due; returns the seconds until it may be again."""
        try:
            if row.schedule != task.schedule:
                self._declare(task, row)
            due = cron.last_until(task.schedule, row.now)
            if row.stopped_at is None and due > row.declared_at and due != row.newest_slot:
                periodic.start_slot(task, row, due)
            elif row.problem:
                periodic.note_problem(row, "")
            return (cron.first_after(task.schedule, row.now) - row.now).total_seconds()
        except Exception as error:
            verdict = judge(error)
            if verdict.outage:
                raise
            logger.exception("Periodic task %s can't be started", task.name)
            periodic.note_problem(row, verdict.message)
            return LOOK_SECONDS

    def _declare(self, task: Task, row: PeriodicTask) -> None:
        """Keep the row in step; slots of a new program's schedule count from now on.

        Programs of two versions may run side by side: each goes by its own declaration, and only
        the text in the row changes to and fro.
        """
        values = {"schedule": task.schedule}
        if not self.looked:
            values["declared_at"] = Now()
            row.declared_at = row.now
        PeriodicTask.objects.using(conf.DATABASE).filter(pk=row.pk).update(**values)


def known(declared: Iterable[str]) -> QuerySet[PeriodicTask]:
    """The rows of these tasks, by name, with the database's `now` and their `newest_slot`."""
    newest = PeriodicSlot.objects.filter(task=OuterRef("pk")).order_by("-due_at")
    rows = PeriodicTask.objects.using(conf.DATABASE).filter(task__in=list(declared))
    rows = rows.annotate(now=Now(), newest_slot=Subquery(newest.values("due_at")[:1]))
    return rows.order_by("task")


def _rows(declared: Iterable[str]) -> list[PeriodicTask]:
    """The tasks' rows; those not yet there are made."""
    rows = known(declared)
    if missing := {*declared} - {row.task for row in rows}:
        PeriodicTask.objects.using(conf.DATABASE).bulk_create(
            [periodic.declaration(registry.get(name)) for name in sorted(missing)],
            ignore_conflicts=True,
        )
        rows = rows.all()
    return list(rows)
