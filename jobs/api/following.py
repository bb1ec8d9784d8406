"""Jobs to read: one's own, what became of their items, and what happened to them."""

from django.http import Http404
from django.utils import timezone
from django.utils.module_loading import import_string
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from jobs import conf, selectors
from jobs.api.filters import ItemFilter, JobFilter
from jobs.models import Job, JobItem
from jobs.serializers import JobEventSerializer, JobItemSerializer, JobSerializer

RETRY_AFTER_SECONDS = 2
LONGEST_RETRY_AFTER_SECONDS = 60
# The project's view: its errors, Idempotency-Key and whatever else all its API does alike.
BaseViewSet = import_string(conf.API_VIEW)
ETAG = OpenApiParameter("ETag", str, OpenApiParameter.HEADER, response=[200, 304])
RETRY_AFTER = OpenApiParameter(
    "Retry-After", int, OpenApiParameter.HEADER, response=[200], description="While it lives."
)
IF_NONE_MATCH = OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER)


class JobPages(BaseViewSet.pagination_class or CursorPagination):
    ordering = "-id"


class PartPages(JobPages):
    ordering = "id"


class JobReadViewSet(mixins.ListModelMixin, BaseViewSet):
    """What one may watch; the rest is unknown."""

    queryset = Job.objects.none()
    serializer_class = JobSerializer
    permission_classes = [IsAuthenticated]
    pagination_class = JobPages
    filterset_class = JobFilter
    lookup_value_converter = "int"

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Job.objects.none()
        return selectors.visible_jobs(self.request.user)

    def watched_job(self, pk: str) -> Job:
        """The job, or 404: whoever may not watch it isn't told that it exists."""
        job = selectors.jobs_for_snapshot().filter(pk=pk).first()
        if job is None or not selectors.may_watch(self.request.user, job):
            raise Http404
        return job

    @extend_schema(operation_id="jobs_list", responses={200: JobSerializer})
    def list(self, request, *args, **kwargs):
        return super().list(request, *args, **kwargs)

    @extend_schema(
        operation_id="jobs_retrieve",
        parameters=[ETAG, RETRY_AFTER, IF_NONE_MATCH],
        responses={
            200: JobSerializer,
            304: OpenApiResponse(None, "Still the version named by If-None-Match."),
        },
    )
    def retrieve(self, request, pk: str):
        job = self.watched_job(pk)
        headers = {"ETag": f'"{job.version}"'}
        if job.is_live:
            headers["Retry-After"] = retry_after(job)
        if headers["ETag"] in request.headers.get("If-None-Match", ""):
            return Response(status=304, headers=headers)
        return Response(JobSerializer(job).data, headers=headers)

    @extend_schema(
        operation_id="jobs_items",
        filters=False,
        parameters=[
            OpenApiParameter("status", str, enum=JobItem.Status.values, many=True),
        ],
        responses={200: JobItemSerializer(many=True)},
    )
    @action(
        detail=True,
        pagination_class=PartPages,
        filterset_class=ItemFilter,
        serializer_class=JobItemSerializer,
    )
    def items(self, request, pk: str):
        """The pieces of its work, each with its own error."""
        items = self.filter_queryset(self.watched_job(pk).items.order_by("id"))
        page = self.paginate_queryset(items)
        return self.get_paginated_response(JobItemSerializer(page, many=True).data)

    @extend_schema(
        operation_id="jobs_events",
        filters=False,
        responses={200: JobEventSerializer(many=True)},
    )
    @action(
        detail=True,
        pagination_class=PartPages,
        filterset_class=None,
        serializer_class=JobEventSerializer,
    )
    def events(self, request, pk: str):
        """What happened to it, oldest first: who, when, from where to where, why."""
        events = self.watched_job(pk).events.select_related("actor").order_by("id")
        page = self.paginate_queryset(events)
        return self.get_paginated_response(JobEventSerializer(page, many=True).data)


def retry_after(job: Job) -> str:
    """Seconds until a look is worth it: soon, or when a waiting job goes on."""
    if job.run_after is None:
        return str(RETRY_AFTER_SECONDS)
    seconds = int((job.run_after - timezone.now()).total_seconds()) + 1
    return str(min(max(seconds, RETRY_AFTER_SECONDS), LONGEST_RETRY_AFTER_SECONDS))
