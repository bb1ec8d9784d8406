"""Rule sets and their rules: what is checked of a population, once somebody else approved it."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from synapse.common.versions import Version, version_constraints
from synapse.profiling import rule_submission, rulebook
from synapse.profiling.rule_states import RuleKind, RuleSource, Severity


class RuleSet(Version):
    """One version of the rules of a report, read from one approved plan."""

    approval_title = "Approve rules"
    fields_to_copy = ("plan", "population")

    plan = models.ForeignKey(
        "planning.Plan", models.PROTECT, related_name="rule_sets", editable=False
    )
    population = models.ForeignKey(
        "profiling.Population",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="rule_sets",
        editable=False,
    )
    """The records that the proposals were tried on."""

    class Meta:
        verbose_name = "rule set"
        ordering = ["phase", "-number"]
        constraints = [*version_constraints("profiling_ruleset")]

    def get_absolute_url(self) -> str:
        return reverse("profiling:rule_set_detail", args=[self.pk])

    def items(self) -> models.QuerySet:
        return self.rules.order_by("position", "pk")

    def canonical_items(self) -> list[dict]:
        return [rule.canonical() for rule in self.rules.order_by("rule_id")]

    def check_submittable(self) -> None:
        rule_submission.check(self)

    def copy_items_to(self, new: "RuleSet") -> None:
        rule_submission.carry_over(self, new)


class Rule(models.Model):
    """One thing that must hold for the records, as data of a closed vocabulary."""

    version = models.ForeignKey(RuleSet, models.CASCADE, related_name="rules", editable=False)
    rule_id = models.CharField(max_length=120)
    position = models.PositiveIntegerField(editable=False)
    kind = models.CharField(max_length=12, choices=RuleKind.choices)
    attributes = models.JSONField(default=list)
    parameters = models.JSONField(default=dict, blank=True)
    severity = models.CharField(max_length=8, choices=Severity.choices, default=Severity.MEDIUM)
    source = models.CharField(
        max_length=12, choices=RuleSource.choices, default=RuleSource.MANUAL, editable=False
    )
    enabled = models.BooleanField(default=True)
    needs_condition = models.BooleanField(default=False, editable=False)
    is_inferred = models.BooleanField(default=False)
    description = models.TextField(blank=True)
    remark = models.CharField(max_length=500, blank=True)
    evidence = models.JSONField(default=dict, blank=True, editable=False)
    lock_version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["version", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "rule_id"], name="profiling_rule_id"),
            models.CheckConstraint(condition=~Q(rule_id=""), name="profiling_rule_named"),
            models.CheckConstraint(
                condition=Q(kind__in=RuleKind.values), name="profiling_rule_kind"
            ),
            models.CheckConstraint(
                condition=Q(severity__in=Severity.values), name="profiling_rule_severity"
            ),
        ]
        indexes = [models.Index(fields=["version", "position", "id"], name="profiling_rule_order")]

    def __str__(self) -> str:
        return self.rule_id

    def get_absolute_url(self) -> str:
        return f"{reverse('profiling:rule_set_detail', args=[self.version_id])}?rule={self.pk}"

    def as_rule(self) -> rulebook.Rule:
        """The row as the rule book takes it."""
        return rulebook.Rule(
            rule_id=self.rule_id,
            kind=self.kind,
            attributes=tuple(self.attributes),
            parameters=self.parameters,
            severity=self.severity,
            source=self.source,
            enabled=self.enabled,
            description=self.description,
            remark=self.remark,
        )

    def canonical(self) -> dict:
        """What an approval seals of this rule."""
        return {
            "rule_id": self.rule_id,
            "kind": self.kind,
            "attributes": self.attributes,
            "parameters": self.parameters,
            "severity": self.severity,
            "source": self.source,
            "enabled": self.enabled,
            "needs_condition": self.needs_condition,
            "is_inferred": self.is_inferred,
            "description": self.description,
            "remark": self.remark,
        }
