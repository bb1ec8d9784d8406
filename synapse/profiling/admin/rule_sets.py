"""Rule sets in the admin: everything to see, nothing to change behind the services' back."""

from django.contrib import admin

from synapse.common.admin import ReadOnlyAdmin
from synapse.profiling.models import Rule, RuleSet


@admin.register(RuleSet)
class RuleSetAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "phase", "status", "plan", "population", "created_by", "created_at"]
    list_filter = ["status"]
    list_select_related = [
        "phase__cycle_report__report",
        "phase__cycle_report__cycle",
        "plan",
        "population",
        "created_by",
    ]
    search_fields = ["phase__cycle_report__report__name"]
    show_full_result_count = False


@admin.register(Rule)
class RuleAdmin(ReadOnlyAdmin):
    list_display = ["rule_id", "version", "kind", "severity", "source", "enabled"]
    list_filter = ["kind", "severity", "source", "enabled", "needs_condition", "is_inferred"]
    list_select_related = ["version"]
    search_fields = ["rule_id", "description", "=version__id"]
    show_full_result_count = False
