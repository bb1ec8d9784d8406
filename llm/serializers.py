"""The shapes of the REST API of model calls."""

from rest_framework import serializers

from llm import surroundings
from llm.costs import GROUPS
from llm.models import LLMCall

MOST_DAYS = 366


class ModelCallSerializer(serializers.ModelSerializer):
    """One HTTP attempt, or one answer from the cache; without its texts."""

    validation = serializers.ChoiceField(
        choices=["", "valid", "repaired", "invalid", "empty"],
        read_only=True,
        help_text="Whether the answer fits its schema, at once or after a re-ask; nothing where "
        "there is none to check.",
    )
    problems = serializers.ListField(
        child=serializers.CharField(), read_only=True, help_text="What does not fit, in words."
    )
    parameters = serializers.DictField(read_only=True)
    timeout = serializers.FloatField(
        read_only=True, min_value=0, help_text="Seconds that it was waited for at most."
    )
    job_id = serializers.IntegerField(allow_null=True, read_only=True)
    owner_id = serializers.IntegerField(allow_null=True, read_only=True)
    reask_of = serializers.IntegerField(allow_null=True, read_only=True)
    cached_from = serializers.IntegerField(allow_null=True, read_only=True)

    class Meta:
        model = LLMCall
        fields = [
            "id", "uuid", "operation", "item_key", "job_id", "owner_id", "data_owner", "items",
            "outcome", "validation", "problems", "error_code", "error",
            "attempt", "reask_of", "cached", "cached_from", "simulated", "masked",
            "provider", "model_asked", "model_returned", "parameters", "timeout",
            "prompt_version", "prompt_hash", "prompt_scope", "schema_name", "schema_hash",
            "tokens_in", "tokens_out", "cost", "queue_ms", "latency_ms", "http_status",
            "provider_request_id",
            "started_at", "settled_at",
        ]  # fmt: skip
        read_only_fields = fields


class CostQuerySerializer(serializers.Serializer):
    """What is added up, and when: a year at most, both days included."""

    by = serializers.ChoiceField(choices=[*GROUPS], default="day")
    started_from = serializers.DateField()
    started_to = serializers.DateField()

    def validate(self, attrs):
        unknown = sorted(set(self.initial_data) - set(self.fields) - {"format"})
        if unknown:
            raise serializers.ValidationError({name: "No such parameter." for name in unknown})
        days = (attrs["started_to"] - attrs["started_from"]).days
        if not 0 <= days < MOST_DAYS:
            text = f"Ask for 1 to {MOST_DAYS} days, the first one first."
            raise serializers.ValidationError({"started_from": text})
        return attrs


class CostLineSerializer(serializers.Serializer):
    """Figures of some calls; `calls` are HTTP attempts, answers from the cache apart."""

    value = serializers.CharField(
        allow_null=True, help_text="Of what is added up by; null in the total."
    )
    label = serializers.CharField()
    calls = serializers.IntegerField(min_value=0)
    cached = serializers.IntegerField(min_value=0)
    cached_share = serializers.FloatField(allow_null=True, min_value=0, max_value=1)
    failed = serializers.IntegerField(min_value=0)
    failed_share = serializers.FloatField(allow_null=True, min_value=0, max_value=1)
    tokens_in = serializers.IntegerField(min_value=0)
    tokens_out = serializers.IntegerField(min_value=0)
    cost = serializers.DecimalField(max_digits=24, decimal_places=6)
    latency_ms = serializers.IntegerField(allow_null=True, min_value=0, help_text="The mean.")


class BudgetSerializer(serializers.Serializer):
    """Tokens of today, those that open calls have reserved included."""

    label = serializers.CharField()
    used = serializers.IntegerField(min_value=0)
    ceiling = serializers.IntegerField(min_value=0)


class CostReportSerializer(serializers.Serializer):
    by = serializers.ChoiceField(choices=[*GROUPS])
    started_from = serializers.DateField()
    started_to = serializers.DateField()
    total = CostLineSerializer()
    lines = CostLineSerializer(many=True, help_text="The dearest first; days the latest first.")
    budgets = BudgetSerializer(many=True)


class ModelCallDetailSerializer(ModelCallSerializer):
    """With what came of it."""

    results = serializers.SerializerMethodField()

    class Meta(ModelCallSerializer.Meta):
        fields = [*ModelCallSerializer.Meta.fields, "results"]
        read_only_fields = fields

    def get_results(self, call: LLMCall) -> list[dict[str, str]]:
        """Kind, name and page of each attribute or judgement with this call's number."""
        found = surroundings.current().results(call, self.context["request"].user)
        return [{"kind": kind, "name": name, "url": url} for kind, name, url in found]
