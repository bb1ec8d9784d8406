"""What the list of attributes can be narrowed to; all of it lives in the address."""

import django_filters
from django import forms
from django.db.models import Q

from synapse.scoping.models import ScopeItem

REASON_DUE = Q(reason="", attribute__is_key=False) & (
    Q(unsupported=True) | Q(is_override=True) | Q(in_scope=False, attribute__is_cde=True)
)
TICK = forms.CheckboxInput


def ticked(field: str, condition: Q, label: str, noun: str = "") -> django_filters.BooleanFilter:
    """A filter that does something only when it is on."""

    def narrow(queryset, _name, value):
        return queryset.filter(condition) if value else queryset

    return django_filters.BooleanFilter(
        field_name=field, method=narrow, label=label, widget=TICK, help_text=noun
    )


class ScopeItemFilter(django_filters.FilterSet):
    """Filters of pages, exports, bulk decisions and the API alike."""

    q = django_filters.CharFilter(
        method="search",
        label="Filter attributes",
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": "Filter attributes", "data-filter": True}
        ),
    )
    undecided = ticked("in_scope", Q(in_scope__isnull=True, attribute__is_key=False), "undecided")
    cde = ticked("attribute__is_cde", Q(attribute__is_cde=True), "CDE")
    issue = ticked("attribute__has_open_issue", Q(attribute__has_open_issue=True), "issue")
    key = ticked("attribute__is_key", Q(attribute__is_key=True), "key")
    included = ticked("in_scope", Q(in_scope=True) & Q(attribute__is_key=False), "in scope")
    overridden = ticked("is_override", Q(is_override=True), "overridden")
    unsupported = ticked("unsupported", Q(unsupported=True), "unsupported")
    reason_due = ticked("reason", REASON_DUE, "reason due")
    failed = ticked("failure", ~Q(failure=""), "failed")
    min_score = django_filters.NumberFilter(
        field_name="score",
        lookup_expr="gte",
        label="score from",
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(attrs={"min": 0, "max": 100}),
    )

    class Meta:
        model = ScopeItem
        fields: list[str] = []

    def search(self, queryset, _name, value):
        text = value.strip()
        found = Q()
        for column in ("name", "technical_name", "item_code"):
            found |= Q(**{f"attribute__{column}__icontains": text})
        return queryset.filter(found | Q(attribute__line__iexact=text))

    def chips(self, address: str) -> list[dict]:
        """The filters that are on or off, each as a link that turns it, the rest kept."""
        query = self.request.GET.copy()
        for fleeting in ("page", "item"):
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
