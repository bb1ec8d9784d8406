"""Planning in the admin: everything to see, nothing to change behind the services' back."""

from django.contrib import admin

from synapse.common.admin import ReadOnlyAdmin
from synapse.planning.models import (
    Attribute,
    Document,
    HistoricalIssue,
    Plan,
    RejectedDraft,
    TakenText,
)


@admin.register(Plan)
class PlanAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "phase", "status", "created_by", "submitted_by", "decided_by"]
    list_filter = ["status"]
    list_select_related = [
        "phase__cycle_report__report",
        "phase__cycle_report__cycle",
        "created_by",
        "submitted_by",
        "decided_by",
    ]


@admin.register(Attribute)
class AttributeAdmin(ReadOnlyAdmin):
    list_display = ["name", "line", "version", "data_type", "requirement", "is_key", "is_cde"]
    list_filter = [
        "data_type", "requirement", "is_key", "is_cde", "has_open_issue", "source", "support",
    ]  # fmt: skip
    list_select_related = ["version"]
    search_fields = ["name", "technical_name", "item_code"]
    show_full_result_count = False


@admin.register(HistoricalIssue)
class HistoricalIssueAdmin(ReadOnlyAdmin):
    list_display = ["issue_id", "attribute", "status", "severity"]
    list_filter = ["status"]
    list_select_related = ["attribute"]
    search_fields = ["issue_id", "description"]


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    list_display = ["name", "kind", "cycle_report", "size", "uploaded_by", "uploaded_at"]
    list_filter = ["kind"]
    list_select_related = ["cycle_report__report", "cycle_report__cycle", "uploaded_by"]
    search_fields = ["name", "sha256"]


@admin.register(RejectedDraft)
class RejectedDraftAdmin(ReadOnlyAdmin):
    list_display = ["name", "reason", "version", "document", "created_at"]
    list_select_related = ["version", "document"]
    search_fields = ["name", "reason"]


@admin.register(TakenText)
class TakenTextAdmin(ReadOnlyAdmin):
    list_display = ["document", "pages", "hidden", "taken_at"]
    fields = ["document", "pages", "hidden", "taken_at"]
    list_select_related = ["document"]
    search_fields = ["document__name"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("text")
