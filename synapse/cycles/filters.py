"""How lists of the spine can be narrowed, the same in pages and API."""

import django_filters as filters
from django.db.models import Q

from synapse.common.filters import IdFilter, YesNo
from synapse.cycles.models import Assignment, CycleReport, Phase, Report, TestCycle
from synapse.cycles.phases import PhaseKind
from synapse.cycles.states import AssignmentKind, AssignmentStatus, CycleStatus, PhaseState


class ReportFilter(filters.FilterSet):
    search = filters.CharFilter(method="by_text", label="Number or name")
    frequency = filters.ChoiceFilter(choices=Report.Frequency.choices, label="Frequency")
    is_active = YesNo(label="Active")

    class Meta:
        model = Report
        fields: list[str] = []

    def by_text(self, queryset, name, value):
        return queryset.filter(
            Q(number__icontains=value)
            | Q(name__icontains=value)
            | Q(regulation__icontains=value)
            | Q(schedule__icontains=value)
        )


class TestCycleFilter(filters.FilterSet):
    __test__ = False

    search = filters.CharFilter(field_name="name", lookup_expr="icontains", label="Name")
    status = filters.ChoiceFilter(choices=CycleStatus.choices, label="Status")

    class Meta:
        model = TestCycle
        fields: list[str] = []


class CycleReportFilter(filters.FilterSet):
    search = filters.CharFilter(method="by_text", label="Report")
    cycle = IdFilter(field_name="cycle_id", label="Cycle")
    phase = filters.ChoiceFilter(choices=PhaseKind.choices, method="in_phase", label="In phase")
    complete = YesNo(
        field_name="completed_at", lookup_expr="isnull", exclude=True, label="Complete"
    )

    class Meta:
        model = CycleReport
        fields: list[str] = []

    def by_text(self, queryset, name, value):
        return queryset.filter(
            Q(report__number__icontains=value) | Q(report__name__icontains=value)
        )

    def in_phase(self, queryset, name, value):
        return queryset.filter(phases__kind=value, phases__state=PhaseState.IN_PROGRESS)


class PhaseFilter(filters.FilterSet):
    cycle_report = IdFilter(field_name="cycle_report_id")
    kind = filters.ChoiceFilter(choices=PhaseKind.choices)
    state = filters.ChoiceFilter(choices=PhaseState.choices)

    class Meta:
        model = Phase
        fields: list[str] = []


class AssignmentFilter(filters.FilterSet):
    """In pages, of one's own to-dos."""

    status = filters.ChoiceFilter(choices=AssignmentStatus.choices, label="Status")
    kind = filters.ChoiceFilter(choices=AssignmentKind.choices, label="Kind")
    cycle_report = IdFilter(field_name="phase__cycle_report_id", label="Cycle-report")

    class Meta:
        model = Assignment
        fields: list[str] = []


class AssignmentApiFilter(AssignmentFilter):
    assigned_to = IdFilter(field_name="assigned_to_id", label="Person")
