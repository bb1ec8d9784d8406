"""Sample sets and their samples: which records are tested, why each, and what was decided."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import MD5
from django.urls import reverse

from synapse.common.versions import Version, version_constraints
from synapse.sampling import submission
from synapse.sampling.options import LARGEST, LARGEST_SEED, DrawOptions
from synapse.sampling.states import Category, Decision, Method, Selection, Source

SHA256 = "^([0-9a-f]{64})?$"


class SampleSet(Version):
    """One version of the records to test, drawn from one population for one approved scope."""

    approval_title = "Approve samples"
    fields_to_copy = (
        "scope", "population", "profile", "method", "size", "mix_clean", "mix_anomaly",
        "mix_boundary", "seed", "per_attribute", "confidence", "include_keys", "exclude_keys",
        "key_columns", "population_count", "population_hash", "query_hash", "report", "drawn_at",
    )  # fmt: skip

    scope = models.ForeignKey(
        "scoping.Scope", models.PROTECT, related_name="sample_sets", editable=False
    )
    population = models.ForeignKey(
        "profiling.Population", models.PROTECT, related_name="sample_sets", editable=False
    )
    profile = models.ForeignKey(
        "profiling.Profile", models.PROTECT, null=True, related_name="sample_sets", editable=False
    )
    method = models.CharField(max_length=16, choices=Method.choices, default=Method.RISK)
    size = models.PositiveIntegerField(
        default=25, validators=[MinValueValidator(1), MaxValueValidator(LARGEST)]
    )
    mix_clean = models.PositiveSmallIntegerField(default=30)
    mix_anomaly = models.PositiveSmallIntegerField(default=50)
    mix_boundary = models.PositiveSmallIntegerField(default=20)
    seed = models.PositiveBigIntegerField()
    per_attribute = models.PositiveSmallIntegerField(default=1)
    confidence = models.PositiveSmallIntegerField(default=95)
    include_keys = models.JSONField(default=list, blank=True)
    exclude_keys = models.JSONField(default=list, blank=True)
    key_columns = models.JSONField(default=list, blank=True)
    population_count = models.PositiveBigIntegerField(default=0)
    population_hash = models.CharField(max_length=64, blank=True)
    query_hash = models.CharField(max_length=64, blank=True)
    report = models.JSONField(default=dict, blank=True)
    drawn_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["phase", "-number"]
        verbose_name = "sample set"
        constraints = [
            *version_constraints("sampling_sampleset"),
            models.CheckConstraint(
                condition=Q(size__range=(1, LARGEST)), name="sampling_sampleset_size"
            ),
            models.CheckConstraint(
                condition=Q(mix_clean=100 - F("mix_anomaly") - F("mix_boundary")),
                name="sampling_sampleset_mix",
            ),
            models.CheckConstraint(
                condition=Q(seed__lte=LARGEST_SEED), name="sampling_sampleset_seed"
            ),
            models.CheckConstraint(
                condition=Q(population_hash__regex=SHA256) & Q(query_hash__regex=SHA256),
                name="sampling_sampleset_hashes",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("sampling:sampleset_detail", args=[self.pk])

    @property
    def options(self) -> DrawOptions:
        return DrawOptions(**{name: getattr(self, name) for name in DrawOptions.names()})

    def items(self) -> models.QuerySet:
        return self.samples.order_by("record_no", "pk")

    def canonical_items(self) -> list[dict]:
        """Where the samples come from, then each of them: both are sealed."""
        return [submission.origin(self), *(sample.canonical() for sample in self.items())]

    def check_submittable(self) -> None:
        submission.check(self)

    def copy_items_to(self, new: "SampleSet") -> None:
        submission.carry_over(self, new)


class Sample(models.Model):
    """One record chosen for testing, as it stood in the population, with the decision on it."""

    version = models.ForeignKey(SampleSet, models.CASCADE, related_name="samples", editable=False)
    record_no = models.PositiveBigIntegerField()
    key = models.TextField()
    key_values = models.JSONField(default=dict)
    row = models.JSONField(default=dict)
    row_hash = models.CharField(max_length=64)
    category = models.CharField(max_length=8, choices=Category.choices, blank=True)
    reasons = models.JSONField(default=list)
    rationale = models.TextField(blank=True)
    risk_score = models.DecimalField(max_digits=12, decimal_places=1, null=True)
    selection = models.CharField(max_length=8, choices=Selection.choices)
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.DRAWN)
    decision = models.CharField(max_length=8, choices=Decision.choices, null=True)  # noqa: DJ001  null is "undecided"
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    lock_version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "record_no"], name="sampling_sample_once"),
            models.UniqueConstraint("version", MD5("key"), name="sampling_sample_key"),
            models.CheckConstraint(
                condition=Q(decision__isnull=True, decided_by__isnull=True, decided_at__isnull=True)
                | Q(decision__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="sampling_sample_decided",
            ),
            models.CheckConstraint(
                condition=Q(decision__isnull=True) | ~Q(decision=Decision.REJECTED) | ~Q(reason=""),
                name="sampling_sample_rejected",
            ),
            models.CheckConstraint(
                condition=~Q(selection=Selection.MANUAL) | ~Q(rationale=""),
                name="sampling_sample_manual",
            ),
        ]

    def __str__(self) -> str:
        return f"Record {self.record_no} in {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("sampling:sample_detail", args=[self.version_id, self.pk])

    @property
    def is_decided(self) -> bool:
        return self.decision is not None

    @property
    def is_manual(self) -> bool:
        return self.selection == Selection.MANUAL

    def canonical(self) -> dict:
        """What an approval seals of this sample."""
        return {
            "record_no": self.record_no,
            "key": self.key,
            "row_hash": self.row_hash,
            "category": self.category,
            "reasons": self.reasons,
            "rationale": self.rationale,
            "risk_score": None if self.risk_score is None else str(self.risk_score),
            "selection": self.selection,
            "decision": self.decision,
            "reason": self.reason,
        }
