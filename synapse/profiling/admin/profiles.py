"""Profiles in the admin: everything to see, nothing to change behind the services' back."""

from django.contrib import admin

from synapse.common.admin import ReadOnlyAdmin
from synapse.profiling.models import AttributeProfile, Profile, RuleResult


@admin.register(Profile)
class ProfileAdmin(ReadOnlyAdmin):
    list_display = [
        "__str__",
        "cycle_report",
        "rule_set",
        "population",
        "record_count",
        "failing_records",
        "quality",
        "created_by",
        "finished_at",
    ]
    list_filter = [("finished_at", admin.EmptyFieldListFilter)]
    list_select_related = [
        "cycle_report__report",
        "cycle_report__cycle",
        "rule_set",
        "population",
        "created_by",
    ]
    search_fields = ["cycle_report__report__name", "population__name"]
    show_full_result_count = False


@admin.register(RuleResult)
class RuleResultAdmin(ReadOnlyAdmin):
    list_display = ["rule", "profile", "checked", "failed", "not_applicable", "error", "status"]
    list_filter = ["status", "rule__kind", "rule__severity"]
    list_select_related = ["rule", "profile"]
    search_fields = ["rule__rule_id", "=profile__id"]
    show_full_result_count = False


@admin.register(AttributeProfile)
class AttributeProfileAdmin(ReadOnlyAdmin):
    list_display = ["column", "profile", "rows", "blank", "unreadable", "distinct", "quality"]
    list_select_related = ["profile"]
    search_fields = ["column", "=profile__id"]
    show_full_result_count = False
