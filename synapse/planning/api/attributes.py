"""Attributes and their issues over REST, changed only by who has read them."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.reverse import reverse

from synapse.common.api import require_match
from synapse.common.schema import IF_MATCH
from synapse.planning import selectors
from synapse.planning.api import shapes
from synapse.planning.api.base import PlanningViewSet
from synapse.planning.filters import AttributeApiFilter
from synapse.planning.models import Attribute, HistoricalIssue
from synapse.planning.services import issues
from synapse.planning.services.editing import (
    add_attribute,
    delete_attribute,
    edit_attribute,
    stale,
)
from synapse.planning.services.settling import settle_attribute


class AttributeViewSet(PlanningViewSet):
    """The fields of plans."""

    queryset = Attribute.objects.all()
    serializer_class = shapes.AttributeSerializer
    filterset_class = AttributeApiFilter
    cursor_ordering = ("version_id", "position", "id")

    def visible(self, queryset):
        return selectors.visible_attributes(self.request.user)

    @extend_schema(
        request=shapes.AttributeCreateSerializer, responses={201: shapes.AttributeSerializer}
    )
    def create(self, request):
        data = self.validated(shapes.AttributeCreateSerializer)
        plan = self.plan_numbered(data.pop("plan"))
        return self.answer(add_attribute(plan=plan, actor=request.user, **data), 201)

    @extend_schema(
        request=shapes.AttributeWriteSerializer,
        responses=shapes.AttributeSerializer,
        parameters=[IF_MATCH],
    )
    def partial_update(self, request, pk=None):
        return self._edit(self.validated(shapes.AttributeWriteSerializer, partial=True))

    @extend_schema(
        request=shapes.FlagsSerializer,
        responses=shapes.AttributeSerializer,
        parameters=[IF_MATCH],
    )
    @action(detail=True, methods=["post"])
    def flags(self, request, pk=None):
        """Sets or takes the flags of a key and of a critical data element."""
        return self._edit(self.validated(shapes.FlagsSerializer))

    @extend_schema(
        request=shapes.SettleSerializer,
        responses=shapes.AttributeSerializer,
        parameters=[IF_MATCH],
    )
    @action(detail=True, methods=["post"])
    def settle(self, request, pk=None):
        """Settles an unsupported attribute by a passage that its document has, or by a note."""
        attribute = self.get_object()
        data = self.validated(shapes.SettleSerializer)
        version = self._matched(attribute)
        if "document" in data:
            documents = selectors.visible_documents(request.user)
            data["document"] = get_object_or_404(documents, pk=data["document"])
        return self.answer(
            settle_attribute(attribute=attribute, actor=request.user, lock_version=version, **data)
        )

    @extend_schema(responses={204: None}, parameters=[IF_MATCH])
    def destroy(self, request, pk=None):
        attribute = self.get_object()
        version = self._matched(attribute)
        delete_attribute(attribute=attribute, actor=request.user, lock_version=version)
        return Response(status=204)

    @extend_schema(request=shapes.IssueWriteSerializer, responses={201: shapes.IssueSerializer})
    @action(detail=True, methods=["post"])
    def issues(self, request, pk=None):
        """Notes a historical issue."""
        data = self.validated(shapes.IssueWriteSerializer)
        issue = issues.add_issue(attribute=self.get_object(), actor=request.user, **data)
        location = reverse("api:issue-detail", args=[issue.pk], request=request)
        return Response(shapes.IssueSerializer(issue).data, 201, headers={"Location": location})

    def _edit(self, data: dict):
        attribute = self.get_object()
        version = self._matched(attribute)
        return self.answer(
            edit_attribute(
                attribute=attribute, actor=self.request.user, lock_version=version, **data
            )
        )

    def _matched(self, attribute: Attribute) -> int:
        """The version the client read; a stale one is told who changed what."""
        sent = self.request.headers.get("If-Match", "").strip()
        if sent and sent != "*" and f'"{attribute.lock_version}"' not in sent:
            raise stale(attribute)
        return require_match(self.request, attribute.lock_version, f"“{attribute}”")


class IssueViewSet(PlanningViewSet):
    """Historical issues of attributes."""

    queryset = HistoricalIssue.objects.all()
    serializer_class = shapes.IssueSerializer

    def visible(self, queryset):
        return selectors.visible_issues(self.request.user)

    @extend_schema(request=shapes.IssueStatusSerializer, responses=shapes.IssueSerializer)
    def partial_update(self, request, pk=None):
        """Opens or closes the issue."""
        data = self.validated(shapes.IssueStatusSerializer)
        issue = self.get_object()
        return self.answer(issues.set_issue_status(issue=issue, actor=request.user, **data))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk=None):
        issues.delete_issue(issue=self.get_object(), actor=request.user)
        return Response(status=204)
