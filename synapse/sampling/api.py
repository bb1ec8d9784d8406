"""Sample sets, their samples and the sizes they need, over REST."""

import django_filters
from django.http import Http404
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from jobs.selectors import snapshot
from jobs.serializers import JobSerializer
from synapse.common.api import ApiView, ReadViewSet, accepted, require_match
from synapse.common.filters import IdFilter
from synapse.common.queries import narrowed, number_in, refuse_unknown
from synapse.common.renderers import CsvRenderer
from synapse.common.schema import IF_MATCH
from synapse.common.streaming import csv_response
from synapse.common.versions import VersionStatus
from synapse.cycles.phases import PhaseKind
from synapse.cycles.selectors import visible_phases
from synapse.cycles.services import approval
from synapse.sampling import exports, selectors, sizing, tasks
from synapse.sampling import serializers as shapes
from synapse.sampling.filters import SampleFilter
from synapse.sampling.models import Sample, SampleSet
from synapse.sampling.options import DrawOptions
from synapse.sampling.services import decisions, drafting, removing
from synapse.sampling.states import BulkDecision

MOVED = {412: OpenApiResponse(description="The set is of another population than the one named.")}


class SampleSetFilter(django_filters.FilterSet):
    cycle_report = IdFilter(field_name="phase__cycle_report_id")
    status = django_filters.ChoiceFilter(choices=VersionStatus.choices)

    class Meta:
        model = SampleSet
        fields: list[str] = []


class RowFilter(SampleFilter):
    """The filters of the page, and the sample set."""

    sample_set = IdFilter(field_name="version_id")


class SampleSetViewSet(ReadViewSet):
    """Versions of which records are tested, each drawn from one population for one scope."""

    queryset = SampleSet.objects.all()
    serializer_class = shapes.SampleSetSerializer
    filterset_class = SampleSetFilter

    def visible(self, queryset):
        return selectors.visible_sample_sets(self.request.user)

    @extend_schema(
        request=shapes.SampleSetCreateSerializer, responses={201: shapes.SampleSetSerializer}
    )
    def create(self, request):
        """An empty draft for the approved scope and the population imported last."""
        phases = visible_phases(request.user).filter(kind=PhaseKind.SAMPLING)
        data = self.validated(shapes.SampleSetCreateSerializer, phases=phases)
        return self.answer(drafting.start_sample_set(actor=request.user, **data), 201)

    @extend_schema(request=shapes.SampleSetDrawSerializer, responses={202: JobSerializer})
    @action(detail=True, methods=["post"])
    def draw(self, request, pk):
        """Starts the job that draws the samples; follow it at Location."""
        sample_set = self.get_object()
        data = self.validated(shapes.SampleSetDrawSerializer)
        replace = data.pop("replace")
        options = DrawOptions(**{"seed": sample_set.seed, **data})
        job = tasks.start_draw(
            sample_set=sample_set, actor=request.user, wished=options, replace=replace
        )
        return accepted(request, job, snapshot)

    @extend_schema(request=shapes.SampleAddSerializer, responses={202: JobSerializer} | MOVED)
    @action(detail=True, methods=["post"])
    def add(self, request, pk):
        """Starts the job that looks a record up and adds it; its `result` names the sample."""
        data = self.validated(shapes.SampleAddSerializer)
        job = tasks.start_addition(sample_set=self.get_object(), actor=request.user, **data)
        return accepted(request, job, snapshot)

    @extend_schema(responses=shapes.SampleSetCountsSerializer, filters=False)
    @action(detail=True)
    def counts(self, request, pk):
        """How many of each category, at random, by hand, in, out and undecided."""
        figures = selectors.counts_of(self.get_object())
        return Response(shapes.SampleSetCountsSerializer(figures).data)

    @extend_schema(
        responses=shapes.SampleChangeSerializer(many=True),
        parameters=[OpenApiParameter("with", int, description="Number of the other version.")],
        filters=False,
    )
    @action(detail=True, pagination_class=None, filterset_class=None)
    def compare(self, request, pk):
        """What changed since another version; since the one before if none is named."""
        sample_set, wanted = self.get_object(), request.query_params.get("with", "")
        others = self.get_queryset().filter(phase=sample_set.phase).exclude(pk=sample_set.pk)
        if wanted:
            others = others.filter(number=number_in(wanted))
        else:
            others = others.filter(number__lt=sample_set.number)
        other = others.order_by("-number").first()
        if other is None:
            raise Http404
        changes = selectors.compare(other, sample_set)
        return Response(shapes.SampleChangeSerializer(changes, many=True).data)

    @extend_schema(
        request=shapes.SamplesDecideSerializer, responses=shapes.SamplesDecidedSerializer
    )
    @action(detail=True, methods=["post"])
    def decide(self, request, pk):
        """One decision for several samples, all or none."""
        data = self.validated(shapes.SamplesDecideSerializer)
        changed = decisions.decide_many(
            sample_set=self.get_object(),
            actor=request.user,
            sample_ids=data["items"],
            decision=BulkDecision(data["decision"]),
            reason=data["reason"],
        )
        return Response({"changed": changed})

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY}, filters=False)
    @action(
        detail=True,
        url_path="samples.csv",
        pagination_class=None,
        filterset_class=None,
        renderer_classes=[JSONRenderer, CsvRenderer],
    )
    def samples_csv(self, request, pk):
        """The samples as CSV, of the rows that the filters leave."""
        sample_set = self.get_object()
        rows = narrowed(SampleFilter, request, selectors.samples_of(sample_set))
        name = f"samples-{sample_set.pk}-v{sample_set.number}.csv"
        lines = exports.csv_rows(sample_set, list(rows))
        return csv_response(request._request, name, lines)

    @extend_schema(request=shapes.SampleSetNoteSerializer, responses=shapes.SampleSetSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request, pk):
        return self._move(approval.submit, shapes.SampleSetNoteSerializer)

    @extend_schema(request=None, responses=shapes.SampleSetSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request, pk):
        return self._move(approval.withdraw)

    @extend_schema(request=shapes.SampleSetNoteSerializer, responses=shapes.SampleSetSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request, pk):
        return self._move(approval.approve, shapes.SampleSetNoteSerializer)

    @extend_schema(request=shapes.SampleSetRejectSerializer, responses=shapes.SampleSetSerializer)
    @action(detail=True, methods=["post"])
    def reject(self, request, pk):
        return self._move(approval.reject, shapes.SampleSetRejectSerializer)

    @extend_schema(request=None, responses={201: shapes.SampleSetSerializer})
    @action(detail=True, methods=["post"])
    def revise(self, request, pk):
        """A new draft copied from an approved or rejected version."""
        return self._move(approval.revise, code=status.HTTP_201_CREATED)

    def _move(self, service, shape=None, code: int = status.HTTP_200_OK) -> Response:
        data = self.validated(shape) if shape else {}
        moved = service(version=self.get_object(), actor=self.request.user, **data)
        return self.answer(moved, code)


class SampleViewSet(ReadViewSet):
    """Records in sample sets; `?sample_set=` names one."""

    queryset = Sample.objects.all()
    serializer_class = shapes.SampleSerializer
    filterset_class = RowFilter
    cursor_ordering = "id"

    def visible(self, queryset):
        sets = selectors.visible_sample_sets(self.request.user).order_by().values("pk")
        return queryset.filter(version__in=sets).select_related("decided_by")

    @extend_schema(
        request=shapes.SampleDecideSerializer,
        responses=shapes.SampleSerializer,
        parameters=[IF_MATCH],
    )
    @action(detail=True, methods=["post"])
    def decide(self, request, pk):
        """Takes or takes back the decision on one record; If-Match names what was read."""
        sample = self.get_object()
        read = require_match(request, sample.lock_version, f"Record {sample.record_no}")
        data = self.validated(shapes.SampleDecideSerializer)
        return self.answer(
            decisions.decide(sample=sample, actor=request.user, lock_version=read, **data)
        )

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        """Removes a record that was added by hand."""
        removing.remove_record(sample=self.get_object(), actor=request.user)
        return Response(status=204)


class SampleSizeView(ApiView):
    """How large a sample has to be, and what a number of records proves."""

    @extend_schema(
        parameters=[shapes.SampleSizeQuerySerializer], responses=shapes.SampleSizeSerializer
    )
    def get(self, request):
        """Exact: binomial, or hypergeometric when the number of records is given."""
        query = shapes.SampleSizeQuerySerializer(data=request.query_params)
        refuse_unknown(request, set(query.fields) | {"format"})
        query.is_valid(raise_exception=True)
        answer = sizing.answer(**query.validated_data)
        return Response(shapes.SampleSizeSerializer(answer).data)


routes = [
    ("sample-sets", SampleSetViewSet, "sampleset"),
    ("samples", SampleViewSet, "sample"),
]
paths = [path("sample-sizes/", SampleSizeView.as_view(), name="sample_sizes")]
