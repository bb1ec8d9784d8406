"""Populations over REST: uploaded whole or in parts, confirmed, imported, deleted."""

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from jobs.selectors import snapshot
from jobs.serializers import JobSerializer
from synapse.common.api import ReadViewSet, accepted, require_match
from synapse.common.parsing import JSONParser
from synapse.common.queries import EVERYWHERE, refuse_unknown
from synapse.common.renderers import CsvRenderer
from synapse.common.schema import IF_MATCH
from synapse.common.streaming import csv_response
from synapse.cycles.selectors import visible_cycle_reports
from synapse.profiling import population_exports as exports
from synapse.profiling.api import population_shapes as shapes
from synapse.profiling.api.binary import PartParser
from synapse.profiling.models import Population
from synapse.profiling.population_filters import PopulationFilter
from synapse.profiling.selectors import populations as selectors
from synapse.profiling.services import populations, uploading
from synapse.profiling.services.understanding import look_again
from synapse.profiling.tasks.importing import require_idle, start_assembly, start_import

NUMBER = OpenApiParameter("number", OpenApiTypes.INT, OpenApiParameter.PATH)


class PopulationViewSet(ReadViewSet):
    """Files of records; the newest imported one of a report is what is profiled and sampled."""

    queryset = Population.objects.all()
    filterset_class = PopulationFilter

    def visible(self, queryset):
        return selectors.visible_populations(self.request.user)

    def get_serializer_class(self):
        short = self.action == "list"
        return shapes.PopulationSerializer if short else shapes.PopulationDetailSerializer

    def get_parsers(self):
        """Only a new population may come as form data."""
        if getattr(self, "action_map", {}).get("post") == "create":
            return [JSONParser(), MultiPartParser()]
        return super().get_parsers()

    @extend_schema(
        request={
            "multipart/form-data": shapes.PopulationUploadSerializer,
            "application/json": shapes.PopulationBeginSerializer,
        },
        responses={201: shapes.PopulationDetailSerializer},
    )
    def create(self, request):
        """Stores a file of records, or as JSON begins an upload that is sent in parts."""
        whole = bool(request.FILES)
        data = self.validated(
            shapes.PopulationUploadSerializer if whole else shapes.PopulationBeginSerializer
        )
        reports = visible_cycle_reports(request.user)
        cycle_report = get_object_or_404(reports, pk=data.pop("cycle_report"))
        asked = {"cycle_report": cycle_report, "actor": request.user}
        if whole:
            file = data["file"]
            taken = populations.take_population(**asked, name=file.name, content=file)
        else:
            taken = uploading.begin_upload(**asked, **data)
        return self.answer(taken, 201)

    @extend_schema(responses={204: None}, parameters=[IF_MATCH])
    def destroy(self, request, pk=None):
        """Deletes a population that isn't imported, with its files."""
        population = self.get_object()
        version = self._matched(population)
        require_idle(population)
        populations.delete_population(
            population=population, actor=request.user, lock_version=version
        )
        return Response(status=204)

    @extend_schema(responses=shapes.UploadPartSerializer(many=True), filters=False)
    @action(detail=True, pagination_class=None, filterset_class=None)
    def parts(self, request, pk=None):
        """The parts received so far of an upload that isn't put together yet."""
        parts = self.get_object().upload_parts.order_by("number")
        return Response(shapes.UploadPartSerializer(parts, many=True).data)

    @extend_schema(
        operation_id="populations_part_store",
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses=shapes.UploadPartSerializer,
        parameters=[NUMBER],
    )
    @action(
        detail=True, methods=["put"], url_path="parts/<int:number>", parser_classes=[PartParser]
    )
    def part(self, request, pk=None, number=0):
        """Stores one part, counted from 1; the same number again replaces it."""
        if "content" not in request.data:
            raise ValidationError("The body is the part itself, as application/octet-stream.")
        part = uploading.store_part(
            population=self.get_object(),
            number=number,
            content=request.data["content"].read(),
            actor=request.user,
        )
        return Response(shapes.UploadPartSerializer(part).data)

    @extend_schema(request=None, responses={202: JobSerializer})
    @action(detail=True, methods=["post"])
    def assemble(self, request, pk=None):
        """Puts the parts together and looks at the file, as a job to follow."""
        job = start_assembly(population=self.get_object(), actor=request.user)
        return accepted(request, job, snapshot)

    @extend_schema(
        parameters=[shapes.ReadingSerializer],
        responses={
            200: shapes.LookSerializer,
            409: OpenApiResponse(None, "Parts of the upload are missing."),
            422: OpenApiResponse(None, "Read like this, the file has no records."),
        },
        filters=False,
    )
    @action(detail=True, pagination_class=None, filterset_class=None)
    def preview(self, request, pk=None):
        """How the file would be read with these changes, and what its columns hold."""
        population = self.get_object()
        asked = shapes.ReadingSerializer(data=request.query_params.dict())
        refuse_unknown(request, EVERYWHERE | set(asked.fields))
        asked.is_valid(raise_exception=True)
        populations.require_whole(population)
        found = look_again(population, changes=asked.validated_data)
        body = found.match.as_json() | {"reading": found.reading.as_json()}
        return Response(shapes.LookSerializer(body).data)

    @extend_schema(
        request=shapes.ConfirmSerializer,
        responses=shapes.PopulationDetailSerializer,
        parameters=[IF_MATCH],
    )
    @action(detail=True, methods=["post"])
    def confirm(self, request, pk=None):
        """Fixes how the file is read and what its columns hold; nothing is imported yet."""
        population = self.get_object()
        version = self._matched(population)
        data = self.validated(shapes.ConfirmSerializer)
        require_idle(population)
        matches = {each["position"]: each["attribute"] for each in data.get("matches", [])}
        confirmed = populations.confirm(
            population=population,
            actor=request.user,
            lock_version=version,
            reading=dict(data.get("reading", {})),
            matches=matches or None,
        )
        return self.answer(confirmed)

    @extend_schema(request=None, responses={202: JobSerializer})
    @action(detail=True, methods=["post"], url_path="import")
    def take_over(self, request, pk=None):
        """Imports what was confirmed, as a job to follow."""
        job = start_import(population=self.get_object(), actor=request.user)
        return accepted(request, job, snapshot)

    @extend_schema(
        parameters=[shapes.RejectedQuerySerializer],
        responses=shapes.RejectedPageSerializer,
        filters=False,
    )
    @action(detail=True, url_path="rejected-rows", pagination_class=None, filterset_class=None)
    def rejected_rows(self, request, pk=None):
        """Records that could not be taken over, with the reasons; the first 10,000 are kept."""
        population = self.get_object()
        asked = shapes.RejectedQuerySerializer(data=request.query_params)
        refuse_unknown(request, EVERYWHERE | set(asked.fields))
        asked.is_valid(raise_exception=True)
        after, limit = (asked.validated_data[name] for name in ("after", "limit"))
        rows = selectors.rejected_rows(population).filter(record_no__gt=after)
        found = list(rows[: limit + 1])
        more = found[limit - 1].record_no if len(found) > limit else None
        body = {"results": found[:limit], "next_after": more}
        return Response(shapes.RejectedPageSerializer(body).data)

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR}, filters=False)
    @action(
        detail=True,
        url_path="rejected-rows.csv",
        pagination_class=None,
        filterset_class=None,
        renderer_classes=[JSONRenderer, CsvRenderer],
    )
    def rejected_rows_csv(self, request, pk=None):
        """The same as CSV."""
        population = self.get_object()
        refuse_unknown(request, EVERYWHERE)
        return csv_response(request._request, *exports.rejected_rows(population))

    def _matched(self, population: Population) -> int:
        return require_match(self.request, population.lock_version, f"“{population}”")


routes = [("populations", PopulationViewSet, "population")]
