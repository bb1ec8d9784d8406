"""What the list of samples can be narrowed to; all of it lives in the address."""

import django_filters
from django import forms
from django.db.models import Q

from synapse.sampling.models import Sample
from synapse.sampling.states import Category, Decision, Selection
from synapse.scoping.filters import ticked


class SampleFilter(django_filters.FilterSet):
    """Filters of pages, exports, bulk decisions and the API alike."""

    q = django_filters.CharFilter(
        method="search",
        label="Filter samples",
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": "Key, record or reason", "data-filter": True}
        ),
    )
    attribute = django_filters.CharFilter(
        method="of_attribute",
        label="reason in",
        widget=forms.TextInput(attrs={"placeholder": "attribute"}),
    )
    undecided = ticked("decision", Q(decision__isnull=True), "undecided")
    anomaly = ticked("category", Q(category=Category.ANOMALY), "anomaly")
    boundary = ticked("category", Q(category=Category.BOUNDARY), "boundary")
    clean = ticked("category", Q(category=Category.CLEAN), "clean")
    random = ticked("selection", Q(selection=Selection.RANDOM), "at random")
    manual = ticked("selection", Q(selection=Selection.MANUAL), "by hand")
    included = ticked("decision", Q(decision=Decision.APPROVED), "in")
    excluded = ticked("decision", Q(decision=Decision.REJECTED), "out")

    class Meta:
        model = Sample
        fields: list[str] = []

    def search(self, queryset, _name, value):
        text = value.strip()
        found = Q(key__icontains=text) | Q(rationale__icontains=text)
        if text.isascii() and text.isdecimal() and len(text) < 19:
            found |= Q(record_no=int(text))
        return queryset.filter(found)

    def of_attribute(self, queryset, _name, value):
        return queryset.filter(reasons__contains=[{"attribute": value.strip()}])

    def chips(self, address: str) -> list[dict]:
        """The filters that are on or off, each as a link that turns it, the rest kept."""
        query = self.request.GET.copy()
        for fleeting in ("page", "sample"):
            query.pop(fleeting, None)
        found = []
        for name, filter_ in self.filters.items():
            if not isinstance(filter_, django_filters.BooleanFilter):
                continue
            turned = query.copy()
            on = bool(turned.pop(name, None))
            if not on:
                turned[name] = "on"
            url = f"{address}?{turned.urlencode()}" if turned else address
            found.append({"name": name, "label": filter_.label, "url": url, "on": on})
        return found
