"""Scopes and their items over REST."""

import django_filters
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.response import Response

from jobs.selectors import snapshot
from jobs.serializers import JobSerializer
from synapse.common.api import ReadViewSet, accepted, require_match
from synapse.common.filters import IdFilter
from synapse.common.queries import number_in
from synapse.common.schema import IF_MATCH
from synapse.common.versions import VersionStatus
from synapse.cycles.phases import PhaseKind
from synapse.cycles.selectors import visible_phases
from synapse.cycles.services import approval
from synapse.scoping import selectors, tasks
from synapse.scoping import serializers as shapes
from synapse.scoping.filters import ScopeItemFilter
from synapse.scoping.models import Scope, ScopeItem
from synapse.scoping.services import decisions, drafting
from synapse.scoping.states import Decision


class ScopeFilter(django_filters.FilterSet):
    cycle_report = IdFilter(field_name="phase__cycle_report_id")
    status = django_filters.ChoiceFilter(choices=VersionStatus.choices)

    class Meta:
        model = Scope
        fields: list[str] = []


class ItemFilter(ScopeItemFilter):
    """The filters of the page, and the scope."""

    scope = IdFilter(field_name="version_id")


class ScopeViewSet(ReadViewSet):
    """Versions of what is tested, each read from one approved plan."""

    queryset = Scope.objects.all()
    serializer_class = shapes.ScopeSerializer
    filterset_class = ScopeFilter

    def visible(self, queryset):
        return selectors.visible_scopes(self.request.user)

    @extend_schema(request=shapes.ScopeCreateSerializer, responses={201: shapes.ScopeSerializer})
    def create(self, request):
        """A first draft, with every attribute of the approved plan."""
        phases = visible_phases(request.user).filter(kind=PhaseKind.SCOPING)
        data = self.validated(shapes.ScopeCreateSerializer, phases=phases)
        return self.answer(drafting.start_scope(actor=request.user, **data), 201)

    @extend_schema(responses=shapes.ScopeMetricsSerializer, filters=False)
    @action(detail=True)
    def metrics(self, request, pk):
        """In scope, coverage of CDEs and risk, overrides, undecided, failed."""
        figures = selectors.metrics_of(self.get_object())
        return Response(shapes.ScopeMetricsSerializer(figures).data)

    @extend_schema(
        responses=shapes.ScopeChangeSerializer(many=True),
        parameters=[OpenApiParameter("with", int, description="Number of the other version.")],
        filters=False,
    )
    @action(detail=True, pagination_class=None, filterset_class=None)
    def compare(self, request, pk):
        """What changed since another version; since the one before if none is named."""
        scope, wanted = self.get_object(), request.query_params.get("with", "")
        others = self.get_queryset().filter(phase=scope.phase).exclude(pk=scope.pk)
        if wanted:
            others = others.filter(number=number_in(wanted))
        else:
            others = others.filter(number__lt=scope.number)
        other = others.order_by("-number").first()
        if other is None:
            raise Http404
        changes = selectors.compare(other, scope)
        return Response(shapes.ScopeChangeSerializer(changes, many=True).data)

    @extend_schema(request=shapes.RecommendSerializer, responses={202: JobSerializer})
    @action(detail=True, methods=["post"])
    def recommend(self, request, pk):
        """Starts the job that judges the attributes; follow it at Location."""
        data = self.validated(shapes.RecommendSerializer)
        job = tasks.start_recommendation(scope=self.get_object(), actor=request.user, **data)
        return accepted(request, job, snapshot)

    @extend_schema(request=shapes.BulkDecideSerializer, responses=shapes.BulkDecidedSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request, pk):
        """One decision for several items, all or none."""
        data = self.validated(shapes.BulkDecideSerializer)
        changed = decisions.decide_many(
            scope=self.get_object(),
            actor=request.user,
            item_ids=data["items"],
            decision=Decision(data["decision"]),
            reason=data["reason"],
        )
        return Response({"changed": changed})

    @extend_schema(request=shapes.ScopePolicySerializer, responses=shapes.ScopeSerializer)
    @action(detail=True, methods=["post"])
    def policy(self, request, pk):
        """Sets threshold and top N; every advice follows, no decision does."""
        return self._run(drafting.set_policy, shapes.ScopePolicySerializer)

    @extend_schema(request=None, responses=shapes.ScopeSerializer)
    @action(detail=True, methods=["post"], url_path="take-over-plan")
    def take_over_plan(self, request, pk):
        """Moves the draft to the plan approved now."""
        return self._run(drafting.take_over_plan)

    @extend_schema(request=shapes.ScopeNoteSerializer, responses=shapes.ScopeSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request, pk):
        return self._move(approval.submit, shapes.ScopeNoteSerializer)

    @extend_schema(request=None, responses=shapes.ScopeSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request, pk):
        return self._move(approval.withdraw)

    @extend_schema(request=shapes.ScopeNoteSerializer, responses=shapes.ScopeSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request, pk):
        return self._move(approval.approve, shapes.ScopeNoteSerializer)

    @extend_schema(request=shapes.ScopeReasonSerializer, responses=shapes.ScopeSerializer)
    @action(detail=True, methods=["post"])
    def reject(self, request, pk):
        return self._move(approval.reject, shapes.ScopeReasonSerializer)

    @extend_schema(request=None, responses={201: shapes.ScopeSerializer})
    @action(detail=True, methods=["post"])
    def revise(self, request, pk):
        """A new draft copied from an approved or rejected version."""
        return self._move(approval.revise, code=status.HTTP_201_CREATED)

    def _run(self, service, shape=None) -> Response:
        data = self.validated(shape) if shape else {}
        return self.answer(service(scope=self.get_object(), actor=self.request.user, **data))

    def _move(self, service, shape=None, code: int = status.HTTP_200_OK) -> Response:
        data = self.validated(shape) if shape else {}
        scope = service(version=self.get_object(), actor=self.request.user, **data)
        return self.answer(scope, code)


class ScopeItemViewSet(ReadViewSet):
    """Attributes in scopes; `?scope=` names one."""

    queryset = ScopeItem.objects.all()
    serializer_class = shapes.ScopeItemSerializer
    filterset_class = ItemFilter
    cursor_ordering = "id"

    def visible(self, queryset):
        scopes = selectors.visible_scopes(self.request.user).order_by().values("pk")
        return queryset.filter(version__in=scopes).select_related("attribute", "decided_by")

    @extend_schema(
        request=shapes.ItemDecideSerializer,
        responses=shapes.ScopeItemSerializer,
        parameters=[IF_MATCH],
    )
    @action(detail=True, methods=["post"])
    def decide(self, request, pk):
        """Takes or takes back the decision of one attribute; If-Match names what was read."""
        item = self.get_object()
        read = require_match(request, item.lock_version, item.attribute.name)
        data = self.validated(shapes.ItemDecideSerializer)
        return self.answer(
            decisions.decide(item=item, actor=request.user, lock_version=read, **data)
        )


routes = [
    ("scopes", ScopeViewSet, "scope"),
    ("scope-items", ScopeItemViewSet, "scopeitem"),
]
