"""Scopes as the API shows and takes them."""

from rest_framework import serializers

from synapse.cycles.models import Phase
from synapse.cycles.serializers import PersonSerializer
from synapse.scoping.models import Scope, ScopeItem
from synapse.scoping.scoring import COMPONENT_MAX, COMPONENT_MIN, COMPONENTS
from synapse.scoping.services.drafting import MOST_TOP_N
from synapse.scoping.states import Decision, JudgedBy, QuotedField

MOST_ITEMS = 10_000


class ScopeSerializer(serializers.ModelSerializer):
    cycle_report = serializers.IntegerField(source="phase.cycle_report_id", read_only=True)
    plan_number = serializers.IntegerField(source="plan.number", read_only=True)
    created_by = PersonSerializer(read_only=True)
    submitted_by = PersonSerializer(read_only=True, allow_null=True)
    decided_by = PersonSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Scope
        fields = [
            "id",
            "phase",
            "cycle_report",
            "number",
            "status",
            "parent",
            "plan",
            "plan_number",
            "threshold",
            "top_n",
            "created_by",
            "created_at",
            "submitted_by",
            "submitted_at",
            "submission_note",
            "decided_by",
            "decided_at",
            "decision_note",
            "content_hash",
        ]
        read_only_fields = fields


class AttributeInScopeSerializer(serializers.Serializer):
    """What the plan says of the attribute, in short."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    technical_name = serializers.CharField()
    line = serializers.CharField()
    item_code = serializers.CharField()
    is_key = serializers.BooleanField()
    is_cde = serializers.BooleanField()
    has_open_issue = serializers.BooleanField()


def points() -> serializers.IntegerField:
    return serializers.IntegerField(
        read_only=True, allow_null=True, min_value=COMPONENT_MIN, max_value=COMPONENT_MAX
    )


class ScopeItemSerializer(serializers.ModelSerializer):
    """An attribute in a scope; keys are in scope without a decision."""

    scope = serializers.IntegerField(source="version_id", read_only=True)
    attribute = AttributeInScopeSerializer(read_only=True)
    regulatory_impact = points()
    data_complexity = points()
    common_errors = points()
    downstream_dependencies = points()
    data_quality = serializers.IntegerField(
        read_only=True, allow_null=True, min_value=0, max_value=100
    )
    judged_by = serializers.ChoiceField(choices=JudgedBy.choices, read_only=True, allow_blank=True)
    quote_field = serializers.ChoiceField(
        choices=QuotedField.choices, read_only=True, allow_blank=True
    )
    quote_start = serializers.IntegerField(
        read_only=True,
        allow_null=True,
        min_value=0,
        help_text="Characters before the quote in that field as sent; codes stand one a line.",
    )
    is_override = serializers.BooleanField(read_only=True)
    decided_by = PersonSerializer(read_only=True, allow_null=True)

    class Meta:
        model = ScopeItem
        fields = [
            "id",
            "scope",
            "attribute",
            *COMPONENTS,
            "data_quality",
            "score",
            "rationale",
            "quote",
            "quote_field",
            "quote_start",
            "unsupported",
            "judged_by",
            "judged_at",
            "simulated",
            "llm_call_id",
            "failure",
            "failure_code",
            "recommended",
            "recommendation_reason",
            "in_scope",
            "is_override",
            "reason",
            "decided_by",
            "decided_at",
            "lock_version",
        ]
        read_only_fields = fields


class ScopeMetricsSerializer(serializers.Serializer):
    """The figures over a scope; keys count in none but `keys`."""

    total = serializers.IntegerField()
    keys = serializers.IntegerField()
    included = serializers.IntegerField()
    excluded = serializers.IntegerField()
    undecided = serializers.IntegerField()
    overrides = serializers.IntegerField()
    cdes = serializers.IntegerField()
    cdes_included = serializers.IntegerField()
    cde_coverage = serializers.IntegerField(allow_null=True, help_text="Percent of the CDEs.")
    risk_coverage = serializers.IntegerField(allow_null=True, help_text="Percent of all scores.")
    judged = serializers.IntegerField()
    unjudged = serializers.IntegerField()
    estimated = serializers.IntegerField()
    simulated = serializers.IntegerField()
    measured = serializers.IntegerField(help_text="With data quality from profiling.")
    unsupported = serializers.IntegerField(
        help_text="Judged by the model without a quote that occurs: to be decided with a reason."
    )
    failed = serializers.IntegerField()


class ScopeChangeSerializer(serializers.Serializer):
    name = serializers.CharField()
    line = serializers.CharField()
    what = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


class ScopeCreateSerializer(serializers.Serializer):
    phase = serializers.PrimaryKeyRelatedField(
        queryset=Phase.objects.none(), help_text="A scoping phase in progress."
    )

    def __init__(self, *args, phases=None, **kwargs):
        super().__init__(*args, **kwargs)
        if phases is not None:
            self.fields["phase"].queryset = phases


class ScopePolicySerializer(serializers.Serializer):
    threshold = serializers.IntegerField(min_value=0, max_value=100)
    top_n = serializers.IntegerField(min_value=0, max_value=MOST_TOP_N)


class RecommendSerializer(serializers.Serializer):
    everything = serializers.BooleanField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Ask for all again, or only for what has no recommendation. "
        "Left out: what lacks one, or all if nothing does.",
    )
    by = serializers.ChoiceField(
        choices=[JudgedBy.MODEL, JudgedBy.ESTIMATED],
        required=False,
        help_text="The model, or estimates by rule. Left out: the model if one is configured.",
    )


class ItemDecideSerializer(serializers.Serializer):
    in_scope = serializers.BooleanField(allow_null=True, help_text="null takes it back.")
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")


class BulkDecideSerializer(serializers.Serializer):
    items = serializers.ListField(
        child=serializers.IntegerField(min_value=1), allow_empty=False, max_length=MOST_ITEMS
    )
    decision = serializers.ChoiceField(choices=Decision.choices)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")


class BulkDecidedSerializer(serializers.Serializer):
    changed = serializers.IntegerField(help_text="How many decisions are other than before.")


class ScopeNoteSerializer(serializers.Serializer):
    note = serializers.CharField(required=False, allow_blank=True, max_length=4000, default="")


class ScopeReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=4000)
