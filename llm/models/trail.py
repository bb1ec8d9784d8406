"""The audit trail: one row an HTTP attempt."""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q

from llm.errors import EmptyAnswer

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
    """One HTTP attempt, or one answer from the cache; settled once, then frozen by a trigger.

    What an auditor asks for and finds under another name:

    - the prompt template: `operation` and `prompt_scope` name it; the prompt as it was rendered:
      `request`; the answer, raw and as JSON: `response`, of which a cached one is the JSON alone
    - parent call: `reask_of`; validation errors: `problems`; executed by: `owner_id`; finished
      at: `settled_at`; contains PII: `masked`, for what was found was not sent
    - batch: `item_key` has its number, `items` its size
    - cycle-report, phase, version and what of it was asked about: the job of `job_id`, the report
      in `data_owner`, and the rows that came of the call, which name it
    - a call that an open circuit, a budget or the deadline kept from being sent has no row
    """

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

    uuid = models.UUIDField(
        "public id",
        default=uuid4,
        db_default=RandomUUID(),
        editable=False,
        help_text="Names the call in REST and in logs.",
    )
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
    masked = models.BooleanField(
        null=True,
        blank=True,
        help_text="Whether numbers of persons or their accounts were masked in what was sent.",
    )
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
    queue_ms = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="From wanting to ask, or the attempt before, until it was sent or answered from "
        "the cache.",
    )
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
            models.Index(fields=["id"], condition=Q(masked=True), name="llm_call_masked"),
            # Which models there were, and which one first answered to a name: llm/answering.py.
            models.Index(
                fields=["provider", "model_asked", "model_returned", "id"], name="llm_call_model"
            ),
            models.Index(
                fields=["deadline"], condition=Q(settled_at=None), name="llm_call_unsettled"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["uuid"], name="llm_call_uuid"),
            models.CheckConstraint(
                condition=Q(outcome="open", settled_at=None)
                | (~Q(outcome="open") & Q(settled_at__isnull=False)),
                name="llm_call_settled_with_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operation} #{self.pk} ({self.get_outcome_display()})"

    @property
    def validation(self) -> str:
        """What came, by its schema: "valid", "repaired" by a re-ask, "invalid" or "empty".

        "" where nothing came that could be checked.
        """
        if self.outcome == self.Outcome.OK:
            return "repaired" if self.attempt > 1 else "valid"
        if self.error_code == EmptyAnswer.code:
            return "empty"
        return "invalid" if self.outcome == self.Outcome.INVALID else ""

    @property
    def timeout(self) -> float:
        """Seconds that the answer was waited for at most; 0 where nothing was sent."""
        return (self.deadline - self.started_at).total_seconds()
