"""What people choose and judge: providers, their order, prompt versions, evaluations."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone


class Provider(models.Model):
    """An OpenAI-compatible endpoint with one of its models; settings may name others."""

    name = models.SlugField(max_length=40, unique=True)
    base_url = models.URLField(max_length=300, help_text="Up to and with /v1, as its SDK wants it")
    model = models.CharField(max_length=200, help_text="Pin a dated name where there is one")
    key_from = models.CharField(
        max_length=300,
        blank=True,
        help_text="Where its key is: env:NAME or file:/path. The key itself is never stored.",
    )
    structured = models.CharField(max_length=20, default="json_schema")
    dialect = models.CharField(max_length=20, default="standard")
    timeout = models.FloatField(default=90, help_text="Seconds for an answer")
    connect_timeout = models.FloatField(default=10, help_text="Seconds for a connection")
    rpm = models.PositiveIntegerField(default=0, help_text="Requests a minute; 0: no limit")
    tpm = models.PositiveIntegerField(default=0, help_text="Tokens a minute; 0: no limit")
    context_tokens = models.PositiveIntegerField(default=0, help_text="It can read; 0: unknown")
    output_tokens = models.PositiveIntegerField(default=0, help_text="It can write; 0: unknown")
    price_in = models.DecimalField(
        max_digits=12, decimal_places=4, default=0, help_text="Of a million tokens read"
    )
    price_out = models.DecimalField(
        max_digits=12, decimal_places=4, default=0, help_text="Of a million tokens written"
    )
    simulated = models.BooleanField(default=False)
    data_note = models.TextField(
        blank=True, help_text="What it does with what it is sent: retention, training, place"
    )
    enabled = models.BooleanField(default=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Route(models.Model):
    """The providers that may answer an operation, first to last; approved by an operator."""

    operation = models.CharField(
        max_length=100, unique=True, help_text="As <app>.<name>, or * for all that have no own"
    )
    providers = ArrayField(
        models.CharField(max_length=40),
        help_text="Names, in order. The next is asked when one is down.",
    )
    approved_by = models.BigIntegerField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.operation}: {', '.join(self.providers)}"


class PromptVersion(models.Model):
    """A prompt as it once was; written when its file is first read, and never changed."""

    operation = models.CharField(max_length=100)
    scope = models.CharField(
        max_length=100, blank=True, help_text="Report, or report/schedule; empty: for all"
    )
    version = models.CharField(max_length=40)
    hash = models.CharField(max_length=64, help_text="SHA-256 of the file")
    text = models.TextField()
    first_seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["operation", "scope", "-first_seen_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "scope", "version"], name="llm_promptversion_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.scope} {self.version}".replace("  ", " ")


class PromptPin(models.Model):
    """The version of a prompt that this environment uses, whatever the file says by now."""

    operation = models.CharField(max_length=100)
    scope = models.CharField(max_length=100, blank=True)
    version = models.ForeignKey(PromptVersion, on_delete=models.PROTECT, related_name="pins")
    pinned_by = models.BigIntegerField(null=True, blank=True)
    pinned_at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=300, blank=True)
    overrides = models.BooleanField(
        default=False, help_text="Pinned although it was evaluated as worse, for the reason given"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["operation", "scope"], name="llm_promptpin_once")
        ]

    def __str__(self) -> str:
        return f"{self.version} pinned"


class Evaluation(models.Model):
    """How well one prompt version and model did on a fixed set of cases."""

    operation = models.CharField(max_length=100)
    golden = models.CharField(max_length=200, help_text="Name of the file with the cases")
    golden_hash = models.CharField(max_length=64)
    cases = models.PositiveIntegerField()
    provider = models.CharField(max_length=200)
    model = models.CharField(max_length=200, help_text="As returned")
    prompt_version = models.CharField(max_length=40)
    prompt_hash = models.CharField(max_length=64)
    prompt_scope = models.CharField(max_length=100, blank=True)
    schema_hash = models.CharField(max_length=64)
    simulated = models.BooleanField(default=False)
    figures = models.JSONField(
        help_text="Measure -> found, wanted, right; recall and precision with their intervals"
    )
    calls = models.PositiveIntegerField(default=0)
    tokens_in = models.PositiveIntegerField(default=0)
    tokens_out = models.PositiveIntegerField(default=0)
    cost = models.DecimalField(max_digits=14, decimal_places=6, default=0)
    latency_p50_ms = models.PositiveIntegerField(null=True)
    latency_p95_ms = models.PositiveIntegerField(null=True)
    run_by = models.BigIntegerField(null=True, blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.operation} {self.prompt_version} on {self.golden}"
