"""Rule sets and rules as the API shows and takes them."""

from rest_framework import serializers

from synapse.cycles.serializers import PersonSerializer
from synapse.profiling import rulebook
from synapse.profiling.models import Rule, RuleSet
from synapse.profiling.rule_states import RuleKind, Severity

MOST_RULES = 20_000
TEXT = 4_000


class RuleSetSerializer(serializers.ModelSerializer):
    cycle_report = serializers.IntegerField(source="phase.cycle_report_id", read_only=True)
    plan_number = serializers.IntegerField(source="plan.number", read_only=True)
    created_by = PersonSerializer(read_only=True)
    submitted_by = PersonSerializer(read_only=True, allow_null=True)
    decided_by = PersonSerializer(read_only=True, allow_null=True)

    class Meta:
        model = RuleSet
        fields = [
            "id", "phase", "cycle_report", "number", "status", "parent", "plan", "plan_number",
            "population", "created_by", "created_at", "submitted_by", "submitted_at",
            "submission_note", "decided_by", "decided_at", "decision_note", "content_hash",
        ]  # fmt: skip
        read_only_fields = fields


class RuleSerializer(serializers.ModelSerializer):
    rule_set = serializers.IntegerField(source="version_id", read_only=True)
    attributes = serializers.ListField(child=serializers.CharField(), read_only=True)
    parameters = serializers.DictField(read_only=True)
    evidence = serializers.DictField(
        read_only=True, help_text="What the rule counted over the population when it was proposed."
    )
    sentence = serializers.SerializerMethodField()

    class Meta:
        model = Rule
        fields = [
            "id", "rule_set", "rule_id", "position", "kind", "attributes", "parameters",
            "sentence", "severity", "source", "enabled", "needs_condition", "is_inferred",
            "description", "remark", "evidence", "lock_version",
        ]  # fmt: skip
        read_only_fields = fields

    def get_sentence(self, rule: Rule) -> str:
        return rulebook.sentence(rule.as_rule())


class RuleWriteSerializer(serializers.Serializer):
    rule_id = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(RuleKind.choices)
    attributes = serializers.ListField(
        child=serializers.CharField(max_length=600), max_length=200, help_text="Column names."
    )
    parameters = serializers.DictField(
        required=False, help_text="As the kind needs them; see rules/schema/."
    )
    severity = serializers.ChoiceField(Severity.choices, required=False)
    enabled = serializers.BooleanField(required=False)
    description = serializers.CharField(required=False, allow_blank=True, max_length=TEXT)
    remark = serializers.CharField(required=False, allow_blank=True, max_length=500)


class RuleCreateSerializer(RuleWriteSerializer):
    rule_set = serializers.IntegerField(min_value=1)


class RuleSetStartSerializer(serializers.Serializer):
    cycle_report = serializers.IntegerField(min_value=1)
    population = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        help_text="Imported records to try proposals on; left out: the newest.",
    )


class ProposeSerializer(serializers.Serializer):
    population = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    builtin = serializers.BooleanField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Add the shipped rules that fit the plan. Left out: where they fit.",
    )


class RuleFileSerializer(serializers.Serializer):
    file = serializers.FileField(allow_empty_file=True, help_text="CSV, XLSX or JSON.")


class RefusedRuleSerializer(serializers.Serializer):
    row = serializers.IntegerField()
    rule_id = serializers.CharField()
    reason = serializers.CharField()


class RulesImportedSerializer(serializers.Serializer):
    added = serializers.ListField(child=serializers.CharField())
    changed = serializers.ListField(child=serializers.CharField())
    unchanged = serializers.ListField(child=serializers.CharField())
    replaced = serializers.ListField(child=serializers.CharField())
    refused = RefusedRuleSerializer(many=True)


class SwitchSerializer(serializers.Serializer):
    rules = serializers.ListField(
        child=serializers.IntegerField(min_value=1), allow_empty=False, max_length=MOST_RULES
    )
    enabled = serializers.BooleanField()


class SwitchedSerializer(serializers.Serializer):
    changed = serializers.IntegerField(help_text="How many are other than before.")


class SqlSerializer(serializers.Serializer):
    sentence = serializers.CharField()
    sql = serializers.CharField(help_text="Finds the records that fail, in DuckDB's words.")


class RuleNoteSerializer(serializers.Serializer):
    note = serializers.CharField(required=False, allow_blank=True, max_length=4000, default="")


class RuleReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=4000)
