"""Single rules over REST, changed only by who has read them."""

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from synapse.common.api import ReadViewSet, require_match
from synapse.common.schema import IF_MATCH
from synapse.profiling import rulebook
from synapse.profiling.api import rule_shapes as shapes
from synapse.profiling.models import Rule
from synapse.profiling.rule_columns import columns_for
from synapse.profiling.rule_filters import RuleApiFilter
from synapse.profiling.selectors import rule_sets as selectors
from synapse.profiling.services import rule_editing


class RuleViewSet(ReadViewSet):
    """The rules of rule sets; `?rule_set=` names one."""

    queryset = Rule.objects.all()
    serializer_class = shapes.RuleSerializer
    filterset_class = RuleApiFilter
    cursor_ordering = ("version_id", "position", "id")

    def visible(self, queryset):
        return selectors.visible_rules(self.request.user)

    @extend_schema(request=shapes.RuleCreateSerializer, responses={201: shapes.RuleSerializer})
    def create(self, request):
        """Adds a rule written by hand to a draft."""
        data = self.validated(shapes.RuleCreateSerializer)
        rule_sets = selectors.visible_rule_sets(request.user)
        rule_set = get_object_or_404(rule_sets, pk=data.pop("rule_set"))
        rule = rule_editing.add_rule(rule_set=rule_set, actor=request.user, **data)
        return self.answer(rule, 201)

    @extend_schema(
        request=shapes.RuleWriteSerializer,
        responses=shapes.RuleSerializer,
        parameters=[IF_MATCH],
    )
    def partial_update(self, request, pk=None):
        """Changes a rule of a draft; If-Match names what was read."""
        rule = self.get_object()
        read = require_match(request, rule.lock_version, f"Rule “{rule}”")
        data = self.validated(shapes.RuleWriteSerializer, partial=True)
        return self.answer(
            rule_editing.edit_rule(rule=rule, actor=request.user, lock_version=read, **data)
        )

    @extend_schema(responses={204: None}, parameters=[IF_MATCH])
    def destroy(self, request, pk=None):
        rule = self.get_object()
        read = require_match(request, rule.lock_version, f"Rule “{rule}”")
        rule_editing.delete_rule(rule=rule, actor=request.user, lock_version=read)
        return Response(status=204)

    @extend_schema(
        responses={
            200: shapes.SqlSerializer,
            422: OpenApiResponse(None, "The rule doesn't fit the columns; the errors say where."),
        },
        filters=False,
    )
    @action(detail=True, pagination_class=None, filterset_class=None)
    def sql(self, request, pk=None):
        """The rule as a sentence, and the query that finds its failures."""
        rule = self.get_object()
        made = rule.as_rule()
        columns = columns_for(rule.version)
        rulebook.check(made, columns)
        return Response({"sentence": rulebook.sentence(made), "sql": rulebook.sql(made, columns)})

    @extend_schema(responses=OpenApiTypes.OBJECT, filters=False)
    @action(detail=False, url_path="schema", pagination_class=None, filterset_class=None)
    def rule_schema(self, request):
        """The JSON schema of a rule."""
        return Response(rulebook.rule_schema())
