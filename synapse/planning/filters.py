"""How plans, attributes and documents can be narrowed, the same in pages, exports and API."""

import django_filters as filters
from django.db.models import Q

from synapse.common.filters import IdFilter, YesNo
from synapse.common.versions import VersionStatus
from synapse.planning.models import Attribute, Document, Plan
from synapse.planning.states import (
    DataType,
    DictionaryMatch,
    DocumentKind,
    Requirement,
    Source,
    Support,
)


class PlanFilter(filters.FilterSet):
    cycle_report = IdFilter(field_name="phase__cycle_report_id", label="Cycle-report")
    status = filters.ChoiceFilter(choices=VersionStatus.choices, label="Status")

    class Meta:
        model = Plan
        fields: list[str] = []


class AttributeFilter(filters.FilterSet):
    search = filters.CharFilter(method="by_text", label="Search")
    data_type = filters.ChoiceFilter(choices=DataType.choices, label="Type")
    requirement = filters.ChoiceFilter(choices=Requirement.choices, label="Requirement")
    is_key = YesNo(label="Key")
    is_cde = YesNo(label="CDE")
    has_open_issue = YesNo(label="Open issue")
    source = filters.ChoiceFilter(choices=Source.choices, label="Source")
    support = filters.ChoiceFilter(choices=Support.choices, label="Support")
    unknown = YesNo(method="by_unknown", label="Not in the dictionary")
    untyped = YesNo(method="by_untyped", label="Without a type")
    remarks = YesNo(method="by_remarks", label="With remarks")

    class Meta:
        model = Attribute
        fields: list[str] = []

    def by_text(self, queryset, name, value):
        return queryset.filter(
            Q(name__icontains=value)
            | Q(technical_name__icontains=value)
            | Q(item_code__icontains=value)
            | Q(line__iexact=value)
            | Q(description__icontains=value)
        )

    def by_unknown(self, queryset, name, value):
        unknown = Q(dictionary_match__in=[DictionaryMatch.ABSENT, DictionaryMatch.ALIKE])
        return queryset.filter(unknown) if value else queryset.exclude(unknown)

    def by_untyped(self, queryset, name, value):
        return queryset.filter(data_type="") if value else queryset.exclude(data_type="")

    def by_remarks(self, queryset, name, value):
        return queryset.exclude(remark="") if value else queryset.filter(remark="")


class AttributeApiFilter(AttributeFilter):
    plan = IdFilter(field_name="version_id", label="Plan")


class DocumentFilter(filters.FilterSet):
    cycle_report = IdFilter(field_name="cycle_report_id", label="Cycle-report")
    kind = filters.ChoiceFilter(choices=DocumentKind.choices, label="Kind")

    class Meta:
        model = Document
        fields: list[str] = []
