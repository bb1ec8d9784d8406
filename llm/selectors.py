"""Reads of the audit trail: the calls of a job, and what they came to."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from llm import surroundings
from llm.models import LLMCall

# Texts can be long: a list needs none of them.
TEXTS = ("request", "response")


@dataclass(frozen=True)
class CallTotals:
    """`calls` are HTTP attempts; answers from the cache are counted apart."""

    calls: int
    answered: int
    failed: int
    cached: int
    simulated: int
    tokens_in: int
    tokens_out: int
    cost: Decimal


def visible_calls(user) -> QuerySet[LLMCall]:
    """The calls this user may see, newest first and without their texts; all of them for staff."""
    if not user.is_authenticated or not user.is_active:
        return LLMCall.objects.none()
    calls = LLMCall.objects.defer(*TEXTS).order_by("-id")
    return calls if user.is_staff else calls.filter(surroundings.current().visible(user))


def calls_of_job(job_id: int) -> QuerySet[LLMCall]:
    """Every call a job made, first to last."""
    return LLMCall.objects.filter(job_id=job_id).order_by("id")


def totals(calls: QuerySet[LLMCall]) -> CallTotals:
    """One query over any selection of calls."""
    sent = Q(cached=False)
    sums = calls.order_by().aggregate(
        calls=Count("id", filter=sent),
        answered=Count("id", filter=sent & Q(outcome=LLMCall.Outcome.OK)),
        failed=Count("id", filter=sent & ~Q(outcome__in=["ok", "open"])),
        cached=Count("id", filter=Q(cached=True)),
        simulated=Count("id", filter=Q(simulated=True)),
        tokens_in=Sum("tokens_in"),
        tokens_out=Sum("tokens_out"),
        cost=Sum("cost"),
    )
    return CallTotals(**{key: value or 0 for key, value in sums.items()})


def totals_of_job(job_id: int) -> CallTotals:
    """What a job's calls came to."""
    return totals(calls_of_job(job_id))
