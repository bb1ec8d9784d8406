"""Populations: files of records as they were uploaded, understood and turned into Parquet."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from synapse.common.versions import person
from synapse.profiling.states import PopulationState


def source_path(population: "Population", name: str) -> str:
    """Names come from outside, so they never choose where a file goes."""
    return f"populations/{population.cycle_report_id}/{population.pk}/source"


class Population(models.Model):
    """The records that a report was filed with, as one uploaded file.

    Usable once `imported_at` is set, and from then on unchangeable; until then its tester may
    confirm it anew or delete it. Whether something runs just now is known by its job alone.
    """

    cycle_report = models.ForeignKey(
        "cycles.CycleReport", models.PROTECT, related_name="populations", editable=False
    )
    plan = models.ForeignKey(
        "planning.Plan", models.PROTECT, related_name="populations", editable=False
    )
    name = models.CharField(max_length=200, editable=False)
    size = models.PositiveBigIntegerField(editable=False)
    fingerprint = models.CharField(max_length=200, blank=True, editable=False)
    file = models.FileField(upload_to=source_path, max_length=300, blank=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    reading = models.JSONField(default=dict, blank=True, editable=False)
    columns = models.JSONField(default=list, blank=True, editable=False)
    parts = models.JSONField(default=list, blank=True, editable=False)
    row_count = models.PositiveBigIntegerField(default=0, editable=False)
    rejected_count = models.PositiveBigIntegerField(default=0, editable=False)
    content_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)
    confirmed_by = person(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    imported_at = models.DateTimeField(null=True, blank=True, editable=False)
    lock_version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(imported_at__isnull=True)
                | (
                    Q(confirmed_at__isnull=False, content_sha256__regex="^[0-9a-f]{64}$")
                    & Q(sha256__regex="^[0-9a-f]{64}$")
                    & ~Q(file="")
                ),
                name="profiling_population_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["cycle_report", "imported_at"], name="profiling_population_newest")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("profiling:population_detail", args=[self.pk])

    @property
    def state(self) -> PopulationState:
        if self.imported_at:
            return PopulationState.IMPORTED
        if self.confirmed_at:
            return PopulationState.CONFIRMED
        return PopulationState.STORED if self.file else PopulationState.UPLOADING

    @property
    def is_imported(self) -> bool:
        return self.imported_at is not None

    @property
    def record_count(self) -> int:
        """All records of the file, rejected ones too."""
        return self.row_count + self.rejected_count

    @property
    def folder(self) -> str:
        """Where its files stand in storage."""
        return f"populations/{self.cycle_report_id}/{self.pk}"


class UploadPart(models.Model):
    """One part of a file that is uploaded in parts; gone once the file is whole."""

    population = models.ForeignKey(Population, models.CASCADE, related_name="upload_parts")
    number = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["population", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["population", "number"], name="profiling_uploadpart_once"
            )
        ]

    def __str__(self) -> str:
        return f"part {self.number} of {self.population_id}"


class PopulationPart(models.Model):
    """What the import of one chunk of the file found; its records stand in one Parquet file."""

    population = models.ForeignKey(Population, models.CASCADE, related_name="imported_parts")
    key = models.CharField(max_length=60)
    file = models.CharField(max_length=300)
    row_count = models.PositiveBigIntegerField()
    rejected_count = models.PositiveBigIntegerField()
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["population", "key"]
        constraints = [
            models.UniqueConstraint(fields=["population", "key"], name="profiling_part_once")
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.population_id}"


class RejectedRow(models.Model):
    """A record of the file that could not be taken over, with the reason."""

    population = models.ForeignKey(Population, models.CASCADE, related_name="rejected_rows")
    record_no = models.PositiveBigIntegerField()
    line_no = models.PositiveBigIntegerField()
    code = models.CharField(max_length=40)
    reason = models.CharField(max_length=500)
    text = models.CharField(max_length=2000, blank=True)

    class Meta:
        ordering = ["population", "record_no"]
        constraints = [
            models.UniqueConstraint(
                fields=["population", "record_no"], name="profiling_rejectedrow_once"
            )
        ]

    def __str__(self) -> str:
        return f"record {self.record_no}: {self.reason}"
