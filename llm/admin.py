"""Staff read the audit trail; nobody edits it."""

from django.contrib import admin

from llm.models import Circuit, LLMCall


class ReadOnlyAdmin(admin.ModelAdmin):
    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


@admin.register(LLMCall)
class LLMCallAdmin(ReadOnlyAdmin):
    list_display = [
        "id",
        "started_at",
        "operation",
        "job_id",
        "item_key",
        "model_returned",
        "outcome",
        "cached",
        "simulated",
        "tokens_in",
        "tokens_out",
        "cost",
        "latency_ms",
    ]
    list_filter = ["outcome", "operation", "cached", "simulated", "started_at"]
    search_fields = ["=id", "=job_id", "item_key", "provider_request_id"]
    show_full_result_count = False


@admin.register(Circuit)
class CircuitAdmin(ReadOnlyAdmin):
    list_display = ["provider", "model", "failures", "open_until", "held_until", "last_error"]
