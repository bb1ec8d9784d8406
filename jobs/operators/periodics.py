"""What starts by the clock, as operators look at it: when it ran, what came of it, what is next."""

from dataclasses import dataclass
from datetime import datetime

from cronsim import CronSim
from django.contrib.contenttypes.models import ContentType
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from jobs import cron, registry
from jobs.models import Job, PeriodicSlot, PeriodicTask


@dataclass(frozen=True)
class PeriodicView:
    """One task; `next_at` is None while it is stopped or the program no longer has it."""

    row: PeriodicTask
    title: str
    schedule: str
    words: str
    slot: PeriodicSlot | None
    job: Job | None
    next_at: datetime | None
    is_declared: bool

    @property
    def state(self) -> tuple[str, str]:
        """Its word and colour."""
        if not self.is_declared:
            return "Not in this version", "warn"
        if self.row.stopped_at:
            return "Stopped", "warn"
        return ("Problem", "bad") if self.row.problem else ("On", "ok")


def periodic_views() -> list[PeriodicView]:
    """Every task that has ever been declared with a schedule, in three queries."""
    kind = ContentType.objects.get_for_model(PeriodicTask)
    slots = PeriodicSlot.objects.filter(task=OuterRef("pk")).order_by("-due_at")
    jobs = Job.objects.filter(subject_type=kind, subject_id=OuterRef("pk")).order_by("-pk")
    rows = PeriodicTask.objects.select_related("changed_by").annotate(
        slot_id=Subquery(slots.values("pk")[:1]), job_id=Subquery(jobs.values("pk")[:1])
    )
    rows = list(rows.order_by("task"))
    last_slots = PeriodicSlot.objects.in_bulk([row.slot_id for row in rows if row.slot_id])
    shown = Job.objects.defer("arguments", "result", "error_detail")
    last_jobs = shown.in_bulk([row.job_id for row in rows if row.job_id])
    declared = {task.name: task for task in registry.all_tasks() if task.schedule}
    now = timezone.now()
    return [_view(row, declared.get(row.task), last_slots, last_jobs, now) for row in rows]


def _view(row, task, slots, jobs, now) -> PeriodicView:
    schedule = task.schedule if task else row.schedule
    runs = task is not None and row.stopped_at is None
    return PeriodicView(
        row=row,
        title=task.title if task else row.task,
        schedule=schedule,
        words=CronSim(schedule, now).explain(),
        slot=slots.get(row.slot_id),
        job=jobs.get(row.job_id),
        next_at=cron.first_after(schedule, max(now, row.declared_at)) if runs else None,
        is_declared=task is not None,
    )
