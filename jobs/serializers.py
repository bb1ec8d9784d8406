"""The shapes of the REST API, for its document; a job's own is `selectors.snapshot`."""

from rest_framework import serializers

from jobs import acting, selectors, timeline
from jobs.listing import LARGEST_KEY
from jobs.models import JobEvent, JobItem
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
        help_text="Refuse (409) where no item has failed, or where items are left untried: these "
        "would be done as well.",
    )


class JobEventSerializer(serializers.ModelSerializer):
    words = serializers.SerializerMethodField(help_text="What happened, for people.")
    actor = serializers.CharField(
        source="actor.get_username", allow_null=True, default=None, read_only=True
    )

    class Meta:
        model = JobEvent
        fields = [
            "id",
            "at",
            "name",
            "words",
            "before",
            "after",
            "attempt",
            "reason",
            "code",
            "worker",
            "actor",
        ]
        read_only_fields = fields

    def get_words(self, event: JobEvent) -> str:
        return timeline.words_of(event)


class JobBulkSerializer(serializers.Serializer):
    """One action for many jobs."""

    action = serializers.ChoiceField(choices=list(acting.ACTIONS))
    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_KEY),
        min_length=1,
        max_length=acting.MOST,
        help_text="Jobs in the order they are acted on; a job named twice counts once.",
    )


class JobProblemSerializer(serializers.Serializer):
    """Why one job of many was refused, as the same request for it alone would say."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable word for programs.")
    detail = serializers.CharField(help_text="What is wrong and the mend, for people.")
    instance = serializers.CharField()


class JobOutcomeSerializer(serializers.Serializer):
    """What became of one job of many."""

    id = serializers.IntegerField()
    status = serializers.IntegerField(help_text="That of the same request for this job alone.")
    job = JobSerializer(allow_null=True)
    problem = JobProblemSerializer(allow_null=True)


class JobBulkResultSerializer(serializers.Serializer):
    """A result for each job, in the order of the request."""

    results = JobOutcomeSerializer(many=True)


class JobsSeenSerializer(serializers.Serializer):
    marked = serializers.IntegerField(min_value=0, help_text="Jobs that were new until now.")
