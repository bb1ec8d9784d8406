"""The audit trail: one row an HTTP attempt."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

# What a report of costs adds up: beside the rows, so that it needn't read their texts.
ADDED_UP = (
    "operation",
    "data_owner",
    "owner_id",
    "provider",
    "outcome",
    "cached",
    "tokens_in",
    "tokens_out",
    "cost",
    "latency_ms",
)


class LLMCall(models.Model):
    """One HTTP attempt, or one answer from the cache; settled once, then frozen by a trigger."""

    class Outcome(models.TextChoices):
        OPEN = "open", "Waiting for an answer"
        OK = "ok", "Answered"
        INVALID = "invalid", "Did not fit the schema"
        TRUNCATED = "truncated", "Cut off"
        REFUSED = "refused", "Refused"
        REJECTED = "rejected", "Request rejected"
        RATE_LIMITED = "rate_limited", "Rate limited"
        QUOTA = "quota", "No budget left"
        AUTH = "auth", "Key refused"
        TIMEOUT = "timeout", "Timed out"
        UNREACHABLE = "unreachable", "Unreachable"
        FAILED = "failed", "Provider failed"
        CANCELLED = "cancelled", "Cancelled"
        LOST = "lost", "Lost with its process"

    operation = models.CharField(max_length=100)
    prompt_version = models.CharField(max_length=40)
    prompt_hash = models.CharField(max_length=64)
    prompt_scope = models.CharField(
        max_length=100, default="", db_default="", help_text="Report and schedule it is for."
    )
    schema_hash = models.CharField(max_length=64)
    schema_name = models.CharField(
        max_length=100, default="", db_default="", help_text="Its version is the hash."
    )
    cache_key = models.CharField(max_length=64)
    provider = models.CharField(max_length=200)
    model_asked = models.CharField(max_length=200)
    model_returned = models.CharField(max_length=200, blank=True)
    parameters = models.JSONField(default=dict)
    request = models.JSONField(help_text="The messages as sent.")
    response = models.JSONField(null=True, blank=True, help_text="The answer as received.")
    attempt = models.PositiveSmallIntegerField(default=1, help_text="Above 1: a re-ask.")
    reask_of = models.BigIntegerField(
        null=True, blank=True, help_text="The attempt whose answer did not fit."
    )
    outcome = models.CharField(max_length=20, choices=Outcome.choices, default=Outcome.OPEN)
    error_code = models.CharField(max_length=60, blank=True)
    error = models.TextField(blank=True)
    problems = ArrayField(
        models.TextField(),
        default=list,
        db_default=[],
        blank=True,
        help_text="Where the answer does not fit the schema, in words.",
    )
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    tokens_in = models.PositiveIntegerField(null=True, blank=True)
    tokens_out = models.PositiveIntegerField(null=True, blank=True)
    cost = models.DecimalField(max_digits=14, decimal_places=6, null=True, blank=True)
    latency_ms = models.PositiveIntegerField(null=True, blank=True)
    cached = models.BooleanField(default=False)
    cached_from = models.BigIntegerField(
        null=True, blank=True, help_text="The call that paid for a cached answer."
    )
    simulated = models.BooleanField(default=False)
    # No foreign keys: the client knows neither the job engine nor the users of a project.
    data_owner = models.CharField(
        max_length=60, default="", db_default="", help_text="Whose data was sent; never mixed."
    )
    items = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Things asked about in it, if they were counted."
    )
    job_id = models.BigIntegerField(null=True, blank=True)
    item_key = models.CharField(max_length=200, blank=True)
    owner_id = models.BigIntegerField(null=True, blank=True)
    provider_request_id = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField()
    deadline = models.DateTimeField(help_text="After this no process waits for the answer.")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "model call"
        ordering = ["-id"]
        permissions = [("view_payload", "Can see what was sent to the model and what it said")]
        indexes = [
            models.Index(fields=["job_id", "item_key"], name="llm_call_job"),
            models.Index(fields=["operation", "started_at"], name="llm_call_operation"),
            models.Index(fields=["owner_id", "-id"], name="llm_call_owner"),
            models.Index(fields=["data_owner", "-id"], name="llm_call_data_owner"),
            models.Index(fields=["started_at"], include=ADDED_UP, name="llm_call_cost"),
            models.Index(F("cost").desc(nulls_last=True), F("id").desc(), name="llm_call_dearest"),
            models.Index(
                F("latency_ms").desc(nulls_last=True), F("id").desc(), name="llm_call_slowest"
            ),
            # Failures are few, and what one looks for first.
            models.Index(
                fields=["id"],
                include=["outcome", "cached", "started_at"],
                condition=~Q(outcome="ok"),
                name="llm_call_unanswered",
            ),
            # Which models there were, and which one first answered to a name: llm/answering.py.
            models.Index(
                fields=["provider", "model_asked", "model_returned", "id"], name="llm_call_model"
            ),
            models.Index(
                fields=["deadline"], condition=Q(settled_at=None), name="llm_call_unsettled"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="open", settled_at=None)
                | (~Q(outcome="open") & Q(settled_at__isnull=False)),
                name="llm_call_settled_with_outcome",
            )
        ]

    def __str__(self) -> str:
        return f"{self.operation} #{self.pk} ({self.get_outcome_display()})"

    @property
    def validation(self) -> str:
        """Whether what came was "valid" or "invalid" by its schema; "" where nothing came."""
        if self.outcome == self.Outcome.OK:
            return "valid"
        return "invalid" if self.outcome == self.Outcome.INVALID else ""
