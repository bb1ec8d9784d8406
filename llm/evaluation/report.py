"""Evaluations as text for a terminal."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from llm.evaluation.comparison import compare
from llm.evaluation.keeping import shares_of
from llm.evaluation.statistics import share_text
from llm.models import Evaluation

TAKEN = {
    "calls": "calls",
    "tokens in": "tokens_in",
    "tokens out": "tokens_out",
    "cost": "cost",
    "latency p50, ms": "latency_p50_ms",
    "latency p95, ms": "latency_p95_ms",
}


def figures(evaluation: Evaluation) -> Iterator[str]:
    """One evaluation: its figures, and what its calls took."""
    simulated = ", simulated" if evaluation.simulated else ""
    yield (
        f"#{evaluation.pk} {evaluation.operation} on {evaluation.golden}: "
        f"prompt {evaluation.prompt_version}, {evaluation.provider} ({evaluation.model}{simulated})"
    )
    yield f"  {'':14} {'wanted':>6} {'found':>6} {'right':>6}  {'recall':24} precision"
    for measure, said in shares_of(evaluation):
        yield (
            f"  {measure:14} {said['wanted']:6} {said['found']:6} {said['right']:6}  "
            f"{share_text(said['recall'], said['recall_interval']):24} "
            f"{share_text(said['precision'], said['precision_interval'])}"
        )
    yield f"  {taken(evaluation)}"
    failures = evaluation.figures["failures"]
    if failures:
        counted = Counter(failure["code"] for failure in failures)
        told = ", ".join(f"{code} {count}" for code, count in sorted(counted.items()))
        yield f"  {len(failures)} of {evaluation.cases} cases without an answer: {told}"
        yield f"  the first: {failures[0]['case']}: {failures[0]['message']}"


def taken(evaluation: Evaluation) -> str:
    """Cases, calls, tokens, money and time."""
    seconds = (evaluation.finished_at - evaluation.started_at).total_seconds()
    latency = "no latency known"
    if evaluation.latency_p50_ms is not None:
        latency = f"p50 {evaluation.latency_p50_ms:,} ms, p95 {evaluation.latency_p95_ms:,} ms"
    return (
        f"{evaluation.cases} cases, {evaluation.calls} calls, tokens {evaluation.tokens_in:,} in "
        f"and {evaluation.tokens_out:,} out, cost {evaluation.cost:f}, {latency}, {seconds:.1f} s"
    )


def taken_by_both(first: Evaluation, second: Evaluation) -> list[tuple[str, str, str]]:
    """What, and how much of it by each."""
    return [
        (name, *(_number(getattr(each, attribute)) for each in (first, second)))
        for name, attribute in TAKEN.items()
    ]


def beside(first: Evaluation, second: Evaluation) -> Iterator[str]:
    """Two evaluations on the same cases, side by side."""
    yield f"#{first.pk} {_title(first)}  beside  #{second.pk} {_title(second)}"
    yield f"  {'':24} {f'#{first.pk}':>23} {f'#{second.pk}':>23} {'difference':>11} {'chance':>7}"
    for each in compare(first, second):
        ours, theirs, size, by_chance = each.texts
        named = f"{each.measure}, {each.kind}"
        yield f"  {named:24} {ours:>23} {theirs:>23} {size:>11} {by_chance:>7}  {each.verdict}"
    for name, ours, theirs in taken_by_both(first, second):
        yield f"  {name:24} {ours:>23} {theirs:>23}"


def _title(evaluation: Evaluation) -> str:
    return f"prompt {evaluation.prompt_version}, {evaluation.provider}"


def _number(value: int | Decimal | None) -> str:
    if value is None:
        return "–"
    return f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
