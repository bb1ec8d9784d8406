"""Profiles as the API shows and takes them."""

from rest_framework import serializers

from synapse.cycles.serializers import PersonSerializer
from synapse.profiling.models import AttributeProfile, Profile, RuleResult

MOST_FAILURES = 1_000
# PostgreSQL's largest whole number.
LARGEST = 2**63 - 1


class ProfileSerializer(serializers.ModelSerializer):
    created_by = PersonSerializer(read_only=True)
    rule_set_number = serializers.IntegerField(source="rule_set.number", read_only=True)
    population_name = serializers.CharField(source="population.name", read_only=True)
    quality = serializers.DecimalField(
        max_digits=5,
        decimal_places=2,
        read_only=True,
        allow_null=True,
        help_text="0 to 100; null when no rule checked anything.",
    )

    class Meta:
        model = Profile
        fields = [
            "id",
            "cycle_report",
            "number",
            "rule_set",
            "rule_set_number",
            "population",
            "population_name",
            "created_by",
            "created_at",
            "finished_at",
            "record_count",
            "rules_run",
            "failing_records",
            "quality",
        ]
        read_only_fields = fields


class RuleResultSerializer(serializers.ModelSerializer):
    """checked + not_applicable + error is the number of records."""

    rule_id = serializers.CharField(source="rule.rule_id", read_only=True)
    kind = serializers.CharField(source="rule.kind", read_only=True)
    severity = serializers.CharField(source="rule.severity", read_only=True)
    attributes = serializers.ListField(
        child=serializers.CharField(), source="rule.attributes", read_only=True
    )

    class Meta:
        model = RuleResult
        fields = [
            "id",
            "profile",
            "rule",
            "rule_id",
            "kind",
            "severity",
            "attributes",
            "checked",
            "failed",
            "not_applicable",
            "error",
            "status",
            "message",
        ]
        read_only_fields = fields


class TopValueSerializer(serializers.Serializer):
    value = serializers.CharField(allow_blank=True)
    count = serializers.IntegerField()


class AttributeProfileSerializer(serializers.ModelSerializer):
    """`attribute` is null for a column that the plan doesn't know."""

    attribute_name = serializers.CharField(
        source="attribute.name", read_only=True, allow_null=True, default=None
    )
    quantiles = serializers.DictField(child=serializers.CharField(), read_only=True)
    top_values = TopValueSerializer(many=True, read_only=True)
    quality = serializers.DecimalField(
        max_digits=5, decimal_places=2, read_only=True, allow_null=True
    )

    class Meta:
        model = AttributeProfile
        fields = [
            "id",
            "profile",
            "attribute",
            "attribute_name",
            "position",
            "column",
            "rows",
            "blank",
            "unreadable",
            "distinct",
            "minimum",
            "maximum",
            "quantiles",
            "top_values",
            "shortest",
            "longest",
            "quality",
        ]
        read_only_fields = fields


class ProfileStartSerializer(serializers.Serializer):
    rule_set = serializers.IntegerField(min_value=1, max_value=LARGEST)
    population = serializers.IntegerField(min_value=1, max_value=LARGEST)


class FailureSerializer(serializers.Serializer):
    record_no = serializers.IntegerField(help_text="1 is the first data record of the file.")
    key = serializers.CharField(allow_blank=True)
    rule_id = serializers.CharField()
    attribute = serializers.CharField(allow_blank=True)
    value = serializers.CharField(allow_blank=True)


class FailurePageSerializer(serializers.Serializer):
    next_after = serializers.IntegerField(
        allow_null=True, help_text="The `after` of the next page; null on the last."
    )
    results = FailureSerializer(many=True)


class FailureQuerySerializer(serializers.Serializer):
    rule = serializers.CharField(
        required=False, default="", allow_blank=True, help_text="The rule_id of one rule."
    )
    after = serializers.IntegerField(required=False, default=0, min_value=0, max_value=10**12)
    limit = serializers.IntegerField(
        required=False, default=100, min_value=1, max_value=MOST_FAILURES
    )
