"""The trail in the admin, read-only."""

from django.contrib import admin

from synapse.audit.models import Entry
from synapse.common.admin import ReadOnlyAdmin


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "actor_label", "action", "object_label", "reason", "request_id"]
    list_filter = ["action", "content_type"]
    list_select_related = ["content_type"]
    search_fields = ["object_label", "actor_label", "reason", "request_id"]
    date_hierarchy = "at"
    show_full_result_count = False
