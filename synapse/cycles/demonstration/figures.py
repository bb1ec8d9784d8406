"""What the demonstration used and made, counted in the database."""

import time
from collections import Counter

from django.db import connection

from jobs.models import Job
from llm import selectors as llm_selectors
from llm.models import LLMCall
from synapse.audit.models import Entry

OURS = "synapse-%"


class ConnectionMeter:
    """The most connections our processes held, and the most idle in a transaction, as sampled."""

    INTERVAL_SECONDS = 0.5

    def __init__(self):
        self.most: Counter[str] = Counter()
        self.idle_in_transaction = 0
        self._last = 0.0

    def sample(self) -> None:
        if time.monotonic() - self._last < self.INTERVAL_SECONDS:
            return
        self._last = time.monotonic()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT application_name, count(*), "
                "count(*) FILTER (WHERE state LIKE 'idle in transaction%%' "
                "AND now() - state_change > interval '1 second') "
                "FROM pg_stat_activity WHERE application_name LIKE %s GROUP BY 1",
                [OURS],
            )
            rows = cursor.fetchall()
        for name, count, _idle in rows:
            self.most[name] = max(self.most[name], count)
        self.idle_in_transaction = max(
            self.idle_in_transaction, sum(idle for _name, _count, idle in rows)
        )

    def __str__(self) -> str:
        each = ", ".join(f"{name} {count}" for name, count in sorted(self.most.items()))
        return f"{sum(self.most.values())} at most ({each})"


def table(outcome, *, cast, cycle_report, seconds: float, meter: ConnectionMeter) -> list[tuple]:
    """Rows of (what, figure) for the end of the demonstration."""
    job_ids = [job["id"] for job in outcome.jobs]
    calls = llm_selectors.totals(LLMCall.objects.filter(job_id__in=job_ids))
    judged = Counter(_judge(item) for item in outcome.items if item["score"] is not None)
    actors = (
        Entry.objects.filter(cycle_report_id=cycle_report.pk, actor__in=[cast.tester, cast.owner])
        .order_by("actor__username")
        .values_list("actor__username", flat=True)
        .distinct()
    )
    attempts = sum(Job.objects.filter(pk__in=job_ids).values_list("attempt", flat=True))
    keys = sum(item["is_key"] for item in outcome.attributes)
    return [
        ("attributes", len(outcome.attributes)),
        ("keys", keys),
        ("critical data elements", sum(item["is_cde"] for item in outcome.attributes)),
        ("open historical issues", sum(item["has_open_issue"] for item in outcome.attributes)),
        ("in scope", f"{outcome.metrics['included']} and the {keys} keys"),
        ("CDE coverage", f"{outcome.metrics['cde_coverage']} %"),
        ("risk coverage", f"{outcome.metrics['risk_coverage']} %"),
        ("judged by", ", ".join(f"{name} {count}" for name, count in judged.items())),
        ("jobs", f"{len(job_ids)} in {attempts} attempts"),
        ("model calls", f"{calls.calls} ({calls.tokens_in} tokens in, {calls.tokens_out} out)"),
        ("seconds of jobs", f"{outcome.job_seconds:.1f}"),
        ("seconds a phase", told_seconds(outcome.seconds)),
        ("seconds in all", f"{seconds:.1f}"),
        ("connections used", str(meter)),
        ("idle in transaction over 1 s", meter.idle_in_transaction),
        ("people in the audit trail", ", ".join(actors)),
        (
            "own approvals refused",
            f"{outcome.own_approvals_refused} of {outcome.approvals_tried} tried",
        ),
    ]


def told_seconds(seconds: dict[str, float]) -> str:
    return ", ".join(f"{name} {spent:.1f}" for name, spent in seconds.items())


def _judge(item: dict) -> str:
    return "simulated model" if item["simulated"] else item["judged_by"]
