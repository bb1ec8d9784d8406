"""How rule sets and rules can be narrowed, the same in pages, exports and API."""

import django_filters as filters
from django import forms
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from synapse.common.filters import IdFilter, YesNo
from synapse.common.versions import VersionStatus
from synapse.profiling.models import Rule, RuleSet
from synapse.profiling.rule_states import RuleKind, RuleSource, Severity


class RuleSetFilter(filters.FilterSet):
    cycle_report = IdFilter(field_name="phase__cycle_report_id", label="Cycle-report")
    status = filters.ChoiceFilter(choices=VersionStatus.choices, label="Status")

    class Meta:
        model = RuleSet
        fields: list[str] = []


class RuleFilter(filters.FilterSet):
    search = filters.CharFilter(
        method="by_text", label="Search", widget=forms.TextInput({"type": "search"})
    )
    enabled = YesNo(label="Switched on")
    kind = filters.ChoiceFilter(choices=RuleKind.choices, label="Kind")
    severity = filters.ChoiceFilter(choices=Severity.choices, label="Severity")
    source = filters.ChoiceFilter(choices=RuleSource.choices, label="Source")
    needs_condition = YesNo(label="Needs a condition")
    is_inferred = YesNo(label="Inferred")

    class Meta:
        model = Rule
        fields: list[str] = []

    def by_text(self, queryset, name, value):
        return queryset.annotate(columns=Cast("attributes", TextField())).filter(
            Q(rule_id__icontains=value)
            | Q(description__icontains=value)
            | Q(remark__icontains=value)
            | Q(columns__icontains=value)
        )


class RuleApiFilter(RuleFilter):
    """The filters of the page, and the rule set."""

    rule_set = IdFilter(field_name="version_id", label="Rule set")
