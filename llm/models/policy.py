"""What the policy around calls shares between workers: circuits, answers, rates, budgets, stop."""

from django.db import models
from django.db.models import Q


class Circuit(models.Model):
    """How a model at a provider is doing, shared by all workers."""

    provider = models.CharField(max_length=200)
    model = models.CharField(max_length=200)
    failures = models.PositiveIntegerField(default=0, help_text="In a row, while closed.")
    open_until = models.DateTimeField(null=True, blank=True)
    probe = models.UUIDField(null=True, blank=True, help_text="The one call let through.")
    probe_until = models.DateTimeField(null=True, blank=True)
    held_until = models.DateTimeField(null=True, blank=True, help_text="By Retry-After.")
    last_error = models.TextField(blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "model"], name="llm_circuit_one_a_model")
        ]

    def __str__(self) -> str:
        return f"{self.model} at {self.provider}"


class CachedAnswer(models.Model):
    """A valid answer for an hour, or the lease of the one caller who is asking for it."""

    key = models.CharField(max_length=64, primary_key=True)
    holder = models.CharField(max_length=230, blank=True, help_text="Job and item that ask.")
    lease = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    answer = models.JSONField(null=True, blank=True)
    call_id = models.BigIntegerField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="llm_cached_expiry")]

    def __str__(self) -> str:
        return self.key


class RateBucket(models.Model):
    """What may be sent to a model at a provider before its minute's worth is used up."""

    provider = models.CharField(max_length=200)
    model = models.CharField(max_length=200)
    requests = models.FloatField()
    tokens = models.FloatField()
    filled_at = models.DateTimeField(help_text="When both figures were true.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "model"], name="llm_ratebucket_one_a_model")
        ]

    def __str__(self) -> str:
        return f"{self.model} at {self.provider}"


class Budget(models.Model):
    """Tokens of one job, one user's day or everybody's day: spent, and reserved by open calls."""

    name = models.CharField(
        max_length=100, primary_key=True, help_text="job:<id>, user:<id>:<day> or day:<day>"
    )
    spent = models.BigIntegerField(default=0)
    reserved = models.BigIntegerField(default=0)
    ceiling = models.BigIntegerField(help_text="As set when it was last drawn on.")
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Reservation(models.Model):
    """The tokens one attempt may use, until it is settled."""

    token = models.UUIDField()
    budget = models.ForeignKey(Budget, on_delete=models.CASCADE, related_name="reservations")
    tokens = models.PositiveIntegerField()
    lapses_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["token"], name="llm_reservation_token"),
            models.Index(fields=["lapses_at"], name="llm_reservation_lapses"),
        ]

    def __str__(self) -> str:
        return f"{self.tokens} of {self.budget_id}"


class KillSwitch(models.Model):
    """One row: whether staff have stopped all model calls."""

    stopped_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.BigIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "kill switch"
        verbose_name_plural = "kill switch"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="llm_killswitch_one")]

    def __str__(self) -> str:
        return f"stopped: {self.reason}" if self.stopped_at else "on"
