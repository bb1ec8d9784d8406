"""What every API module builds on: base views, errors, preconditions, accepted jobs."""

from django.urls import reverse
from rest_framework import mixins, viewsets
from rest_framework.response import Response
from rest_framework.views import APIView

from synapse.common.idempotency import IdempotentMixin
from synapse.common.pagination import CursorPages
from synapse.common.preconditions import etag, require_match
from synapse.common.problems import ProblemSerializer, exception_handler, problem_response

__all__ = [
    "ApiView",
    "ApiViewSet",
    "CursorPages",
    "ProblemSerializer",
    "ReadViewSet",
    "accepted",
    "etag",
    "exception_handler",
    "problem_response",
    "require_match",
    "versioned",
]

RETRY_AFTER_SECONDS = 2


class ApiView(IdempotentMixin, APIView):
    """One resource or command."""


class ApiViewSet(IdempotentMixin, viewsets.GenericViewSet):
    """Commands are actions that validate, call one service and answer."""

    pagination_class = CursorPages
    lookup_value_converter = "int"

    def get_queryset(self):
        # drf-spectacular asks without a user; no one sees nothing.
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset().none()
        return self.visible(super().get_queryset())

    def visible(self, queryset):
        """The rows this user may see; others answer 404."""
        return queryset

    def validated(self, shape, **options) -> dict:
        """The body in this shape; else 400, naming each thing to mend."""
        serializer = shape(data=self.request.data, context=self.get_serializer_context(), **options)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)


class ReadViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ApiViewSet):
    """List and detail; a detail whose object has a `lock_version` carries its ETag."""

    def retrieve(self, request, *args, **kwargs):
        instance = self.get_object()
        return versioned(instance, self.get_serializer(instance).data)

    def answer(self, instance, code: int = 200) -> Response:
        """What was written, read back as this user sees it."""
        headers = {}
        if code == 201:
            headers["Location"] = self.reverse_action("detail", args=[instance.pk])
        instance = self.get_queryset().get(pk=instance.pk)
        return versioned(instance, self.get_serializer(instance).data, code, headers)


def versioned(instance, data, status: int = 200, headers: dict | None = None) -> Response:
    """An object's representation with the ETag that If-Match must name to change it."""
    headers = dict(headers or {})
    if hasattr(instance, "lock_version"):
        headers["ETag"] = etag(instance.lock_version)
    return Response(data, status=status, headers=headers)


def accepted(request, job, snapshot=None) -> Response:
    """202: the job was queued; Location tells where to follow it.

    `snapshot` is the job's representation when the caller has it (`jobs.selectors.snapshot`).
    """
    location = request.build_absolute_uri(reverse("api:job-detail", args=[job.pk]))
    body = snapshot(job) if callable(snapshot) else snapshot
    return Response(
        body if body is not None else {"id": job.pk, "status": job.status},
        status=202,
        headers={"Location": location, "Retry-After": str(RETRY_AFTER_SECONDS)},
    )
