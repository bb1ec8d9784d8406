"""Plans, attributes and documents as the API shows and takes them."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from synapse.cycles.models import CycleReport
from synapse.planning.content import BY_NUMBER
from synapse.planning.models import Attribute, Document, HistoricalIssue, Plan, RejectedDraft
from synapse.planning.quotes import LONGEST
from synapse.planning.services.settling import NOTE_LIMIT
from synapse.planning.states import (
    DataType,
    DictionaryMatch,
    DocumentKind,
    IssueStatus,
    Requirement,
    TextState,
)
from synapse.planning.tasks import text_state

TEXT = 20_000
MOST_DIGITS = 9


class PlanSerializer(serializers.ModelSerializer):
    cycle_report = serializers.IntegerField(source="phase.cycle_report_id", read_only=True)
    note = serializers.SerializerMethodField(
        help_text="What to know of the plan as it is, such as that it has no key; else empty."
    )

    class Meta:
        model = Plan
        fields = [
            "id", "cycle_report", "phase", "number", "status", "parent", "created_by",
            "created_at", "submitted_by", "submitted_at", "submission_note", "decided_by",
            "decided_at", "decision_note", "content_hash", "note",
        ]  # fmt: skip
        read_only_fields = fields

    def get_note(self, plan: Plan) -> str:
        return BY_NUMBER if plan.keyless else ""


class PlanStartSerializer(serializers.Serializer):
    cycle_report = serializers.IntegerField(min_value=1)


class NoteSerializer(serializers.Serializer):
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class DraftStartSerializer(serializers.Serializer):
    document = serializers.IntegerField(min_value=1, help_text="A specification.")


class CodeSerializer(serializers.Serializer):
    code = serializers.CharField(max_length=200)
    meaning = serializers.CharField(allow_blank=True, max_length=TEXT)


class IssueSerializer(serializers.ModelSerializer):
    class Meta:
        model = HistoricalIssue
        fields = [
            "id", "attribute", "issue_id", "description", "severity", "found_on", "status",
            "document", "source_row",
        ]  # fmt: skip
        read_only_fields = fields


class IssueWriteSerializer(serializers.Serializer):
    issue_id = serializers.CharField(max_length=120)
    description = serializers.CharField(required=False, allow_blank=True, max_length=TEXT)
    severity = serializers.CharField(required=False, allow_blank=True, max_length=60)
    found_on = serializers.CharField(required=False, allow_blank=True, max_length=60)
    status = serializers.ChoiceField(IssueStatus.choices, required=False)


class IssueStatusSerializer(serializers.Serializer):
    status = serializers.ChoiceField(IssueStatus.choices)


class AttributeSerializer(serializers.ModelSerializer):
    plan = serializers.IntegerField(source="version_id", read_only=True)
    allowed_values = CodeSerializer(many=True, read_only=True)
    issues = IssueSerializer(many=True, read_only=True)
    # Empty means that no source states it.
    data_type = serializers.ChoiceField(DataType.choices, allow_blank=True, read_only=True)
    requirement = serializers.ChoiceField(Requirement.choices, allow_blank=True, read_only=True)
    # Empty means that there was no dictionary to look in.
    dictionary_match = serializers.ChoiceField(
        DictionaryMatch.choices, allow_blank=True, read_only=True
    )

    class Meta:
        model = Attribute
        fields = [
            "id", "plan", "position", "name", "technical_name", "line", "item_code", "format",
            "data_type", "length", "scale", "requirement", "static_dynamic", "description",
            "allowed_values", "is_key", "key_order", "is_cde", "cde_source", "has_open_issue",
            "issues", "source", "quote", "quote_place", "quote_start", "quote_line", "quote_page",
            "support", "support_fault", "support_note", "noted_by", "noted_at",
            "dictionary_match", "dictionary_field", "remark", "document", "llm_call_id",
            "simulated", "lock_version",
        ]  # fmt: skip
        read_only_fields = fields


class SettleSerializer(serializers.Serializer):
    """One of the two: a passage that the document has, or a person's note."""

    note = serializers.CharField(required=False, allow_blank=True, max_length=NOTE_LIMIT)
    quote = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST)
    document = serializers.IntegerField(
        required=False,
        min_value=1,
        help_text="A specification of the report, if the passage is in another than before.",
    )


class AttributeWriteSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=500)
    technical_name = serializers.CharField(required=False, allow_blank=True, max_length=500)
    line = serializers.CharField(required=False, allow_blank=True, max_length=60)
    item_code = serializers.CharField(required=False, allow_blank=True, max_length=120)
    format = serializers.CharField(required=False, allow_blank=True, max_length=500)
    data_type = serializers.ChoiceField(DataType.choices, required=False, allow_blank=True)
    length = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=2_147_483_647
    )
    scale = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=100)
    requirement = serializers.ChoiceField(Requirement.choices, required=False, allow_blank=True)
    static_dynamic = serializers.ChoiceField(
        ["static", "dynamic"], required=False, allow_blank=True
    )
    description = serializers.CharField(required=False, allow_blank=True, max_length=TEXT)
    allowed_values = CodeSerializer(many=True, required=False)
    is_key = serializers.BooleanField(required=False)
    is_cde = serializers.BooleanField(required=False)
    cde_source = serializers.CharField(required=False, allow_blank=True, max_length=400)


class AttributeCreateSerializer(AttributeWriteSerializer):
    plan = serializers.IntegerField(min_value=1)


class FlagsSerializer(serializers.Serializer):
    is_key = serializers.BooleanField(required=False)
    is_cde = serializers.BooleanField(required=False)
    cde_source = serializers.CharField(required=False, allow_blank=True, max_length=400)


class DocumentSerializer(serializers.ModelSerializer):
    text_state = serializers.SerializerMethodField(
        help_text="Whether a specification's text can be drafted from; empty for other documents."
    )
    text_pages = serializers.IntegerField(
        allow_null=True, help_text="Of a PDF or Word file, once its text was taken out."
    )
    text_job = serializers.IntegerField(
        allow_null=True, help_text="The newest job that takes its text out."
    )

    class Meta:
        model = Document
        fields = [
            "id", "cycle_report", "kind", "name", "sha256", "size", "uploaded_by", "uploaded_at",
            "text_state", "text_pages", "text_job",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(TextState.choices, allow_blank=True))
    def get_text_state(self, document) -> str:
        return text_state(document)


class DocumentUploadSerializer(serializers.Serializer):
    cycle_report = serializers.PrimaryKeyRelatedField(queryset=CycleReport.objects.all())
    kind = serializers.ChoiceField(DocumentKind.choices)
    file = serializers.FileField(allow_empty_file=True)
    name_column = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=200,
        help_text="The heading of the names, if it isn't recognised.",
    )


class PreviewQuerySerializer(serializers.Serializer):
    plan = serializers.IntegerField(
        required=False, min_value=1, help_text="Compare with this plan."
    )
    name_column = serializers.CharField(
        default="", allow_blank=True, max_length=200, help_text="Heading of the names."
    )
    sheet = serializers.CharField(default="", allow_blank=True, max_length=200)
    schedule = serializers.CharField(default="", allow_blank=True, max_length=500)


class ImportSerializer(serializers.Serializer):
    """How to take a document into a plan; what is left out is done as the preview proposes."""

    plan = serializers.IntegerField(min_value=1)
    mapping = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=500),
        required=False,
        help_text="Dictionary: role to heading.",
    )
    sheet = serializers.CharField(required=False, allow_blank=True, max_length=200)
    schedule = serializers.CharField(required=False, allow_blank=True, max_length=500)
    keys = serializers.ListField(
        child=serializers.CharField(max_length=500),
        required=False,
        help_text="Dictionary: names of the fields that identify a record, in order.",
    )
    accept = serializers.DictField(
        child=serializers.IntegerField(min_value=1),
        required=False,
        help_text="List: row to attribute, for rows that weren't matched for sure.",
    )

    def validate_accept(self, rows: dict[str, int]) -> dict[int, int]:
        if any(not row.isdecimal() or len(row) > MOST_DIGITS for row in rows):
            raise serializers.ValidationError("Name rows by their numbers.")
        return {int(row): attribute for row, attribute in rows.items()}


class ColumnSerializer(serializers.Serializer):
    heading = serializers.CharField(allow_blank=True)
    role = serializers.CharField(allow_blank=True)
    confidence = serializers.FloatField()


class FieldSerializer(serializers.Serializer):
    row = serializers.IntegerField()
    name = serializers.CharField()
    line = serializers.CharField(allow_blank=True)
    item_code = serializers.CharField(allow_blank=True)
    data_type = serializers.CharField(allow_blank=True)
    length = serializers.IntegerField(allow_null=True)
    scale = serializers.IntegerField(allow_null=True)
    requirement = serializers.CharField(allow_blank=True)
    allowed_values = CodeSerializer(many=True)
    is_key = serializers.BooleanField()


class LeftOutSerializer(serializers.Serializer):
    row = serializers.IntegerField()
    name = serializers.CharField(allow_blank=True)
    reason = serializers.CharField()


class MatchSerializer(serializers.Serializer):
    row = serializers.IntegerField()
    says = serializers.CharField(allow_blank=True)
    attribute = serializers.IntegerField(allow_null=True)
    by = serializers.CharField(allow_blank=True)


class PreviewSerializer(serializers.Serializer):
    """What a document would do to a plan; the parts depend on its kind."""

    document = serializers.IntegerField()
    kind = serializers.ChoiceField(DocumentKind.choices)
    header_row = serializers.IntegerField(required=False)
    columns = ColumnSerializer(many=True, required=False)
    read = FieldSerializer(many=True, required=False, help_text="The fields read.")
    left_out = LeftOutSerializer(many=True, required=False)
    notes = serializers.ListField(child=serializers.CharField(), required=False)
    schedules = serializers.ListField(child=serializers.CharField(), required=False)
    sheets = serializers.ListField(child=serializers.CharField(), required=False)
    proposed_keys = serializers.ListField(child=serializers.CharField(), required=False)
    counts = serializers.DictField(child=serializers.IntegerField())
    matched = MatchSerializer(many=True, required=False)
    suggested = MatchSerializer(many=True, required=False)
    unmatched = MatchSerializer(many=True, required=False)
    parts = serializers.IntegerField(required=False)


class ImportResultSerializer(serializers.Serializer):
    counts = serializers.DictField(child=serializers.IntegerField())


class RejectedDraftSerializer(serializers.ModelSerializer):
    class Meta:
        model = RejectedDraft
        fields = [
            "id", "document", "job_id", "place", "name", "quote", "reason", "llm_call_id",
            "created_at",
        ]  # fmt: skip
        read_only_fields = fields
