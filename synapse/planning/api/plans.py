"""Plans over REST: begun, drafted, submitted, decided, revised, exported."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from jobs import selectors as job_selectors
from jobs.serializers import JobSerializer
from synapse.common.api import accepted
from synapse.common.queries import narrowed
from synapse.common.renderers import CsvRenderer
from synapse.cycles.selectors import visible_cycle_reports
from synapse.cycles.serializers import ReasonSerializer
from synapse.cycles.services import approval
from synapse.planning import exports, selectors, tasks
from synapse.planning.api import shapes
from synapse.planning.api.base import PlanningViewSet
from synapse.planning.filters import AttributeFilter, PlanFilter
from synapse.planning.models import Plan
from synapse.planning.services.plans import planning_phase, start_plan


class PlanViewSet(PlanningViewSet):
    """Versions of the list of a report's fields."""

    queryset = Plan.objects.all()
    serializer_class = shapes.PlanSerializer
    filterset_class = PlanFilter

    def visible(self, queryset):
        return selectors.visible_plans(self.request.user)

    @extend_schema(request=shapes.PlanStartSerializer, responses={201: shapes.PlanSerializer})
    def create(self, request):
        """Begins the first version, or the next one after what was decided."""
        data = self.validated(shapes.PlanStartSerializer)
        reports = visible_cycle_reports(request.user)
        cycle_report = get_object_or_404(reports, pk=data["cycle_report"])
        return self.answer(start_plan(phase=planning_phase(cycle_report), actor=request.user), 201)

    @extend_schema(request=shapes.NoteSerializer, responses=shapes.PlanSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request, pk=None):
        return self._move(approval.submit, **self.validated(shapes.NoteSerializer))

    @extend_schema(request=None, responses=shapes.PlanSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request, pk=None):
        return self._move(approval.withdraw)

    @extend_schema(request=shapes.NoteSerializer, responses=shapes.PlanSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request, pk=None):
        return self._move(approval.approve, **self.validated(shapes.NoteSerializer))

    @extend_schema(request=ReasonSerializer, responses=shapes.PlanSerializer)
    @action(detail=True, methods=["post"])
    def reject(self, request, pk=None):
        return self._move(approval.reject, **self.validated(ReasonSerializer))

    @extend_schema(request=None, responses={201: shapes.PlanSerializer})
    @action(detail=True, methods=["post"])
    def revise(self, request, pk=None):
        """A new draft with a copy of the attributes."""
        plan = approval.revise(version=self.get_object(), actor=request.user)
        return self.answer(plan, 201)

    @extend_schema(request=shapes.DraftStartSerializer, responses={202: JobSerializer})
    @action(detail=True, methods=["post"])
    def draft(self, request, pk=None):
        """Lets the model draft attributes from a specification, as a job to follow."""
        plan = self.get_object()
        data = self.validated(shapes.DraftStartSerializer)
        documents = selectors.visible_documents(request.user)
        document = get_object_or_404(documents, pk=data["document"])
        job = tasks.start_drafting(plan=plan, document=document, actor=request.user)
        return accepted(request, job, job_selectors.snapshot)

    @extend_schema(responses=shapes.RejectedDraftSerializer(many=True), filters=False)
    @action(detail=True, url_path="rejected-drafts", pagination_class=None, filterset_class=None)
    def rejected_drafts(self, request, pk=None):
        """What the model drafted and was not taken, newest first, with the reasons."""
        rows = selectors.refused_drafts(self.get_object())
        return Response(shapes.RejectedDraftSerializer(rows, many=True).data)

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY}, filters=False)
    @action(
        detail=True,
        url_path="attributes.csv",
        pagination_class=None,
        filterset_class=None,
        renderer_classes=[JSONRenderer, CsvRenderer],
    )
    def attributes_csv(self, request, pk=None):
        """The attributes as CSV, narrowed by the same filters as their list."""
        rows = narrowed(AttributeFilter, request, self.get_object().items())
        return HttpResponse(
            exports.as_csv(exports.exported(rows)), content_type="text/csv; charset=utf-8"
        )

    def _move(self, service, **data):
        return self.answer(service(version=self.get_object(), actor=self.request.user, **data))
