"""How profiles and what they found can be narrowed, the same in pages, exports and API."""

import django_filters as filters
from django.db import models
from django.db.models import Q

from synapse.common.filters import IdFilter, YesNo
from synapse.profiling.models import AttributeProfile, Profile, RuleResult
from synapse.profiling.profile_states import ResultStatus
from synapse.profiling.rule_states import RuleKind, RuleSource, Severity


class Outcome(models.TextChoices):
    FAILING = "failing", "records fail"
    CLEAN = "clean", "nothing fails"
    UNREADABLE = "unreadable", "values can't be read"
    IDLE = "idle", "nothing to check"
    BROKEN = "broken", "could not be run"


OUTCOMES = {
    Outcome.FAILING: Q(failed__gt=0),
    Outcome.CLEAN: Q(failed=0, checked__gt=0, error=0),
    Outcome.UNREADABLE: Q(error__gt=0, status=ResultStatus.RUN),
    Outcome.IDLE: Q(checked=0, status=ResultStatus.RUN),
    Outcome.BROKEN: Q(status=ResultStatus.ERROR),
}


class ProfileFilter(filters.FilterSet):
    cycle_report = IdFilter(label="Cycle-report")
    rule_set = IdFilter(label="Rule set")
    population = IdFilter(label="Population")
    finished = YesNo(field_name="finished_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Profile
        fields: list[str] = []


class ResultFilter(filters.FilterSet):
    search = filters.CharFilter(method="by_text", label="Search")
    outcome = filters.ChoiceFilter(choices=Outcome.choices, method="by_outcome", label="Outcome")
    kind = filters.ChoiceFilter(field_name="rule__kind", choices=RuleKind.choices, label="Kind")
    severity = filters.ChoiceFilter(
        field_name="rule__severity", choices=Severity.choices, label="Severity"
    )
    source = filters.ChoiceFilter(
        field_name="rule__source", choices=RuleSource.choices, label="Source"
    )

    class Meta:
        model = RuleResult
        fields: list[str] = []

    def by_text(self, queryset, name, value):
        return queryset.filter(
            Q(rule__rule_id__icontains=value)
            | Q(rule__description__icontains=value)
            | Q(rule__attributes__icontains=value)
        )

    def by_outcome(self, queryset, name, value):
        return queryset.filter(OUTCOMES[value])


class ResultApiFilter(ResultFilter):
    profile = IdFilter(label="Profile")
    rule = IdFilter(label="Rule")


class AttributeProfileFilter(filters.FilterSet):
    search = filters.CharFilter(method="by_text", label="Search")
    blanks = YesNo(field_name="blank", method="by_count", label="Has blanks")
    unreadable = YesNo(field_name="unreadable", method="by_count", label="Has unreadable values")
    judged = YesNo(field_name="quality", lookup_expr="isnull", exclude=True, label="Has quality")
    planned = YesNo(field_name="attribute", lookup_expr="isnull", exclude=True, label="In the plan")

    class Meta:
        model = AttributeProfile
        fields: list[str] = []

    def by_text(self, queryset, name, value):
        return queryset.filter(
            Q(column__icontains=value)
            | Q(attribute__name__icontains=value)
            | Q(attribute__item_code__icontains=value)
        )

    def by_count(self, queryset, name, value):
        some = Q(**{f"{name}__gt": 0})
        return queryset.filter(some) if value else queryset.exclude(some)


class AttributeProfileApiFilter(AttributeProfileFilter):
    profile = IdFilter(label="Profile")
    attribute = IdFilter(label="Attribute")
