"""What the page of a job says of its model calls."""

from django.urls import reverse

from llm import selectors
from llm.selectors import CallTotals

Fact = tuple[str, str, str]


def of_job(job, user) -> list[Fact]:
    """Label, value and address (or "") of each; nothing of a job that called no model."""
    totals = selectors.totals_of_job(job.pk)
    if not (totals.calls or totals.cached):
        return []
    calls = f"{reverse('llm:call_list')}?job={job.pk}"
    facts = [
        ("Model calls", _counted(totals), calls),
        ("Tokens", f"{totals.tokens_in:,} in, {totals.tokens_out:,} out", ""),
    ]
    # Without a price there is no cost to tell.
    return [*facts, ("Cost", f"{totals.cost:.4f}", "")] if totals.cost else facts


def _counted(totals: CallTotals) -> str:
    parts = [
        (totals.failed, "failed"),
        (totals.cached, "from the cache"),
        (totals.simulated, "simulated"),
    ]
    told = [f"{totals.calls:,}", *(f"{count:,} {words}" for count, words in parts if count)]
    return ", ".join(told)
