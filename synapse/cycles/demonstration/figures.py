"""What the demonstration made and used, as the table at its end."""

from collections import Counter
from datetime import datetime

from jobs.models import Job
from llm import selectors as llm_selectors
from llm.models import LLMCall
from synapse.audit.models import Entry
from synapse.cycles.demonstration.meter import ConnectionMeter
from synapse.cycles.demonstration.recall import Recall
from synapse.cycles.demonstration.walking import Outcome

CATEGORIES = ("anomaly", "boundary", "clean")


def table(
    outcome: Outcome, found: Recall, *, cast, cycle_report, seconds: float, meter: ConnectionMeter
) -> list[tuple]:
    """Rows of (what, figure) for the end of the demonstration."""
    job_ids = [job["id"] for job in outcome.jobs]
    calls = llm_selectors.totals(LLMCall.objects.filter(job_id__in=job_ids))
    attempts = sum(Job.objects.filter(pk__in=job_ids).values_list("attempt", flat=True))
    actors = (
        Entry.objects.filter(cycle_report_id=cycle_report.pk, actor__in=[cast.tester, cast.owner])
        .order_by("actor__username")
        .values_list("actor__username", flat=True)
        .distinct()
    )
    return [
        *_planned(outcome),
        *_profiled(outcome, found),
        *_sampled(outcome),
        ("jobs", f"{len(job_ids)} in {attempts} attempts"),
        ("model calls", f"{calls.calls} ({calls.tokens_in} tokens in, {calls.tokens_out} out)"),
        ("seconds a step", _told(outcome.seconds)),
        ("seconds a job", _told({job["title"]: _seconds(job) for job in outcome.jobs})),
        ("seconds in all", f"{seconds:.1f}"),
        ("connections used", str(meter)),
        ("idle in transaction over 1 s", meter.idle_in_transaction),
        ("people in the audit trail", ", ".join(actors)),
        (
            "own approvals refused",
            f"{outcome.own_approvals_refused} of {outcome.approvals_tried} tried",
        ),
    ]


def _planned(outcome: Outcome) -> list[tuple]:
    judged = Counter(_judge(item) for item in outcome.items if item["score"] is not None)
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
    ]


def _profiled(outcome: Outcome, found: Recall) -> list[tuple]:
    rules = outcome.rules
    population, profile = outcome.population, outcome.profile
    return [
        ("rules", f"{rules['rules']}, {rules['switched_on']} of them switched on"),
        ("rules that need a condition", rules["needs_condition"]),
        ("records", f"{population['row_count']}, {population['rejected_count']} rejected"),
        ("failures", f"{len(outcome.failures)} in {profile['failing_records']} records"),
        ("data quality", f"{profile['quality']} of 100"),
        ("anomalies planted", found.planted),
        ("reachable by a rule", found.reachable),
        ("found by a rule", f"{found.found}, {found.found / found.planted:.0%} of those planted"),
        ("sampled", found.sampled),
        ("flagged though nothing planted", found.flagged - found.flagged_planted),
    ]


def _sampled(outcome: Outcome) -> list[tuple]:
    report = outcome.sample_set["report"]
    counts = Counter(sample["category"] for sample in outcome.samples)
    return [
        ("samples", len(outcome.samples)),
        ("samples by category", ", ".join(f"{name} {counts[name]}" for name in CATEGORIES)),
        ("shortfall", " ".join(report["shortfalls"]) or "none"),
    ]


def _told(seconds: dict[str, float]) -> str:
    return ", ".join(f"{name} {spent:.1f}" for name, spent in seconds.items())


def _seconds(job: dict) -> float:
    began, ended = (datetime.fromisoformat(job[name]) for name in ("started_at", "finished_at"))
    return (ended - began).total_seconds()


def _judge(item: dict) -> str:
    return "simulated model" if item["simulated"] else item["judged_by"]
