"""The shapes of the REST API, for its document; a job's own is `selectors.snapshot`."""

from rest_framework import serializers

from jobs import selectors
from jobs.models import JobItem
from jobs.states import Status


class JobErrorSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="Stable word for programs.")
    message = serializers.CharField(help_text="What went wrong and the mend, for people.")


class JobSerializer(serializers.Serializer):
    """A job as the socket sends it too; `version` only grows, so an older one is stale."""

    id = serializers.IntegerField()
    task = serializers.CharField()
    title = serializers.CharField()
    status = serializers.ChoiceField(choices=Status.choices)
    status_label = serializers.CharField()
    progress = serializers.IntegerField(
        allow_null=True, min_value=0, max_value=100, help_text="Percent; null while unknown."
    )
    done = serializers.IntegerField(min_value=0)
    failed = serializers.IntegerField(min_value=0)
    total = serializers.IntegerField(
        allow_null=True, min_value=0, help_text="Null until the items are planned."
    )
    step = serializers.CharField()
    message = serializers.CharField(help_text="Why it waits, or what it came to.")
    eta_seconds = serializers.IntegerField(allow_null=True, min_value=0)
    attempt = serializers.IntegerField(min_value=0)
    max_attempts = serializers.IntegerField(min_value=1)
    run_after = serializers.DateTimeField(allow_null=True, help_text="When a waiting job goes on.")
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    error = JobErrorSerializer(allow_null=True)
    result = serializers.JSONField(help_text="What the task returned; null until it has.")
    result_url = serializers.CharField(help_text="The page of what it worked on, or empty.")
    can_cancel = serializers.BooleanField()
    cancel_requested = serializers.BooleanField()
    can_pause = serializers.BooleanField()
    can_resume = serializers.BooleanField()
    pause_requested = serializers.BooleanField()
    version = serializers.IntegerField(min_value=1)

    def to_representation(self, job) -> dict:
        return selectors.snapshot(job)


class JobItemSerializer(serializers.ModelSerializer):
    status_label = serializers.CharField(source="get_status_display", read_only=True)

    class Meta:
        model = JobItem
        fields = [
            "id",
            "position",
            "key",
            "label",
            "status",
            "status_label",
            "tries",
            "error_code",
            "error_message",
            "finished_at",
        ]
        read_only_fields = fields


class JobRetrySerializer(serializers.Serializer):
    """What to run again; without it the failed items, or the whole of a job that has none."""

    only_failed = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Refuse (409) where no item has failed, instead of running the rest again.",
    )
