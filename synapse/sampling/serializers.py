"""Sample sets as the API shows and takes them."""

from decimal import Decimal

from rest_framework import serializers

from synapse.cycles.models import Phase
from synapse.cycles.serializers import PersonSerializer
from synapse.sampling.models import Sample, SampleSet
from synapse.sampling.options import (
    CONFIDENCES,
    DEFAULT_MIX,
    DEFAULT_SIZE,
    LARGEST,
    LARGEST_SEED,
    MOST_PER_ATTRIBUTE,
)
from synapse.sampling.states import BulkDecision, Category, Decision, Method

MOST_ITEMS = 10_000
LONGEST_KEY = 2000


class SampleSetSerializer(serializers.ModelSerializer):
    cycle_report = serializers.IntegerField(source="phase.cycle_report_id", read_only=True)
    scope_number = serializers.IntegerField(source="scope.number", read_only=True)
    population_name = serializers.CharField(source="population.name", read_only=True)
    include_keys = serializers.ListField(child=serializers.CharField(), read_only=True)
    exclude_keys = serializers.ListField(child=serializers.CharField(), read_only=True)
    key_columns = serializers.ListField(child=serializers.CharField(), read_only=True)
    report = serializers.DictField(
        read_only=True, help_text="What was asked for and got, what fell short, what it proves."
    )
    created_by = PersonSerializer(read_only=True)
    submitted_by = PersonSerializer(read_only=True, allow_null=True)
    decided_by = PersonSerializer(read_only=True, allow_null=True)

    class Meta:
        model = SampleSet
        fields = [
            "id", "phase", "cycle_report", "number", "status", "parent", "scope", "scope_number",
            "population", "population_name", "profile", "method", "size", "mix_clean",
            "mix_anomaly", "mix_boundary", "seed", "per_attribute", "confidence", "include_keys",
            "exclude_keys", "key_columns", "population_count", "population_hash", "query_hash",
            "report", "drawn_at", "created_by", "created_at", "submitted_by", "submitted_at",
            "submission_note", "decided_by", "decided_at", "decision_note", "content_hash",
        ]  # fmt: skip
        read_only_fields = fields


class SampleReasonSerializer(serializers.Serializer):
    """Why a record was chosen: which attribute, what about it, how strongly."""

    attribute = serializers.CharField()
    kind = serializers.CharField()
    strength = serializers.CharField()
    text = serializers.CharField()
    rule_id = serializers.CharField(default="", allow_blank=True)
    value = serializers.CharField(default="", allow_blank=True)


class SampleSerializer(serializers.ModelSerializer):
    """A record of the population in a sample set, as it stood when it was chosen."""

    sample_set = serializers.IntegerField(source="version_id", read_only=True)
    key_values = serializers.DictField(child=serializers.CharField(allow_null=True), read_only=True)
    row = serializers.DictField(child=serializers.CharField(allow_null=True), read_only=True)
    reasons = SampleReasonSerializer(many=True, read_only=True)
    category = serializers.ChoiceField(
        choices=Category.choices, read_only=True, allow_blank=True, help_text="Empty: by hand."
    )
    decision = serializers.ChoiceField(choices=Decision.choices, read_only=True, allow_null=True)
    decided_by = PersonSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Sample
        fields = [
            "id", "sample_set", "record_no", "key", "key_values", "row", "row_hash", "category",
            "reasons", "rationale", "risk_score", "selection", "source", "decision", "reason",
            "decided_by", "decided_at", "lock_version",
        ]  # fmt: skip
        read_only_fields = fields


class SampleSetCountsSerializer(serializers.Serializer):
    """The figures over a sample set."""

    total = serializers.IntegerField()
    anomaly = serializers.IntegerField()
    boundary = serializers.IntegerField()
    clean = serializers.IntegerField()
    random = serializers.IntegerField()
    targeted = serializers.IntegerField()
    manual = serializers.IntegerField()
    approved = serializers.IntegerField()
    rejected = serializers.IntegerField()
    undecided = serializers.IntegerField()


class SampleChangeSerializer(serializers.Serializer):
    record_no = serializers.IntegerField()
    key = serializers.CharField(allow_blank=True)
    what = serializers.CharField()
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)


class SampleSetCreateSerializer(serializers.Serializer):
    phase = serializers.PrimaryKeyRelatedField(
        queryset=Phase.objects.none(), help_text="A sampling phase in progress."
    )

    def __init__(self, *args, phases=None, **kwargs):
        super().__init__(*args, **kwargs)
        if phases is not None:
            self.fields["phase"].queryset = phases


class KeyList(serializers.ListField):
    child = serializers.CharField(max_length=LONGEST_KEY, trim_whitespace=False)


class SampleSetDrawSerializer(serializers.Serializer):
    """How to draw. What can't be is refused by the draw itself, naming each option."""

    method = serializers.ChoiceField(choices=Method.choices, default=Method.RISK)
    size = serializers.IntegerField(min_value=1, max_value=LARGEST, default=DEFAULT_SIZE)
    mix_clean = serializers.IntegerField(min_value=0, max_value=100, default=DEFAULT_MIX[0])
    mix_anomaly = serializers.IntegerField(min_value=0, max_value=100, default=DEFAULT_MIX[1])
    mix_boundary = serializers.IntegerField(min_value=0, max_value=100, default=DEFAULT_MIX[2])
    seed = serializers.IntegerField(
        min_value=0,
        max_value=LARGEST_SEED,
        required=False,
        help_text="Left out: the one that the sample set has.",
    )
    per_attribute = serializers.IntegerField(min_value=1, max_value=MOST_PER_ATTRIBUTE, default=1)
    confidence = serializers.ChoiceField(choices=CONFIDENCES, default=95)
    include_keys = KeyList(default=list, max_length=MOST_ITEMS)
    exclude_keys = KeyList(default=list, max_length=MOST_ITEMS)
    replace = serializers.BooleanField(
        default=False, help_text="Confirms that samples drawn before are replaced."
    )


class SampleDecideSerializer(serializers.Serializer):
    decision = serializers.ChoiceField(
        choices=Decision.choices, allow_null=True, help_text="null takes it back."
    )
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")


class SamplesDecideSerializer(serializers.Serializer):
    items = serializers.ListField(
        child=serializers.IntegerField(min_value=1), min_length=1, max_length=MOST_ITEMS
    )
    decision = serializers.ChoiceField(choices=BulkDecision.choices)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")


class SamplesDecidedSerializer(serializers.Serializer):
    changed = serializers.IntegerField(help_text="How many decisions are other than before.")


class SampleAddSerializer(serializers.Serializer):
    """A record named by its number or by its key."""

    record_no = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=2**62, default=None
    )
    key = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_KEY, default="", trim_whitespace=False
    )
    reason = serializers.CharField(max_length=2000)
    population = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        default=None,
        help_text="The population that was read: refused (412) if the set is of another now.",
    )


class SampleSetNoteSerializer(serializers.Serializer):
    note = serializers.CharField(required=False, allow_blank=True, max_length=4000, default="")


class SampleSetRejectSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=4000)


class SampleSizeQuerySerializer(serializers.Serializer):
    confidence = serializers.ChoiceField(choices=CONFIDENCES, default=95)
    tolerable = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=0, max_value=100, default=Decimal(5),
        help_text="Percent of deviations that could still be borne.",
    )  # fmt: skip
    expected = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=0, max_value=100, default=Decimal(0),
        help_text="Percent of deviations that are expected.",
    )  # fmt: skip
    population = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=10**9, default=None
    )
    records = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=LARGEST, default=None
    )


class SampleProofSerializer(serializers.Serializer):
    """What a number of records proves when so many of them deviate."""

    records = serializers.IntegerField()
    deviations = serializers.IntegerField()
    confidence = serializers.IntegerField()
    upper_limit = serializers.CharField(help_text="Percent, to one decimal.")
    sentence = serializers.CharField()


class SampleSizeSerializer(serializers.Serializer):
    size = serializers.IntegerField(allow_null=True, help_text="null: no sample is enough.")
    allowed = serializers.IntegerField(
        allow_null=True, help_text="Deviations that may be found in it."
    )
    sentence = serializers.CharField()
    proofs = SampleProofSerializer(many=True)
