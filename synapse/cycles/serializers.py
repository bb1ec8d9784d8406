"""The spine as the API shows and takes it."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from synapse.accounts.models import User
from synapse.cycles.models import Assignment, CycleReport, Phase, Report, TestCycle
from synapse.cycles.schedule import schedule_status
from synapse.cycles.selectors import overview
from synapse.cycles.states import ScheduleStatus


class PersonSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="__str__", read_only=True)

    class Meta:
        model = User
        fields = ["id", "username", "name"]
        read_only_fields = fields


@extend_schema_field(OpenApiTypes.INT)
class PersonField(serializers.PrimaryKeyRelatedField):
    """Somebody active, by number."""

    def get_queryset(self):
        return User.objects.filter(is_active=True)


class ReportSerializer(serializers.ModelSerializer):
    owner = PersonSerializer(read_only=True)
    executive = PersonSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Report
        fields = [
            "id",
            "number",
            "name",
            "regulation",
            "schedule",
            "frequency",
            "owner",
            "executive",
            "is_active",
        ]
        read_only_fields = fields


class ReportWriteSerializer(serializers.Serializer):
    number = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=200)
    regulation = serializers.CharField(max_length=120, required=False, allow_blank=True)
    schedule = serializers.CharField(max_length=80, required=False, allow_blank=True)
    frequency = serializers.ChoiceField(Report.Frequency.choices, required=False)
    owner = PersonField()
    executive = PersonField(required=False, allow_null=True)
    is_active = serializers.BooleanField(required=False)


class TestCycleSerializer(serializers.ModelSerializer):
    __test__ = False

    executive = PersonSerializer(read_only=True)
    report_count = serializers.IntegerField(read_only=True)
    complete_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = TestCycle
        fields = [
            "id",
            "name",
            "description",
            "executive",
            "starts_on",
            "ends_on",
            "status",
            "report_count",
            "complete_count",
        ]
        read_only_fields = fields


class TestCycleWriteSerializer(serializers.Serializer):
    __test__ = False

    name = serializers.CharField(max_length=120)
    description = serializers.CharField(required=False, allow_blank=True, max_length=4000)
    executive = PersonField(required=False)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()


class TestCycleUpdateSerializer(TestCycleWriteSerializer):
    status = serializers.ChoiceField(TestCycle.Status.choices, required=False)


class PhaseSerializer(serializers.ModelSerializer):
    schedule_status = serializers.SerializerMethodField()

    class Meta:
        model = Phase
        fields = [
            "id",
            "cycle_report",
            "kind",
            "state",
            "schedule_status",
            "planned_start",
            "planned_end",
            "progress",
            "started_at",
            "started_by",
            "completed_at",
            "completed_by",
            "skip_reason",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(ScheduleStatus.choices))
    def get_schedule_status(self, phase: Phase) -> str:
        return schedule_status(phase, self.context["today"])


class PhasePlanSerializer(serializers.Serializer):
    planned_start = serializers.DateField()
    planned_end = serializers.DateField()


class ReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=2000)


class CycleReportSerializer(serializers.ModelSerializer):
    report = ReportSerializer(read_only=True)
    cycle_name = serializers.CharField(source="cycle.name", read_only=True)
    tester = PersonSerializer(read_only=True)
    phases = PhaseSerializer(many=True, read_only=True)
    current_phase = serializers.SerializerMethodField()
    schedule_status = serializers.SerializerMethodField()

    class Meta:
        model = CycleReport
        fields = [
            "id",
            "cycle",
            "cycle_name",
            "report",
            "tester",
            "created_at",
            "completed_at",
            "current_phase",
            "schedule_status",
            "phases",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_current_phase(self, cycle_report: CycleReport) -> str | None:
        current = overview(cycle_report, self.context["today"]).current
        return current.kind if current else None

    @extend_schema_field(serializers.ChoiceField(ScheduleStatus.choices))
    def get_schedule_status(self, cycle_report: CycleReport) -> str:
        return overview(cycle_report, self.context["today"]).schedule


class CycleReportCreateSerializer(serializers.Serializer):
    cycle = serializers.PrimaryKeyRelatedField(queryset=TestCycle.objects.all())
    report = serializers.PrimaryKeyRelatedField(queryset=Report.objects.select_related("owner"))
    tester = PersonField()


class TesterSerializer(serializers.Serializer):
    tester = PersonField()
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class AssignmentSerializer(serializers.ModelSerializer):
    cycle_report = serializers.IntegerField(source="phase.cycle_report_id", read_only=True)
    assigned_to = PersonSerializer(read_only=True)
    subject_type = serializers.SerializerMethodField()

    class Meta:
        model = Assignment
        fields = [
            "id",
            "kind",
            "title",
            "url",
            "phase",
            "cycle_report",
            "subject_type",
            "object_id",
            "assigned_to",
            "due_at",
            "status",
            "created_at",
            "closed_at",
        ]
        read_only_fields = fields

    def get_subject_type(self, assignment: Assignment) -> str:
        return assignment.content_type.model
