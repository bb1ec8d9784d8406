"""Filters of the API's lists, in the words of the page's."""

from functools import reduce
from operator import or_

from django.db.models import QuerySet
from django_filters import rest_framework as filters

from jobs import listing
from jobs.models import Job, JobItem


class JobFilter(filters.FilterSet):
    status = filters.MultipleChoiceFilter(choices=listing.STATES, method="of_kinds")
    task = filters.CharFilter(max_length=100, method="fit")
    queue = filters.CharFilter(max_length=32, method="fit")
    owner = filters.CharFilter(max_length=150, method="fit", label="Name of who started it")
    search = filters.CharFilter(
        max_length=100, method="fit", label="Number, or words of title, subject or task"
    )
    created_from = filters.DateFilter(method="fit", label="First day")
    created_to = filters.DateFilter(method="fit", label="Last day")
    mine = filters.BooleanFilter(method="only_mine", label="Only jobs you started")

    class Meta:
        model = Job
        fields = [
            "status", "task", "queue", "owner", "search", "created_from", "created_to", "mine",
        ]  # fmt: skip

    def fit(self, queryset: QuerySet, name: str, value) -> QuerySet:
        return listing.narrowed(queryset, **{name: value})

    def of_kinds(self, queryset: QuerySet, name: str, value: list[str]) -> QuerySet:
        kinds = [listing.of_kind(each) for each in value]
        return queryset.filter(reduce(or_, kinds)) if kinds else queryset

    def only_mine(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        return queryset.filter(owner=self.request.user) if value else queryset


class ItemFilter(filters.FilterSet):
    status = filters.MultipleChoiceFilter(choices=JobItem.Status.choices)

    class Meta:
        model = JobItem
        fields = ["status"]
