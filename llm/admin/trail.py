"""The audit trail of model calls, to read."""

from django.contrib import admin

from llm.admin.reading import ReadOnlyAdmin
from llm.models import LLMCall


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
