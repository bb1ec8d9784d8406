"""Reports, cycles, cycle-reports, phases and assignments over REST."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action

from synapse.common.api import ReadViewSet, require_match
from synapse.common.schema import IF_MATCH
from synapse.cycles import selectors
from synapse.cycles import serializers as shapes
from synapse.cycles.filters import (
    AssignmentApiFilter,
    CycleReportFilter,
    PhaseFilter,
    ReportFilter,
    TestCycleFilter,
)
from synapse.cycles.models import Assignment, CycleReport, Phase, Report, TestCycle
from synapse.cycles.services import phases as phase_services
from synapse.cycles.services.cycle_reports import assign_tester, create_cycle_report
from synapse.cycles.services.cycles import create_cycle, update_cycle
from synapse.cycles.services.reports import create_report, update_report


class SpineViewSet(ReadViewSet):
    """The day that schedules are told by."""

    def get_serializer_context(self):
        return super().get_serializer_context() | {"today": timezone.localdate()}


class ReportViewSet(SpineViewSet):
    """The inventory of regulatory reports."""

    queryset = Report.objects.all()
    serializer_class = shapes.ReportSerializer
    filterset_class = ReportFilter

    def visible(self, queryset):
        return selectors.visible_reports(self.request.user)

    @extend_schema(request=shapes.ReportWriteSerializer, responses={201: shapes.ReportSerializer})
    def create(self, request):
        data = self.validated(shapes.ReportWriteSerializer)
        return self.answer(create_report(actor=request.user, **data), status.HTTP_201_CREATED)

    @extend_schema(
        request=shapes.ReportWriteSerializer,
        responses=shapes.ReportSerializer,
        parameters=[IF_MATCH],
    )
    def partial_update(self, request, pk=None):
        report = self.get_object()
        expected = require_match(request, report.lock_version, str(report))
        data = self.validated(shapes.ReportWriteSerializer, partial=True)
        return self.answer(
            update_report(report=report, actor=request.user, expected=expected, **data)
        )


class TestCycleViewSet(SpineViewSet):
    """Test cycles."""

    __test__ = False

    queryset = TestCycle.objects.all()
    serializer_class = shapes.TestCycleSerializer
    filterset_class = TestCycleFilter

    def visible(self, queryset):
        return selectors.visible_cycles(self.request.user)

    @extend_schema(
        request=shapes.TestCycleWriteSerializer, responses={201: shapes.TestCycleSerializer}
    )
    def create(self, request):
        data = self.validated(shapes.TestCycleWriteSerializer)
        return self.answer(create_cycle(actor=request.user, **data), status.HTTP_201_CREATED)

    @extend_schema(
        request=shapes.TestCycleUpdateSerializer,
        responses=shapes.TestCycleSerializer,
        parameters=[IF_MATCH],
    )
    def partial_update(self, request, pk=None):
        cycle = self.get_object()
        expected = require_match(request, cycle.lock_version, str(cycle))
        data = self.validated(shapes.TestCycleUpdateSerializer, partial=True)
        return self.answer(update_cycle(cycle=cycle, actor=request.user, expected=expected, **data))


class CycleReportViewSet(SpineViewSet):
    """Reports in cycles, each with its nine phases."""

    queryset = CycleReport.objects.all()
    serializer_class = shapes.CycleReportSerializer
    filterset_class = CycleReportFilter

    def visible(self, queryset):
        return selectors.visible_cycle_reports(self.request.user).prefetch_related("phases")

    @extend_schema(
        request=shapes.CycleReportCreateSerializer, responses={201: shapes.CycleReportSerializer}
    )
    def create(self, request):
        data = self.validated(shapes.CycleReportCreateSerializer)
        cycle_report = create_cycle_report(actor=request.user, **data)
        return self.answer(cycle_report, status.HTTP_201_CREATED)

    @extend_schema(
        request=shapes.TesterSerializer,
        responses=shapes.CycleReportSerializer,
        parameters=[IF_MATCH],
    )
    @action(detail=True, methods=["post"], url_path="assign-tester")
    def assign_tester(self, request, pk=None):
        """Hands the cycle-report to another tester."""
        cycle_report = self.get_object()
        expected = require_match(request, cycle_report.lock_version, str(cycle_report))
        data = self.validated(shapes.TesterSerializer)
        return self.answer(
            assign_tester(cycle_report=cycle_report, actor=request.user, expected=expected, **data)
        )


class PhaseViewSet(SpineViewSet):
    """The steps of a cycle-report."""

    queryset = Phase.objects.all()
    serializer_class = shapes.PhaseSerializer
    filterset_class = PhaseFilter

    def visible(self, queryset):
        return selectors.visible_phases(self.request.user)

    @extend_schema(
        request=shapes.PhasePlanSerializer, responses=shapes.PhaseSerializer, parameters=[IF_MATCH]
    )
    def partial_update(self, request, pk=None):
        """Moves the planned dates."""
        phase = self.get_object()
        expected = require_match(request, phase.lock_version, str(phase))
        data = self.validated(shapes.PhasePlanSerializer)
        return self.answer(
            phase_services.plan_phase(phase=phase, actor=request.user, expected=expected, **data)
        )

    @extend_schema(request=None, responses=shapes.PhaseSerializer)
    @action(detail=True, methods=["post"])
    def start(self, request, pk=None):
        return self._run(phase_services.start_phase)

    @extend_schema(request=None, responses=shapes.PhaseSerializer)
    @action(detail=True, methods=["post"])
    def complete(self, request, pk=None):
        return self._run(phase_services.complete_phase)

    @extend_schema(request=shapes.ReasonSerializer, responses=shapes.PhaseSerializer)
    @action(detail=True, methods=["post"])
    def skip(self, request, pk=None):
        return self._run(phase_services.skip_phase, **self.validated(shapes.ReasonSerializer))

    @extend_schema(request=shapes.ReasonSerializer, responses=shapes.PhaseSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request, pk=None):
        return self._run(phase_services.reopen_phase, **self.validated(shapes.ReasonSerializer))

    def _run(self, service, **data):
        return self.answer(service(phase=self.get_object(), actor=self.request.user, **data))


class AssignmentViewSet(SpineViewSet):
    """What people have to do: one's own, what waits in cycles one leads, all for administrators."""

    queryset = Assignment.objects.all()
    serializer_class = shapes.AssignmentSerializer
    filterset_class = AssignmentApiFilter

    def visible(self, queryset):
        return selectors.visible_assignments(self.request.user).select_related("content_type")


routes = [
    ("reports", ReportViewSet, "report"),
    ("cycles", TestCycleViewSet, "cycle"),
    ("cycle-reports", CycleReportViewSet, "cyclereport"),
    ("phases", PhaseViewSet, "phase"),
    ("assignments", AssignmentViewSet, "assignment"),
]
