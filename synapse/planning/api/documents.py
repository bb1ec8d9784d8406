"""Documents over REST: uploaded, looked at, and taken into a plan."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from jobs import selectors as job_selectors
from jobs.serializers import JobSerializer
from synapse.common.api import accepted
from synapse.cycles.selectors import visible_cycle_reports
from synapse.planning import selectors, tasks
from synapse.planning.api import shapes
from synapse.planning.api.base import PlanningViewSet
from synapse.planning.api.previews import preview
from synapse.planning.errors import WrongDocument
from synapse.planning.filters import DocumentFilter
from synapse.planning.models import Document
from synapse.planning.services.flagging import apply_list
from synapse.planning.services.importing import Choices, import_dictionary
from synapse.planning.states import DocumentKind


class DocumentViewSet(PlanningViewSet):
    """Files as they were uploaded; they never change."""

    queryset = Document.objects.all()
    serializer_class = shapes.DocumentSerializer
    filterset_class = DocumentFilter

    def visible(self, queryset):
        return tasks.with_text_state(selectors.visible_documents(self.request.user))

    @extend_schema(
        request={"multipart/form-data": shapes.DocumentUploadSerializer},
        responses={201: shapes.DocumentSerializer, 202: shapes.DocumentSerializer},
    )
    def create(self, request):
        """Stores a file that can be read; the same file again gives the first one.

        202 for a PDF or Word file whose text is first taken out: `Location` is that job.
        """
        data = self.validated(shapes.DocumentUploadSerializer)
        reports = visible_cycle_reports(request.user)
        named = data.get("name_column")
        document, job = tasks.take_in(
            cycle_report=get_object_or_404(reports, pk=data["cycle_report"].pk),
            kind=data["kind"],
            name=data["file"].name,
            content=data["file"].read(),
            actor=request.user,
            mapping={"name": named} if named else None,
        )
        if job is None:
            return self.answer(document, 201)
        reply = self.answer(document, 202)
        for name in ("Location", "Retry-After"):
            reply[name] = accepted(request, job)[name]
        return reply

    @extend_schema(
        responses={
            200: shapes.PreviewSerializer,
            409: OpenApiResponse(None, "Its text isn't taken out yet, or couldn't be."),
            422: OpenApiResponse(None, "The file has no such sheet, schedule or heading."),
        },
        parameters=[shapes.PreviewQuerySerializer],
        filters=False,
    )
    @action(detail=True, pagination_class=None, filterset_class=None)
    def preview(self, request, pk=None):
        """How the file is understood and what taking it into a plan would change."""
        document = self.get_object()
        tasks.require_text(document)
        asked = shapes.PreviewQuerySerializer(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        sent = asked.validated_data
        plan = self.plan_numbered(sent["plan"]) if "plan" in sent else None
        named = sent["name_column"]
        choices = Choices(
            mapping={"name": named} if named else {},
            sheet=sent["sheet"],
            schedule=sent["schedule"],
        )
        return Response(shapes.PreviewSerializer(preview(document, plan, choices)).data)

    @extend_schema(
        request=shapes.ImportSerializer,
        responses={200: shapes.ImportResultSerializer, 202: JobSerializer},
    )
    @action(detail=True, methods=["post"], url_path="import")
    def take_over(self, request, pk=None):
        """Takes a dictionary or a list into the draft; all of it or nothing.

        A dictionary over 1 MB is imported as a job to follow.
        """
        document = self.get_object()
        data = self.validated(shapes.ImportSerializer)
        plan = self.plan_numbered(data["plan"])
        if document.kind == DocumentKind.SPECIFICATION:
            raise WrongDocument(
                file=document.name,
                found=document.get_kind_display(),
                needed="dictionary or list (a specification is drafted from: POST …/draft/)",
            )
        if document.kind == DocumentKind.DICTIONARY:
            choices = Choices(
                mapping=data.get("mapping") or {},
                sheet=data.get("sheet", ""),
                schedule=data.get("schedule", ""),
                keys=data.get("keys"),
            )
            asked = {"plan": plan, "document": document, "actor": request.user}
            if tasks.is_large(document):
                job = tasks.start_import(**asked, choices=choices)
                return accepted(request, job, job_selectors.snapshot)
            result = import_dictionary(**asked, choices=choices)
        else:
            meant = data.get("accept") or {}
            result = apply_list(plan=plan, document=document, actor=request.user, accepted=meant)
        return Response({"counts": result.counts})

    def get_parsers(self):
        """Files come as form data; everything else as JSON."""
        return super().get_parsers() if self.action_is_json() else [MultiPartParser()]

    def action_is_json(self) -> bool:
        return getattr(self, "action_map", {}).get("post") != "create"
