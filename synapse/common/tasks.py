"""Housekeeping by the clock: model calls, ended sessions, answers to requests sent again."""

from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from jobs import JobRun, retention, task
from llm import budgets, cache, calls
from llm.retention import prune_calls
from synapse.common.idempotency import KEEP
from synapse.common.models import IdempotentAnswer
from synapse.common.words import counted

# Rows of one transaction.
ROWS = 5_000


def settled(result: dict[str, int]) -> str:
    lost, outdated = counted(result["lost"], "call"), counted(result["outdated"], "answer")
    return f"Lost with their process: {lost}. Too old to be used again: {outdated}."


@task("common.settle_calls", title="Settle lost model calls", schedule="7 * * * *", says=settled)
def settle_calls(run: JobRun) -> dict[str, int]:
    """What no process waits for any more is no longer shown as waiting."""
    budgets.sweep()
    budgets.purge()
    return {"lost": calls.settle_lost(), "outdated": cache.purge()}


@task(
    "common.prune_calls",
    title="Delete old model calls",
    schedule="35 2 * * *",
    says=retention.deleted,
)
def prune_old_calls(run: JobRun) -> dict[str, int]:
    return {"model call": retention.in_batches(run, prune_calls)}


@task(
    "common.prune_requests",
    title="Delete ended sessions",
    schedule="45 2 * * *",
    says=retention.deleted,
)
def prune_requests(run: JobRun) -> dict[str, int]:
    """Sessions that are over, and answers kept for requests that may be sent again."""
    now = timezone.now()
    ended = Session.objects.filter(expire_date__lt=now)
    outdated = IdempotentAnswer.objects.filter(created_at__lt=now - KEEP)
    return {
        "session": retention.in_batches(run, lambda: _delete_some(ended)),
        "stored answer": retention.in_batches(run, lambda: _delete_some(outdated)),
    }


def _delete_some(rows: QuerySet) -> int:
    first = list(rows.values_list("pk", flat=True)[:ROWS])
    return rows.model._default_manager.filter(pk__in=first).delete()[0]
