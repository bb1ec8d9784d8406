"""The rows around the work: what operators set, what starts by the clock, what is counted."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from jobs.models.work import Job


class JobQueue(models.Model):
    """What operators have set for a queue while it runs; without a row, settings rule."""

    name = models.CharField(max_length=32, primary_key=True)
    workers = models.PositiveSmallIntegerField(
        null=True, help_text="Worker processes of each host that serves it; empty: as started"
    )
    paused_at = models.DateTimeField(null=True, help_text="Since when no job of it is started")
    changed_at = models.DateTimeField(default=timezone.now, db_default=Now())
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    reason = models.CharField(max_length=300, default="", db_default="")

    def __str__(self):
        return self.name


class PeriodicTask(models.Model):
    """A task that starts by the clock, as declared in code; the subject of its jobs, so that no
    two of them overlap.
    """

    task = models.CharField(max_length=100, unique=True)
    schedule = models.CharField(max_length=100, help_text="Minute, hour, day, month, weekday (UTC)")
    declared_at = models.DateTimeField(
        default=timezone.now, db_default=Now(), help_text="Slots after this moment count"
    )
    stopped_at = models.DateTimeField(null=True, help_text="Since when staff have switched it off")
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
        help_text="Who switched it off or on last",
    )
    reason = models.CharField(max_length=300, default="", db_default="")
    problem = models.TextField(default="", db_default="", help_text="Why its last slot failed")

    def __str__(self):
        return self.task


class PeriodicSlot(models.Model):
    """One moment at which a periodic task was due; its key lets only one cluster start it."""

    task = models.ForeignKey(
        PeriodicTask, on_delete=models.CASCADE, related_name="slots", db_index=False
    )
    due_at = models.DateTimeField()
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    note = models.CharField(max_length=300, default="", db_default="")

    class Meta:
        ordering = ["-due_at"]
        constraints = [
            models.UniqueConstraint(fields=["task", "due_at"], name="jobs_periodicslot_once")
        ]

    def __str__(self):
        return f"{self.due_at:%Y-%m-%d %H:%M}"


class SavedFilter(models.Model):
    """A filter of the job list that a user has given a name."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500, help_text="The filters as they stand in the address")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="jobs_savedfilter_name")
        ]

    def __str__(self):
        return self.name


class Tally(models.Model):
    """Running totals for Prometheus, added up from events, so that pruning them loses no count."""

    figure = models.CharField(max_length=32)
    queue = models.CharField(max_length=32, default="", db_default="")
    task = models.CharField(max_length=100, default="", db_default="")
    outcome = models.CharField(max_length=20, default="", db_default="")
    bucket = models.FloatField(default=0, db_default=0, help_text="Upper end, in seconds")
    count = models.BigIntegerField(default=0, db_default=0)
    seconds = models.FloatField(default=0, db_default=0, help_text="Sum of what was measured")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["figure", "queue", "task", "outcome", "bucket"], name="jobs_tally_once"
            )
        ]

    def __str__(self):
        return f"{self.figure} {self.queue} {self.task} {self.outcome}"
