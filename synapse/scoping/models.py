"""Scopes and their items: for each attribute of a plan, how it was judged and what was decided."""

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.urls import reverse

from synapse.common.versions import Version, version_constraints
from synapse.scoping import submission
from synapse.scoping.scoring import (
    COMPONENT_MAX,
    COMPONENT_MIN,
    COMPONENTS,
    DEFAULT_THRESHOLD,
    DEFAULT_TOP_N,
    Components,
    Policy,
)
from synapse.scoping.states import JudgedBy, QuotedField

SUPPORT = ("quote", "quote_field", "quote_start", "unsupported")
NONE_JUDGED = Q(**{f"{name}__isnull": True for name in (*COMPONENTS, "score")})
# A comparison with null is unknown, which a check constraint lets pass: hence both conditions.
ALL_JUDGED = (
    Q(**{f"{name}__isnull": False for name in (*COMPONENTS, "score")})
    & Q(**{f"{name}__range": (COMPONENT_MIN, COMPONENT_MAX) for name in COMPONENTS})
    & Q(score__range=(1, 100))
)


class Scope(Version):
    """One version of what is tested this cycle, read from one approved plan."""

    approval_title = "Approve scope"
    fields_to_copy = ("plan", "threshold", "top_n")

    plan = models.ForeignKey("planning.Plan", models.PROTECT, related_name="scopes", editable=False)
    threshold = models.PositiveSmallIntegerField(default=DEFAULT_THRESHOLD)
    top_n = models.PositiveIntegerField(default=DEFAULT_TOP_N)

    class Meta:
        ordering = ["phase", "-number"]
        constraints = [
            *version_constraints("scoping_scope"),
            models.CheckConstraint(condition=Q(threshold__lte=100), name="scoping_scope_threshold"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("scoping:scope_detail", args=[self.pk])

    @property
    def policy(self) -> Policy:
        return Policy(threshold=self.threshold, top_n=self.top_n)

    def items(self) -> models.QuerySet:
        return self.scope_items.select_related("attribute").order_by("attribute__position", "pk")

    def canonical_items(self) -> list[dict]:
        return [item.canonical() for item in self.items()]

    def check_submittable(self) -> None:
        submission.check(self)

    def copy_items_to(self, new: "Scope") -> None:
        submission.carry_over(self, new)


class ScopeItem(models.Model):
    """One attribute in one scope: components, score, advice, and the tester's decision."""

    version = models.ForeignKey(Scope, models.CASCADE, related_name="scope_items", editable=False)
    attribute = models.ForeignKey(
        "planning.Attribute", models.PROTECT, related_name="+", editable=False
    )
    regulatory_impact = models.PositiveSmallIntegerField(null=True)
    data_complexity = models.PositiveSmallIntegerField(null=True)
    common_errors = models.PositiveSmallIntegerField(null=True)
    downstream_dependencies = models.PositiveSmallIntegerField(null=True)
    rationale = models.TextField(blank=True)
    quote = models.TextField(blank=True)
    quote_field = models.CharField(
        max_length=16, choices=QuotedField.choices, default=QuotedField.NOWHERE, blank=True
    )
    quote_start = models.PositiveIntegerField(null=True)
    """Characters before the quote in the field as it was sent; codes stand one a line."""
    unsupported = models.BooleanField(default=False)
    """The model judged it, and its quote doesn't occur: a person has to say why all the same."""
    judged_by = models.CharField(
        max_length=10, choices=JudgedBy.choices, default=JudgedBy.NOBODY, blank=True
    )
    judged_at = models.DateTimeField(null=True)
    judged_facts = models.CharField(max_length=16, blank=True)
    simulated = models.BooleanField(default=False)
    llm_call_id = models.BigIntegerField(null=True)
    failure = models.TextField(blank=True)
    failure_code = models.CharField(max_length=64, blank=True)
    data_quality = models.PositiveSmallIntegerField(null=True)
    """As profiling measured it, 0 to 100; nothing where no rule checked the attribute."""
    score = models.PositiveSmallIntegerField(null=True)
    recommended = models.BooleanField(null=True)
    recommendation_reason = models.CharField(max_length=200, blank=True)
    in_scope = models.BooleanField(null=True)
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    lock_version = models.PositiveIntegerField(default=1)
    is_override = models.GeneratedField(
        expression=Case(
            When(
                Q(in_scope=True, recommended=False) | Q(in_scope=False, recommended=True),
                then=Value(True),
            ),
            default=Value(False),
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "attribute"], name="scoping_item_once"),
            models.CheckConstraint(
                condition=(Q(judged_by=JudgedBy.NOBODY) & NONE_JUDGED)
                | (Q(judged_by__in=(JudgedBy.MODEL, JudgedBy.ESTIMATED)) & ALL_JUDGED),
                name="scoping_item_judged",
            ),
            models.CheckConstraint(
                condition=Q(in_scope__isnull=True, decided_by__isnull=True, decided_at__isnull=True)
                | Q(in_scope__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="scoping_item_decided",
            ),
            models.CheckConstraint(
                condition=Q(simulated=False) | Q(judged_by=JudgedBy.MODEL),
                name="scoping_item_simulated",
            ),
            models.CheckConstraint(
                condition=Q(quote_field=QuotedField.NOWHERE, quote_start__isnull=True)
                | (
                    ~Q(quote="")
                    & Q(quote_field__in=[each for each in QuotedField.values if each])
                    & Q(quote_start__isnull=False, unsupported=False, judged_by=JudgedBy.MODEL)
                ),
                name="scoping_item_quoted",
            ),
            models.CheckConstraint(
                condition=Q(unsupported=False) | Q(judged_by=JudgedBy.MODEL),
                name="scoping_item_unsupported",
            ),
            models.CheckConstraint(
                condition=Q(data_quality__isnull=True) | Q(data_quality__lte=100),
                name="scoping_item_quality",
            ),
        ]
        indexes = [
            models.Index(F("version"), F("score").desc(nulls_last=True), name="scoping_item_score"),
        ]

    def __str__(self) -> str:
        return f"{self.attribute} in {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("scoping:item_detail", args=[self.version_id, self.pk])

    @property
    def components(self) -> Components | None:
        if not self.judged_by:
            return None
        return Components(**{name: getattr(self, name) for name in COMPONENTS})

    @property
    def is_decided(self) -> bool:
        return self.in_scope is not None

    @property
    def differs_from_advice(self) -> bool:
        """What `is_override` will be once the row is saved."""
        return None not in (self.in_scope, self.recommended) and self.in_scope != self.recommended

    @property
    def drops_cde(self) -> bool:
        return self.in_scope is False and self.attribute.is_cde

    def canonical(self) -> dict:
        """What an approval seals of this item. A key is in scope without a decision."""
        attribute = self.attribute
        # Named only where there is any: approvals made before keep their hash.
        sealed = {} if self.data_quality is None else {"data_quality": self.data_quality}
        if self.quote or self.unsupported:
            sealed |= {name: getattr(self, name) for name in SUPPORT}
        return sealed | {
            "attribute": attribute.name,
            "technical_name": attribute.technical_name,
            "line": attribute.line,
            "is_key": attribute.is_key,
            "is_cde": attribute.is_cde,
            "has_open_issue": attribute.has_open_issue,
            "in_scope": True if attribute.is_key else self.in_scope,
            "reason": self.reason,
            "score": self.score,
            "components": {name: getattr(self, name) for name in COMPONENTS},
            "judged_by": self.judged_by,
            "simulated": self.simulated,
            "recommended": self.recommended,
            "recommendation_reason": self.recommendation_reason,
        }
