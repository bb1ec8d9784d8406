"""Profiles over REST: started, followed, read and taken away."""

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from jobs.selectors import snapshot
from jobs.serializers import JobSerializer
from synapse.common.api import ReadViewSet, accepted
from synapse.common.queries import EVERYWHERE, narrowed, refuse_unknown
from synapse.common.renderers import CsvRenderer
from synapse.common.streaming import csv_lines, csv_response
from synapse.cycles.selectors import visible_cycle_reports
from synapse.profiling import profile_exports as exports
from synapse.profiling.api import profile_shapes as shapes
from synapse.profiling.models import AttributeProfile, Population, Profile, RuleResult, RuleSet
from synapse.profiling.profile_filters import (
    AttributeProfileApiFilter,
    AttributeProfileFilter,
    ProfileFilter,
    ResultApiFilter,
    ResultFilter,
)
from synapse.profiling.selectors import failures
from synapse.profiling.selectors import profiles as selectors
from synapse.profiling.tasks.profiling import start_profile

UNFINISHED = {409: OpenApiResponse(description="The profile isn't finished, or a file is missing.")}
CSV = {(200, "text/csv"): OpenApiTypes.STR} | UNFINISHED
RULE = OpenApiParameter("rule", OpenApiTypes.STR, description="The rule_id of one rule.")


def csv_action(path: str, filterset=None):
    return action(
        detail=True,
        url_path=path,
        pagination_class=None,
        filterset_class=filterset,
        renderer_classes=[JSONRenderer, CsvRenderer],
    )


class ProfileViewSet(ReadViewSet):
    """Runs of approved rule sets over imported populations."""

    queryset = Profile.objects.all()
    serializer_class = shapes.ProfileSerializer
    filterset_class = ProfileFilter

    def visible(self, queryset):
        return selectors.visible_profiles(self.request.user)

    @extend_schema(request=shapes.ProfileStartSerializer, responses={202: JobSerializer})
    def create(self, request):
        """Starts a profile as a job; its `result_url` and subject lead to the profile."""
        data = self.validated(shapes.ProfileStartSerializer)
        mine = visible_cycle_reports(request.user).order_by().values("pk")
        rule_sets = RuleSet.objects.select_related("phase__cycle_report").filter(
            phase__cycle_report__in=mine
        )
        populations = Population.objects.filter(cycle_report__in=mine)
        job = start_profile(
            rule_set=get_object_or_404(rule_sets, pk=data["rule_set"]),
            population=get_object_or_404(populations, pk=data["population"]),
            actor=request.user,
        )
        return accepted(request, job, snapshot)

    @extend_schema(
        parameters=[shapes.FailureQuerySerializer],
        responses={200: shapes.FailurePageSerializer} | UNFINISHED,
        filters=False,
    )
    @action(detail=True, pagination_class=None, filterset_class=None)
    def failures(self, request, pk=None):
        """Failing records in the order of the file, of all rules or of one."""
        profile = self.get_object()
        asked = shapes.FailureQuerySerializer(data=request.query_params)
        refuse_unknown(request, EVERYWHERE | set(asked.fields))
        asked.is_valid(raise_exception=True)
        rule, after, limit = (asked.validated_data[name] for name in ("rule", "after", "limit"))
        found = failures.failures(profile, rule or None, after=after, limit=limit + 1)
        body = {"results": found[:limit], "next_after": None}
        if len(found) > limit:
            body["next_after"] = after + limit
        return Response(shapes.FailurePageSerializer(body).data)

    @extend_schema(parameters=[RULE], responses=CSV, filters=False)
    @csv_action("failures.csv")
    def failures_csv(self, request, pk=None):
        """All failing records as CSV, sent as they are read."""
        profile = self.get_object()
        refuse_unknown(request, EVERYWHERE | {"rule"})
        failures.require_finished(profile)
        rule = request.query_params.get("rule") or None
        rows = exports.failure_rows(failures.each_failure(profile, rule))
        return self._csv(profile, "failures", exports.FAILURES, rows)

    @extend_schema(responses=CSV)
    @csv_action("results.csv", ResultFilter)
    def results_csv(self, request, pk=None):
        """What each rule found as CSV, narrowed by the same filters as the list."""
        profile = get_object_or_404(self.get_queryset(), pk=pk)
        failures.require_finished(profile)
        rows = narrowed(ResultFilter, request, selectors.results_of(profile))
        found = exports.result_rows(list(rows.order_by("rule__position", "pk")))
        return self._csv(profile, "results", exports.RESULTS, found)

    @extend_schema(responses=CSV)
    @csv_action("attributes.csv", AttributeProfileFilter)
    def attributes_csv(self, request, pk=None):
        """How each column is spread as CSV, narrowed by the same filters as the list."""
        profile = get_object_or_404(self.get_queryset(), pk=pk)
        failures.require_finished(profile)
        columns = profile.attribute_profiles.select_related("attribute").order_by("position")
        rows = narrowed(AttributeProfileFilter, request, columns)
        return self._csv(profile, "columns", exports.ATTRIBUTES, exports.attribute_rows(list(rows)))

    def _csv(self, profile: Profile, what: str, headings, rows):
        name = f"profile-{profile.cycle_report_id}-{profile.number}-{what}.csv"
        return csv_response(self.request._request, name, csv_lines(headings, rows))


class RuleResultViewSet(ReadViewSet):
    """What each rule of a profile found; `?profile=` names one."""

    queryset = RuleResult.objects.all()
    serializer_class = shapes.RuleResultSerializer
    filterset_class = ResultApiFilter
    cursor_ordering = "id"

    def visible(self, queryset):
        return selectors.visible_results(self.request.user)


class AttributeProfileViewSet(ReadViewSet):
    """How the values of each column are spread; `?profile=` names one."""

    queryset = AttributeProfile.objects.all()
    serializer_class = shapes.AttributeProfileSerializer
    filterset_class = AttributeProfileApiFilter
    cursor_ordering = "id"

    def visible(self, queryset):
        return selectors.visible_attribute_profiles(self.request.user)


routes = [
    ("profiles", ProfileViewSet, "profile"),
    ("rule-results", RuleResultViewSet, "ruleresult"),
    ("attribute-profiles", AttributeProfileViewSet, "attributeprofile"),
]
