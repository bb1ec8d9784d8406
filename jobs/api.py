"""REST: follow jobs, cancel them, run them again."""

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.module_loading import import_string
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.reverse import reverse

from jobs import conf, control, selectors
from jobs.models import Job, JobItem
from jobs.serializers import JobItemSerializer, JobRetrySerializer, JobSerializer
from jobs.states import Status

RETRY_AFTER_SECONDS = 2
LONGEST_RETRY_AFTER_SECONDS = 60
# The project's view: its errors, Idempotency-Key and whatever else all its API does alike.
BaseViewSet = import_string(conf.API_VIEW)
ETAG = OpenApiParameter("ETag", str, OpenApiParameter.HEADER, response=[200, 304])
RETRY_AFTER = OpenApiParameter(
    "Retry-After", int, OpenApiParameter.HEADER, response=[200], description="While it lives."
)
FOLLOW = [
    OpenApiParameter("Location", str, OpenApiParameter.HEADER, response=[202]),
    OpenApiParameter("Retry-After", int, OpenApiParameter.HEADER, response=[202]),
]
IF_NONE_MATCH = OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER)


class JobPages(BaseViewSet.pagination_class or CursorPagination):
    ordering = "-id"


class ItemPages(JobPages):
    ordering = "id"


class JobFilter(filters.FilterSet):
    status = filters.MultipleChoiceFilter(choices=Status.choices)
    task = filters.CharFilter(max_length=100)
    mine = filters.BooleanFilter(method="only_mine", label="Only jobs you started")

    class Meta:
        model = Job
        fields = ["status", "task", "mine"]

    def only_mine(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        return queryset.filter(owner=self.request.user) if value else queryset


class ItemFilter(filters.FilterSet):
    status = filters.MultipleChoiceFilter(choices=JobItem.Status.choices)

    class Meta:
        model = JobItem
        fields = ["status"]


class JobViewSet(mixins.ListModelMixin, BaseViewSet):
    """Jobs: your own, and all of them for staff. Others whose task lets you watch it by its id."""

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

    def controlled_job(self, pk: str) -> Job:
        job = self.watched_job(pk)
        if not selectors.may_control(self.request.user, job):
            raise PermissionDenied("Only its owner and staff may cancel or retry a job.")
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
        operation_id="jobs_cancel",
        request=None,
        parameters=FOLLOW,
        responses={202: JobSerializer},
    )
    @action(detail=True, methods=["post"])
    def cancel(self, request, pk: str):
        """Ask for the end: at once where it isn't running, else after what is in hand."""
        return accepted(request, control.cancel(self.controlled_job(pk), actor=request.user))

    @extend_schema(
        operation_id="jobs_retry",
        request=JobRetrySerializer,
        parameters=FOLLOW,
        responses={202: JobSerializer},
    )
    @action(detail=True, methods=["post"])
    def retry(self, request, pk: str):
        """Queue it again; what its items have done stays done."""
        job = self.controlled_job(pk)
        wanted = JobRetrySerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        again = control.retry_failed if wanted.validated_data["only_failed"] else control.retry
        return accepted(request, again(job, actor=request.user))

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
        pagination_class=ItemPages,
        filterset_class=ItemFilter,
        serializer_class=JobItemSerializer,
    )
    def items(self, request, pk: str):
        """The pieces of its work, each with its own error."""
        items = self.filter_queryset(self.watched_job(pk).items.order_by("id"))
        page = self.paginate_queryset(items)
        return self.get_paginated_response(JobItemSerializer(page, many=True).data)


def retry_after(job: Job) -> str:
    """Seconds until a look is worth it: soon, or when a waiting job goes on."""
    if job.run_after is None:
        return str(RETRY_AFTER_SECONDS)
    seconds = int((job.run_after - timezone.now()).total_seconds()) + 1
    return str(min(max(seconds, RETRY_AFTER_SECONDS), LONGEST_RETRY_AFTER_SECONDS))


def accepted(request, job: Job) -> Response:
    """202: what was asked will happen; Location tells where to follow it."""
    location = reverse("api:job-detail", args=[job.pk], request=request)
    headers = {"Location": location, "Retry-After": retry_after(job)}
    return Response(JobSerializer(job).data, status=202, headers=headers)


routes = [("jobs", JobViewSet, "job")]
