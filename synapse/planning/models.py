"""Plans and their attributes, the documents they come from, and the issues known of old."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse

from synapse.common.versions import Version, person, version_constraints
from synapse.planning import content
from synapse.planning.states import (
    DataType,
    DictionaryMatch,
    DocumentKind,
    IssueStatus,
    Requirement,
    Source,
    Support,
)


class Document(models.Model):
    """A file as it was uploaded for a cycle-report; never changed afterwards."""

    Kind = DocumentKind

    cycle_report = models.ForeignKey(
        "cycles.CycleReport", models.PROTECT, related_name="documents", editable=False
    )
    kind = models.CharField(max_length=16, choices=DocumentKind.choices, editable=False)
    file = models.FileField(upload_to=content.upload_path, max_length=300, editable=False)
    name = models.CharField(max_length=200, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    size = models.PositiveBigIntegerField(editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle_report", "kind", "sha256", "name"], name="planning_document_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class TakenText(models.Model):
    """The text of a PDF or Word file as a job took it out, once; never changed afterwards.

    Form feeds stand between its pages; `hidden` characters that no reader sees were left out.
    """

    document = models.OneToOneField(Document, models.PROTECT, related_name="taken", editable=False)
    text = models.TextField(editable=False)
    pages = models.PositiveIntegerField(editable=False)
    hidden = models.PositiveIntegerField(editable=False)
    taken_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["document"]

    def __str__(self) -> str:
        return f"Text of {self.document}"


class Plan(Version):
    """One version of the list of a report's fields."""

    approval_title = "Approve plan"

    class Meta:
        ordering = ["phase", "-number"]
        constraints = [*version_constraints("planning_plan")]

    def get_absolute_url(self) -> str:
        return reverse("planning:plan_detail", args=[self.pk])

    def items(self) -> models.QuerySet:
        return self.attributes.order_by("position", "pk")

    def canonical_items(self) -> list[dict]:
        return content.canonical_items(self)

    def check_submittable(self) -> None:
        content.check_complete(self)

    def copy_items_to(self, new: "Plan") -> None:
        content.carry_over(self, new)


class Attribute(models.Model):
    """One field of the report, as this plan describes and governs it."""

    version = models.ForeignKey(Plan, models.CASCADE, related_name="attributes", editable=False)
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=500)
    technical_name = models.CharField(max_length=500, blank=True)
    line = models.CharField(max_length=60, blank=True)
    item_code = models.CharField(max_length=120, blank=True)
    format = models.CharField(max_length=500, blank=True)
    data_type = models.CharField(max_length=10, choices=DataType.choices, blank=True)
    length = models.PositiveIntegerField(null=True, blank=True)
    scale = models.PositiveSmallIntegerField(null=True, blank=True)
    requirement = models.CharField(max_length=12, choices=Requirement.choices, blank=True)
    static_dynamic = models.CharField(max_length=8, blank=True)
    description = models.TextField(blank=True)
    allowed_values = models.JSONField(default=list, blank=True)
    is_key = models.BooleanField(default=False)
    key_order = models.PositiveSmallIntegerField(null=True, blank=True)
    is_cde = models.BooleanField(default=False)
    cde_source = models.CharField(max_length=400, blank=True)
    has_open_issue = models.BooleanField(default=False)
    source = models.CharField(max_length=12, choices=Source.choices, default=Source.MANUAL)
    quote = models.TextField(blank=True)
    quote_place = models.CharField(max_length=300, blank=True)
    # Of the document's text: characters from 0, lines and pages from 1. The quote is verbatim, so
    # it ends where its length says. An unsupported one has the line of its name alone.
    quote_start = models.PositiveIntegerField(null=True, blank=True)
    quote_line = models.PositiveIntegerField(null=True, blank=True)
    quote_page = models.PositiveIntegerField(null=True, blank=True)
    support = models.CharField(max_length=12, choices=Support.choices, default=Support.SUPPORTED)
    support_fault = models.CharField(max_length=300, blank=True)
    support_note = models.TextField(blank=True)
    noted_by = person(null=True, blank=True)
    noted_at = models.DateTimeField(null=True, blank=True, editable=False)
    dictionary_match = models.CharField(
        max_length=8, choices=DictionaryMatch.choices, blank=True, editable=False
    )
    dictionary_field = models.CharField(max_length=500, blank=True, editable=False)
    remark = models.CharField(max_length=1000, blank=True)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="attributes"
    )
    llm_call_id = models.BigIntegerField(null=True, blank=True, editable=False)
    simulated = models.BooleanField(default=False)
    lock_version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["version", "position", "pk"]
        constraints = [
            models.UniqueConstraint("version", Lower("name"), name="planning_attribute_name"),
            models.CheckConstraint(condition=~Q(name=""), name="planning_attribute_named"),
            models.CheckConstraint(
                condition=Q(is_key=True, key_order__isnull=False)
                | Q(is_key=False, key_order__isnull=True),
                name="planning_attribute_key",
            ),
            models.CheckConstraint(
                condition=~Q(source=Source.MODEL) | ~Q(support=Support.SUPPORTED) | ~Q(quote=""),
                name="planning_attribute_quoted",
            ),
            models.CheckConstraint(
                condition=Q(support=Support.SUPPORTED, support_fault="")
                | (~Q(support=Support.SUPPORTED) & ~Q(support_fault="")),
                name="planning_attribute_fault",
            ),
            models.CheckConstraint(
                condition=(
                    Q(support=Support.NOTED, noted_by__isnull=False, noted_at__isnull=False)
                    & ~Q(support_note="")
                )
                | (
                    Q(support_note="", noted_by__isnull=True, noted_at__isnull=True)
                    & ~Q(support=Support.NOTED)
                ),
                name="planning_attribute_noted",
            ),
        ]
        indexes = [
            models.Index(fields=["version", "position", "id"], name="planning_attribute_order")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('planning:plan_detail', args=[self.version_id])}?attribute={self.pk}"


class HistoricalIssue(models.Model):
    """A finding of an earlier test or of production that concerns an attribute."""

    Status = IssueStatus

    attribute = models.ForeignKey(Attribute, models.CASCADE, related_name="issues")
    issue_id = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    severity = models.CharField(max_length=60, blank=True)
    found_on = models.CharField(max_length=60, blank=True)
    status = models.CharField(max_length=8, choices=IssueStatus.choices, default=IssueStatus.OPEN)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="issues"
    )
    source_row = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["attribute", "issue_id"]
        constraints = [
            models.UniqueConstraint(fields=["attribute", "issue_id"], name="planning_issue_once")
        ]

    def __str__(self) -> str:
        return f"{self.issue_id} ({self.get_status_display()})"


class RejectedDraft(models.Model):
    """What the model drafted and we did not take, with the reason; kept for the tester to see."""

    version = models.ForeignKey(Plan, models.CASCADE, related_name="rejected_drafts")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    job_id = models.BigIntegerField()
    place = models.CharField(max_length=300)
    name = models.CharField(max_length=500)
    quote = models.TextField(blank=True)
    reason = models.CharField(max_length=300)
    llm_call_id = models.BigIntegerField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"
