"""Tasks that start by the clock: a slot's job is started once, and people may switch them off.

A task says when it is due: `@task("jobs.prune", schedule="17 * * * *")`. Its row of PeriodicTask is
the subject of its jobs, so no two of them overlap. The monitor of every cluster turns a
jobs.clock.Clock; whichever comes first starts what is due.
"""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Now

from jobs import conf, payloads, registry
from jobs.enqueuing import enqueue
from jobs.errors import AlreadyRunning, NotPeriodic, UnknownTask
from jobs.models import Job, PeriodicSlot, PeriodicTask
from jobs.registry import Task

logger = logging.getLogger(__name__)


def start_slot(task: Task, row: PeriodicTask, due: datetime) -> PeriodicSlot | None:
    """Record the slot and start its job, both or neither; None if another cluster has it.

    While a job of the task is alive the slot is passed over, and its note says so.
    """
    with transaction.atomic(using=conf.DATABASE):
        # Not waiting for a cluster that may be frozen: it has the slot, or the next look has it.
        free = PeriodicTask.objects.using(conf.DATABASE).select_for_update(
            skip_locked=True, no_key=True
        )
        held = free.filter(pk=row.pk, stopped_at=None, declared_at__lt=due).first()
        if held is None:
            return None
        slots = PeriodicSlot.objects.using(conf.DATABASE)
        slot, is_new = slots.get_or_create(task=held, due_at=due)
        if not is_new:
            return None
        try:
            slot.job = enqueue(task, subject=held)
        except AlreadyRunning as running:
            slot.note = f"Passed over: job {running.job.pk} of this task was still under way."
        slot.save(update_fields=["job", "note"])
        if held.problem:
            note_problem(held, "")
        return slot


def start_now(task_name: str, *, actor) -> Job:
    """Start the task besides its schedule; the job belongs to the actor.

    Raises NotPeriodic, or AlreadyRunning if a job of it is alive.
    """
    try:
        task = registry.get(task_name)
    except UnknownTask as error:
        raise NotPeriodic(task=task_name) from error
    if not task.schedule:
        raise NotPeriodic(task=task_name)
    rows = PeriodicTask.objects.using(conf.DATABASE)
    rows.bulk_create([declaration(task)], ignore_conflicts=True)
    return enqueue(task, subject=rows.get(task=task_name), owner=actor)


def stop(task: PeriodicTask, actor, *, reason: str = "") -> PeriodicTask:
    """Have the clock start the task no more; a job of it that is alive goes on.

    One that is stopped already stays as it is.
    """
    return _switch(task, actor, reason, stopped=False, stopped_at=Now())


def go_on(task: PeriodicTask, actor, *, reason: str = "") -> PeriodicTask:
    """Have the clock start the task again, at its next slot: those that passed are not made up.

    One that isn't stopped stays as it is.
    """
    return _switch(task, actor, reason, stopped=True, stopped_at=None, declared_at=Now())


def declaration(task: Task) -> PeriodicTask:
    """The row of a task that has none yet, to be saved; its slots count from then on."""
    return PeriodicTask(task=task.name, schedule=task.schedule, declared_at=Now())


def note_problem(row: PeriodicTask, problem: str) -> None:
    rows = PeriodicTask.objects.using(conf.DATABASE).filter(pk=row.pk)
    rows.exclude(problem=problem).update(problem=problem)


def _switch(task: PeriodicTask, actor, reason: str, *, stopped: bool, **values) -> PeriodicTask:
    rows = PeriodicTask.objects.using(conf.DATABASE).filter(pk=task.pk)
    told = {"changed_by": actor, "reason": payloads.as_text(reason, 260)}
    if rows.filter(stopped_at__isnull=not stopped).update(**values, **told):
        done = "switched on" if stopped else "switched off"
        logger.info("Periodic task %s was %s by %s.", task.task, done, actor)
    return rows.get()
