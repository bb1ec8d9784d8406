"""Profiles: what one approved rule set and plain measures say about one population."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from synapse.common.versions import person
from synapse.profiling.profile_states import ResultStatus


class Profile(models.Model):
    """One run of a rule set over a population; unchangeable once `finished_at` is set.

    Whether something runs just now is known by its job alone.
    """

    cycle_report = models.ForeignKey(
        "cycles.CycleReport", models.PROTECT, related_name="profiles", editable=False
    )
    rule_set = models.ForeignKey(
        "profiling.RuleSet", models.PROTECT, related_name="profiles", editable=False
    )
    population = models.ForeignKey(
        "profiling.Population", models.PROTECT, related_name="profiles", editable=False
    )
    number = models.PositiveIntegerField(editable=False)
    created_by = person()
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True, editable=False)
    record_count = models.PositiveBigIntegerField(default=0, editable=False)
    rules_run = models.PositiveIntegerField(default=0, editable=False)
    failing_records = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
    quality = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, editable=False
    )
    failure_files = models.JSONField(default=list, blank=True, editable=False)
    """Names in storage, one a part of the population and one for the file as a whole."""

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle_report", "number"], name="profiling_profile_number"
            ),
            models.CheckConstraint(
                condition=Q(quality__isnull=True) | Q(quality__range=(0, 100)),
                name="profiling_profile_quality",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(failing_records__isnull=False),
                name="profiling_profile_counted",
            ),
        ]
        indexes = [
            models.Index(fields=["cycle_report", "finished_at"], name="profiling_profile_newest")
        ]

    def __str__(self) -> str:
        return f"Profile {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("profiling:profile_detail", args=[self.pk])

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None

    @property
    def folder(self) -> str:
        """Where its files stand in storage."""
        return f"profiles/{self.cycle_report_id}/{self.pk}"


class RuleResult(models.Model):
    """What one rule found: each record counts once as checked, not applicable or error."""

    profile = models.ForeignKey(Profile, models.CASCADE, related_name="results", editable=False)
    rule = models.ForeignKey(
        "profiling.Rule", models.PROTECT, related_name="results", editable=False
    )
    checked = models.PositiveBigIntegerField(default=0, editable=False)
    failed = models.PositiveBigIntegerField(default=0, editable=False)
    not_applicable = models.PositiveBigIntegerField(default=0, editable=False)
    error = models.PositiveBigIntegerField(default=0, editable=False)
    status = models.CharField(
        max_length=8,
        choices=ResultStatus.choices,
        default=ResultStatus.RUN,
        editable=False,
    )
    message = models.CharField(max_length=500, blank=True, editable=False)

    class Meta:
        ordering = ["profile", "rule__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["profile", "rule"], name="profiling_result_once"),
            models.CheckConstraint(
                condition=Q(failed__lte=models.F("checked")), name="profiling_result_failed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} in {self.profile}"

    @property
    def passed(self) -> int:
        return self.checked - self.failed


class AttributeProfile(models.Model):
    """How the values of one column are spread."""

    profile = models.ForeignKey(
        Profile, models.CASCADE, related_name="attribute_profiles", editable=False
    )
    attribute = models.ForeignKey(
        "planning.Attribute",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    """Nothing, for a column of the file that the plan doesn't know."""
    position = models.PositiveIntegerField(editable=False)
    column = models.CharField(max_length=520, editable=False)
    rows = models.PositiveBigIntegerField(editable=False)
    blank = models.PositiveBigIntegerField(editable=False)
    unreadable = models.PositiveBigIntegerField(default=0, editable=False)
    distinct = models.PositiveBigIntegerField(editable=False)
    minimum = models.TextField(blank=True, editable=False)
    maximum = models.TextField(blank=True, editable=False)
    quantiles = models.JSONField(default=dict, blank=True, editable=False)
    top_values = models.JSONField(default=list, blank=True, editable=False)
    shortest = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
    longest = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
    quality = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, editable=False
    )

    class Meta:
        ordering = ["profile", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "position"], name="profiling_attributeprofile_once"
            ),
            models.CheckConstraint(
                condition=Q(blank__lte=models.F("rows")), name="profiling_attributeprofile_blank"
            ),
        ]

    def __str__(self) -> str:
        return self.column

    @property
    def filled(self) -> int:
        return self.rows - self.blank
