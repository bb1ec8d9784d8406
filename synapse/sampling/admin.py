"""Staff see every sample set and sample; nothing is changed behind the services' back."""

from django.contrib import admin

from synapse.common.admin import ReadOnlyAdmin
from synapse.sampling.models import Sample, SampleSet


@admin.register(SampleSet)
class SampleSetAdmin(ReadOnlyAdmin):
    list_display = [
        "id",
        "phase",
        "number",
        "status",
        "population",
        "scope",
        "method",
        "size",
        "seed",
        "drawn_at",
        "created_by",
        "decided_by",
    ]
    list_filter = ["status", "method"]
    list_select_related = [
        "phase__cycle_report__report",
        "phase__cycle_report__cycle",
        "population",
        "scope",
        "created_by",
        "decided_by",
    ]
    search_fields = ["phase__cycle_report__report__name", "phase__cycle_report__cycle__name"]
    show_full_result_count = False


@admin.register(Sample)
class SampleAdmin(ReadOnlyAdmin):
    list_display = [
        "id",
        "record_no",
        "key",
        "version",
        "category",
        "selection",
        "source",
        "risk_score",
        "decision",
        "decided_by",
    ]
    list_filter = ["category", "selection", "source", "decision"]
    list_select_related = ["version", "decided_by"]
    search_fields = ["key", "=record_no", "=version__id"]
    show_full_result_count = False
