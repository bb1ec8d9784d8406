"""A clock turned by hand: slots come due by moving what the rows say, never by waiting."""

from datetime import datetime, timedelta

from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from jobs import cron, periodic
from jobs.clock import Clock
from jobs.models import PeriodicSlot, PeriodicTask


def tidy(run):
    return {"deleted": 3}


def declare_hourly(declare, name: str = "tests.tidy", minutes: int = 30):
    """A task that was declared two days ago; its last slot was so many minutes ago."""
    task = declare(tidy, name, schedule=hourly_since(minutes))
    periodic.declaration(task).save(force_insert=True)
    age(task)
    return task


def hourly_since(minutes: int = 30) -> str:
    """A schedule whose last slot was so many minutes ago, so that no test meets the next."""
    return f"{(timezone.now() - timedelta(minutes=minutes)).minute} * * * *"


def age(task) -> None:
    rows = PeriodicTask.objects.filter(task=task.name)
    rows.update(declared_at=Now() - timedelta(days=2))


def turn() -> None:
    """One look of a cluster that has just started."""
    Clock().turn()


def row_of(task) -> PeriodicTask:
    return PeriodicTask.objects.get(task=task.name)


def slots(task) -> list[PeriodicSlot]:
    """Newest first."""
    return list(PeriodicSlot.objects.filter(task__task=task.name))


def last_slot(task) -> datetime:
    return cron.last_until(task.schedule, timezone.now())


def database_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        return cursor.fetchone()[0]
