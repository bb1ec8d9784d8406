"""Populations in the admin: everything to see, nothing to change behind the services' back."""

from django.contrib import admin

from synapse.common.admin import ReadOnlyAdmin
from synapse.profiling.models import Population, PopulationPart, RejectedRow, UploadPart


@admin.register(Population)
class PopulationAdmin(ReadOnlyAdmin):
    list_display = [
        "name", "cycle_report", "state", "row_count", "rejected_count", "uploaded_by",
        "uploaded_at", "imported_at",
    ]  # fmt: skip
    list_select_related = ["cycle_report__report", "cycle_report__cycle", "uploaded_by"]
    search_fields = ["name", "sha256", "content_sha256"]


@admin.register(PopulationPart)
class PopulationPartAdmin(ReadOnlyAdmin):
    list_display = ["key", "population", "row_count", "rejected_count"]
    list_select_related = ["population"]


@admin.register(UploadPart)
class UploadPartAdmin(ReadOnlyAdmin):
    list_display = ["number", "population", "size", "sha256"]
    list_select_related = ["population"]


@admin.register(RejectedRow)
class RejectedRowAdmin(ReadOnlyAdmin):
    list_display = ["record_no", "line_no", "code", "reason", "population"]
    list_filter = ["code"]
    list_select_related = ["population"]
    show_full_result_count = False
