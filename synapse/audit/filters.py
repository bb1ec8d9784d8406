"""How the trail can be narrowed, the same in pages and API."""

import django_filters as filters
from django import forms

from synapse.audit.models import Entry
from synapse.common.filters import IdFilter


class EntryFilter(filters.FilterSet):
    action = filters.CharFilter(lookup_expr="istartswith", label="Action")
    actor = filters.CharFilter(
        field_name="actor__username", lookup_expr="iexact", label="User name"
    )
    object_type = filters.CharFilter(field_name="content_type__model", label="Kind of object")
    object_id = filters.CharFilter(label="Object's number")
    cycle_report = IdFilter(field_name="cycle_report_id", label="Cycle-report")
    request_id = filters.CharFilter(label="Request")
    since = filters.DateFilter(
        field_name="at",
        lookup_expr="date__gte",
        label="From",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    until = filters.DateFilter(
        field_name="at",
        lookup_expr="date__lte",
        label="To",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    class Meta:
        model = Entry
        fields: list[str] = []
