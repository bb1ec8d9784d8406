"""Staff see every scope and item; nothing is changed behind the services' back."""

from django.contrib import admin

from synapse.common.admin import ReadOnlyAdmin
from synapse.scoping.models import Scope, ScopeItem


@admin.register(Scope)
class ScopeAdmin(ReadOnlyAdmin):
    list_display = ["id", "phase", "number", "status", "plan", "created_by", "decided_by"]
    list_filter = ["status"]
    list_select_related = [
        "phase__cycle_report__report",
        "phase__cycle_report__cycle",
        "plan",
        "created_by",
        "decided_by",
    ]
    search_fields = ["phase__cycle_report__report__name", "phase__cycle_report__cycle__name"]
    show_full_result_count = False


@admin.register(ScopeItem)
class ScopeItemAdmin(ReadOnlyAdmin):
    list_display = [
        "id",
        "attribute",
        "version",
        "score",
        "judged_by",
        "simulated",
        "unsupported",
        "recommended",
        "in_scope",
        "is_override",
        "decided_by",
    ]
    list_filter = [
        "judged_by",
        "recommended",
        "in_scope",
        "is_override",
        "simulated",
        "unsupported",
    ]
    list_select_related = ["attribute", "version", "decided_by"]
    search_fields = ["attribute__name", "attribute__technical_name", "=version__id"]
    show_full_result_count = False
