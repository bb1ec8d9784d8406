"""Rule sets over REST: begun, proposed, imported, submitted, decided, revised, exported."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from jobs.selectors import snapshot
from jobs.serializers import JobSerializer
from synapse.common.api import ReadViewSet, accepted
from synapse.common.queries import narrowed
from synapse.common.renderers import CsvRenderer
from synapse.cycles.phases import PhaseKind
from synapse.cycles.selectors import visible_cycle_reports
from synapse.cycles.services import approval
from synapse.profiling import rule_exports
from synapse.profiling.api import rule_shapes as shapes
from synapse.profiling.api.rules import RuleViewSet
from synapse.profiling.models import Population, RuleSet
from synapse.profiling.rule_filters import RuleFilter, RuleSetFilter
from synapse.profiling.selectors import rule_sets as selectors
from synapse.profiling.services import rule_editing, rule_sets
from synapse.profiling.services.rule_imports import import_rules
from synapse.profiling.tasks.proposing import start_proposal


class RuleSetViewSet(ReadViewSet):
    """Versions of the rules of a report, each read from one approved plan."""

    queryset = RuleSet.objects.all()
    serializer_class = shapes.RuleSetSerializer
    filterset_class = RuleSetFilter

    def visible(self, queryset):
        return selectors.visible_rule_sets(self.request.user)

    @extend_schema(request=shapes.RuleSetStartSerializer, responses={201: shapes.RuleSetSerializer})
    def create(self, request):
        """An empty draft, while profiling is in progress."""
        data = self.validated(shapes.RuleSetStartSerializer)
        reports = visible_cycle_reports(request.user)
        cycle_report = get_object_or_404(reports, pk=data["cycle_report"])
        rule_set = rule_sets.start_rule_set(
            phase=cycle_report.phases.get(kind=PhaseKind.PROFILING),
            actor=request.user,
            population=self._population(data.get("population")),
        )
        return self.answer(rule_set, 201)

    @extend_schema(request=shapes.ProposeSerializer, responses={202: JobSerializer})
    @action(detail=True, methods=["post"])
    def propose(self, request, pk=None):
        """Proposes rules from the plan and tries them on the population, as a job to follow."""
        rule_set = self.get_object()
        data = self.validated(shapes.ProposeSerializer)
        job = start_proposal(
            rule_set=rule_set,
            actor=request.user,
            population=self._population(data.get("population")),
            builtin=data["builtin"],
        )
        return accepted(request, job, snapshot)

    @extend_schema(
        request={"multipart/form-data": shapes.RuleFileSerializer},
        responses=shapes.RulesImportedSerializer,
    )
    @action(detail=True, methods=["post"], url_path="import", parser_classes=[MultiPartParser])
    def import_file(self, request, pk=None):
        """Takes the readable rules of a file; the other rows are told one by one."""
        rule_set = self.get_object()
        file = self.validated(shapes.RuleFileSerializer)["file"]
        result = import_rules(
            rule_set=rule_set, name=file.name, content=file.read(), actor=request.user
        )
        return Response(shapes.RulesImportedSerializer(result).data)

    @extend_schema(request=shapes.SwitchSerializer, responses=shapes.SwitchedSerializer)
    @action(detail=True, methods=["post"])
    def switch(self, request, pk=None):
        """Switches several rules on or off, all or none."""
        rule_set = self.get_object()
        data = self.validated(shapes.SwitchSerializer)
        changed = rule_editing.switch_rules(
            rule_set=rule_set, actor=request.user, rule_ids=data["rules"], enabled=data["enabled"]
        )
        return Response({"changed": changed})

    @extend_schema(request=None, responses=shapes.RuleSetSerializer)
    @action(detail=True, methods=["post"], url_path="take-over-plan")
    def take_over_plan(self, request, pk=None):
        """Moves the draft to the plan approved now."""
        rule_set = self.get_object()
        return self.answer(rule_sets.take_over_plan(rule_set=rule_set, actor=request.user))

    @extend_schema(request=shapes.RuleNoteSerializer, responses=shapes.RuleSetSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request, pk=None):
        return self._move(approval.submit, **self.validated(shapes.RuleNoteSerializer))

    @extend_schema(request=None, responses=shapes.RuleSetSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request, pk=None):
        return self._move(approval.withdraw)

    @extend_schema(request=shapes.RuleNoteSerializer, responses=shapes.RuleSetSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request, pk=None):
        return self._move(approval.approve, **self.validated(shapes.RuleNoteSerializer))

    @extend_schema(request=shapes.RuleReasonSerializer, responses=shapes.RuleSetSerializer)
    @action(detail=True, methods=["post"])
    def reject(self, request, pk=None):
        return self._move(approval.reject, **self.validated(shapes.RuleReasonSerializer))

    @extend_schema(request=None, responses={201: shapes.RuleSetSerializer})
    @action(detail=True, methods=["post"])
    def revise(self, request, pk=None):
        """A new draft with a copy of the rules."""
        rule_set = approval.revise(version=self.get_object(), actor=request.user)
        return self.answer(rule_set, 201)

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY}, filters=False)
    @action(
        detail=True,
        url_path="rules.csv",
        pagination_class=None,
        filterset_class=None,
        renderer_classes=[JSONRenderer, CsvRenderer],
    )
    def rules_csv(self, request, pk=None):
        """The rules as CSV, narrowed by the same filters as their list."""
        rows = narrowed(RuleFilter, request, self.get_object().items())
        return HttpResponse(rule_exports.as_csv(rows), content_type="text/csv; charset=utf-8")

    def _population(self, pk: int | None) -> Population | None:
        if pk is None:
            return None
        mine = visible_cycle_reports(self.request.user).order_by().values("pk")
        return get_object_or_404(Population, pk=pk, cycle_report__in=mine)

    def _move(self, service, **data):
        return self.answer(service(version=self.get_object(), actor=self.request.user, **data))


routes = [("rule-sets", RuleSetViewSet, "ruleset"), ("rules", RuleViewSet, "rule")]
