"""What holds of a job that asked the real model, whatever the model said."""

import time
from collections import Counter

from django.db.models import Sum

from jobs.models import Job, JobItem
from llm.models import LLMCall


def told(job: Job, began: float) -> None:
    """What it came to, whatever it is."""
    calls = LLMCall.objects.filter(job_id=job.pk)
    spent = calls.aggregate(asked=Sum("tokens_in"), said=Sum("tokens_out"))
    outcomes = Counter(calls.values_list("outcome", flat=True))
    print(
        f"\n{job.title}: {job.status} after {time.monotonic() - began:.0f} s: {job.message}\n"
        f"{calls.count()} calls ({dict(outcomes)}), {spent['asked']} + {spent['said']} tokens\n"
        f"items: {job.done} done, {job.failed} failed"
    )
    for item in JobItem.objects.filter(job=job):
        print(f"  {item.label}: {item.status} {item.error_code} {item.error_message[:200]}")


def check_trail(job: Job) -> None:
    """Each attempt is settled, says what it cost, and who answered."""
    for call in LLMCall.objects.filter(job_id=job.pk):
        assert call.settled_at and call.item_key and not call.simulated
        if call.outcome == LLMCall.Outcome.TIMEOUT:
            continue  # nothing came
        assert call.outcome in {"ok", "invalid", "truncated"}, call.error
        assert call.http_status == 200 and call.provider_request_id.startswith("chatcmpl-")
        assert call.model_returned == call.model_asked == "smollm2-135m-instruct-q4_1"
        assert call.tokens_in > 0 and 0 < call.tokens_out <= call.parameters["max_tokens"]
        assert call.cost == 0 and call.latency_ms > 0


def check_items(job: Job) -> None:
    """Each is done, or failed for a reason with a code and words."""
    assert job.status in {"succeeded", "failed"}
    assert job.done + job.failed == job.total
    for item in JobItem.objects.filter(job=job):
        assert item.status in {"done", "failed"}
        if item.status == "failed":
            assert item.error_code not in {"", "internal_error"} and item.error_message
    assert "Traceback" not in job.error_detail
