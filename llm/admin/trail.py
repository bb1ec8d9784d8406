"""The audit trail of model calls, to read; their texts are opened, and noted, on their page."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from llm.admin.reading import ReadOnlyAdmin
from llm.models import LLMCall
from llm.selectors import TEXTS


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
    list_filter = ["outcome", "operation", "cached", "simulated", "masked", "started_at"]
    search_fields = ["=id", "=job_id", "item_key", "provider_request_id"]
    show_full_result_count = False
    exclude = TEXTS
    readonly_fields = ["uuid", "page"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer(*TEXTS)

    @admin.display(description="Texts")
    def page(self, call: LLMCall) -> str:
        url = reverse("llm:call_detail", args=[call.pk])
        return format_html('<a href="{}">What was sent and what came back</a>', url)
