"""The rows that are the truth: jobs, their items and events, and workers that hold leases."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from jobs.states import LIVE, Status, tone


class Worker(models.Model):
    """One worker process; its beat is the lease of the job it runs."""

    cluster = models.CharField(max_length=64, help_text="Identity of the cluster that started it")
    queue = models.CharField(max_length=32)
    host = models.CharField(max_length=128)
    slot = models.PositiveSmallIntegerField(default=0)
    pid = models.PositiveIntegerField()
    pid_started = models.FloatField(help_text="Start time of the process, against reused pids")
    backend_pid = models.IntegerField(
        null=True, help_text="Server side of its heartbeat connection"
    )
    backend_started = models.DateTimeField(null=True)
    started_at = models.DateTimeField(default=timezone.now, db_default=Now())
    beat_at = models.DateTimeField(default=timezone.now, db_default=Now())
    stopped_at = models.DateTimeField(null=True)
    memory_kb = models.PositiveBigIntegerField(null=True, help_text="Resident, at the last beat")

    class Meta:
        indexes = [
            models.Index(
                fields=["beat_at"],
                name="jobs_worker_alive",
                condition=models.Q(stopped_at__isnull=True),
            )
        ]

    def __str__(self):
        return f"{self.host}:{self.pid}"


class Job(models.Model):
    """One launch of a task; written only by states.move, run.commit and the request columns."""

    task = models.CharField(max_length=100)
    queue = models.CharField(max_length=32)
    title = models.CharField(max_length=200)
    status = models.CharField(
        max_length=10,
        choices=Status.choices,
        default=Status.QUEUED,
        db_default=Status.QUEUED,
    )
    subject_type = models.ForeignKey(
        ContentType, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    subject_id = models.BigIntegerField(null=True)
    subject = GenericForeignKey("subject_type", "subject_id")
    subject_label = models.CharField(max_length=200, default="", db_default="")
    result_url = models.CharField(max_length=500, default="", db_default="")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    arguments = models.JSONField(default=dict)
    result = models.JSONField(null=True)

    attempt = models.PositiveSmallIntegerField(default=0, db_default=0)
    max_attempts = models.PositiveSmallIntegerField(default=4, db_default=4)
    timeout = models.PositiveIntegerField(default=1800, db_default=1800, help_text="Seconds")
    fence = models.UUIDField(null=True)
    worker = models.ForeignKey(
        Worker, null=True, on_delete=models.SET_NULL, related_name="jobs", db_index=False
    )
    cancel_requested_at = models.DateTimeField(null=True)
    pause_requested_at = models.DateTimeField(null=True)

    # total is null until the items are planned: 0 means "planned, and nothing to do".
    total = models.PositiveIntegerField(null=True)
    done = models.PositiveIntegerField(default=0, db_default=0)
    failed = models.PositiveIntegerField(default=0, db_default=0)
    step = models.CharField(max_length=300, default="", db_default="")
    message = models.TextField(default="", db_default="")
    error_code = models.CharField(max_length=64, default="", db_default="")
    error_message = models.TextField(default="", db_default="")
    error_detail = models.TextField(default="", db_default="")

    # The last item settled, and a mark that follows it: the pace between them gives the ETA.
    mark_at = models.DateTimeField(null=True)
    mark_settled = models.PositiveIntegerField(default=0, db_default=0)
    earlier_mark_at = models.DateTimeField(null=True)
    earlier_mark_settled = models.PositiveIntegerField(default=0, db_default=0)

    created_at = models.DateTimeField(default=timezone.now, db_default=Now())
    queued_at = models.DateTimeField(default=timezone.now, db_default=Now())
    run_after = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True, help_text="When its owner looked at how it ended")
    version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "subject_type", "subject_id"],
                name="jobs_job_one_live",
                condition=models.Q(
                    status__in=["queued", "running", "waiting", "paused"],
                    subject_id__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="jobs_job_status",
                condition=models.Q(status__in=Status.values),
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="jobs_job_pending",
                condition=models.Q(status__in=["queued", "waiting", "paused"]),
            ),
            models.Index(
                fields=["worker"],
                name="jobs_job_worker",
                condition=models.Q(worker__isnull=False),
            ),
            # What sweepers read every second, however many jobs have ended.
            models.Index(
                fields=["worker"],
                name="jobs_job_running",
                condition=models.Q(status="running"),
            ),
            models.Index(
                fields=["owner", "-id"],
                name="jobs_job_owner",
                condition=models.Q(owner__isnull=False),
            ),
            models.Index(
                fields=["subject_type", "subject_id", "-id"],
                name="jobs_job_subject",
                condition=models.Q(subject_id__isnull=False),
            ),
            # The unread mark of every page: what lives and what has ended since its owner looked.
            models.Index(
                fields=["owner", "-id"],
                name="jobs_job_unseen",
                condition=models.Q(seen_at__isnull=True, owner__isnull=False),
            ),
            # What retention reads.
            models.Index(
                fields=["finished_at"],
                name="jobs_job_ended",
                condition=models.Q(finished_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.title} #{self.pk}"

    @property
    def is_live(self) -> bool:
        return self.status in LIVE

    @property
    def cancel_requested(self) -> bool:
        return self.cancel_requested_at is not None

    @property
    def pause_requested(self) -> bool:
        return self.pause_requested_at is not None

    @property
    def tone(self) -> str:
        """The colour of its badge: ok, warn, bad, accent or nothing."""
        return tone(self.status, self.failed)


class JobItem(models.Model):
    """One piece of a job's work, settled at most once."""

    class Status(models.TextChoices):
        PENDING = "pending", "To do"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="items", db_index=False)
    position = models.PositiveIntegerField()
    key = models.CharField(max_length=200)
    label = models.CharField(max_length=300, default="", db_default="")
    payload = models.JSONField(null=True)
    status = models.CharField(
        max_length=8, choices=Status.choices, default=Status.PENDING, db_default=Status.PENDING
    )
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    error_code = models.CharField(max_length=64, default="", db_default="")
    error_message = models.TextField(default="", db_default="")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["job", "key"], name="jobs_jobitem_key"),
            models.CheckConstraint(
                name="jobs_jobitem_status",
                condition=models.Q(status__in=["pending", "done", "failed"]),
            ),
        ]

    def __str__(self):
        return self.label or self.key


class JobEvent(models.Model):
    """One move of a job, or a request to move it: who, when, from where, to where, why."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(default=timezone.now, db_default=Now())
    name = models.CharField(max_length=20)
    before = models.CharField(max_length=10, default="", db_default="")
    after = models.CharField(max_length=10)
    attempt = models.PositiveSmallIntegerField(default=0, db_default=0)
    reason = models.TextField(default="", db_default="")
    code = models.CharField(
        max_length=64, default="", db_default="", help_text="Of the error it ended with"
    )
    due_at = models.DateTimeField(null=True, help_text="Since when it could have been started")
    worker = models.CharField(max_length=160, default="", db_default="")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )

    class Meta:
        ordering = ["id"]
        # Small and cheap to keep: events come in the order of time.
        indexes = [BrinIndex(fields=["at"], name="jobs_jobevent_at", autosummarize=True)]

    def __str__(self):
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"
