"""Populations as the API shows and takes them."""

from rest_framework import serializers

from synapse.profiling.models import Population, RejectedRow, UploadPart
from synapse.profiling.services.uploading import PART_SIZE
from synapse.profiling.states import PopulationState

MOST = 2**53
LINES = 1_000_000


class PopulationSerializer(serializers.ModelSerializer):
    state = serializers.ChoiceField(PopulationState.choices, read_only=True)

    class Meta:
        model = Population
        fields = [
            "id", "cycle_report", "plan", "name", "size", "state", "sha256", "row_count",
            "rejected_count", "content_sha256", "uploaded_by", "uploaded_at", "confirmed_by",
            "confirmed_at", "imported_at", "lock_version",
        ]  # fmt: skip
        read_only_fields = fields


class PopulationDetailSerializer(PopulationSerializer):
    """With how the file is read and what its columns hold."""

    reading = serializers.DictField(read_only=True)
    columns = serializers.ListField(child=serializers.DictField(), read_only=True)
    part_size = serializers.SerializerMethodField(help_text="Bytes of each part but the last.")

    class Meta(PopulationSerializer.Meta):
        fields = [*PopulationSerializer.Meta.fields, "reading", "columns", "part_size"]
        read_only_fields = fields

    def get_part_size(self, population) -> int:
        return PART_SIZE


class PopulationUploadSerializer(serializers.Serializer):
    cycle_report = serializers.IntegerField(min_value=1, max_value=MOST)
    file = serializers.FileField(allow_empty_file=True)


class PopulationBeginSerializer(serializers.Serializer):
    """An upload that is sent in parts afterwards."""

    cycle_report = serializers.IntegerField(min_value=1, max_value=MOST)
    name = serializers.CharField(max_length=200)
    size = serializers.IntegerField(min_value=0, max_value=MOST, help_text="Bytes of the file.")
    fingerprint = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=200,
        help_text="Any text that tells the file from others; with the same one, an unfinished "
        "upload of the same name and size is taken up again.",
    )


class UploadPartSerializer(serializers.ModelSerializer):
    class Meta:
        model = UploadPart
        fields = ["number", "size", "sha256"]
        read_only_fields = fields


class ReadingSerializer(serializers.Serializer):
    """How the file is to be read; what is left out stays as it was detected."""

    encoding = serializers.CharField(required=False, max_length=40)
    delimiter = serializers.CharField(required=False, max_length=1, trim_whitespace=False)
    quote = serializers.CharField(
        required=False, allow_blank=True, max_length=1, help_text="Empty for none."
    )
    header = serializers.BooleanField(required=False, help_text="Whether there are headings.")
    skip = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=LINES,
        help_text="Lines above the headings or the first record.",
    )
    trailer = serializers.IntegerField(
        required=False, min_value=0, max_value=LINES, help_text="Lines below the last record."
    )
    decimal = serializers.ChoiceField([".", ","], required=False)
    sheet = serializers.CharField(required=False, allow_blank=True, max_length=200)


class ColumnMatchSerializer(serializers.Serializer):
    position = serializers.IntegerField(min_value=1, max_value=LINES)
    attribute = serializers.IntegerField(min_value=1, max_value=MOST, allow_null=True)


class ConfirmSerializer(serializers.Serializer):
    reading = ReadingSerializer(required=False)
    matches = ColumnMatchSerializer(many=True, required=False)


class LookSerializer(serializers.Serializer):
    """How the file would be read, nothing of it kept."""

    reading = serializers.DictField()
    columns = serializers.ListField(child=serializers.DictField())
    by = serializers.ChoiceField(["name", "order"], help_text="How columns were matched.")
    missing = serializers.ListField(
        child=serializers.IntegerField(), help_text="Attributes without a column."
    )
    extra = serializers.ListField(child=serializers.CharField(allow_blank=True))
    duplicates = serializers.ListField(child=serializers.CharField(allow_blank=True))
    out_of_order = serializers.ListField(child=serializers.CharField(allow_blank=True))
    notes = serializers.ListField(child=serializers.CharField())


class RejectedRowSerializer(serializers.ModelSerializer):
    class Meta:
        model = RejectedRow
        fields = ["record_no", "line_no", "code", "reason", "text"]
        read_only_fields = fields


class RejectedQuerySerializer(serializers.Serializer):
    after = serializers.IntegerField(
        default=0, min_value=0, max_value=MOST, help_text="Records up to this one were read."
    )
    limit = serializers.IntegerField(default=100, min_value=1, max_value=1000)


class RejectedPageSerializer(serializers.Serializer):
    results = RejectedRowSerializer(many=True)
    next_after = serializers.IntegerField(allow_null=True)
