"""Keeps what an evaluation came to, and reads it back."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import asdict

from llm import selectors
from llm.evaluation import marks
from llm.evaluation.golden import Golden
from llm.evaluation.marks import Marks
from llm.evaluation.registry import Case
from llm.evaluation.running import Run, Variant
from llm.evaluation.statistics import Share
from llm.models import Evaluation, LLMCall


def keep(
    golden: Golden, cases: Sequence[Case], variant: Variant, run: Run, *, run_by: int | None
) -> Evaluation:
    """One row: the figures, thing by thing what was right, and what the calls took."""
    fields = [field for case in cases for field in case.fields]
    scored = golden.evaluated.score(fields, run.answers)
    calls = LLMCall.objects.filter(
        operation=golden.evaluated.operation,
        started_at__gte=run.started_at,
        item_key__startswith=run.key,
    )
    totals = selectors.totals(calls)
    latencies = sorted(calls.exclude(latency_ms=None).values_list("latency_ms", flat=True))
    models = sorted({name for name in calls.values_list("model_returned", flat=True) if name})
    whole = len(cases) == len(golden.cases)
    return Evaluation.objects.create(
        operation=golden.evaluated.operation,
        golden=golden.name if whole else f"{golden.name} ({len(cases)} of {len(golden.cases)})",
        golden_hash=golden.hash if whole else _part_hash(golden, cases),
        cases=len(cases),
        provider=variant.provider.name,
        model=", ".join(models)[:200] or variant.provider.model,
        prompt_version=variant.prompt.version,
        prompt_hash=variant.prompt.hash,
        prompt_scope=variant.prompt.scope,
        schema_hash=calls.values_list("schema_hash", flat=True).first() or "",
        simulated=variant.provider.simulated or totals.simulated > 0,
        figures=_figures(scored, golden, run),
        calls=totals.calls,
        tokens_in=totals.tokens_in,
        tokens_out=totals.tokens_out,
        cost=totals.cost,
        latency_p50_ms=_percentile(latencies, 0.5),
        latency_p95_ms=_percentile(latencies, 0.95),
        run_by=run_by,
        started_at=run.started_at,
        finished_at=run.finished_at,
    )


def marks_of(evaluation: Evaluation) -> Marks:
    kept = evaluation.figures
    return marks.read({measure: kept["marks"][measure] for measure in kept["order"]})


def shares_of(evaluation: Evaluation) -> list[tuple[str, dict]]:
    """(measure, its figures), in their order."""
    kept = evaluation.figures
    return [(measure, kept["measures"][measure]) for measure in kept["order"]]


def counts(evaluation: Evaluation) -> bool:
    """Whether it may decide: all cases were asked, and none was lost to the endpoint."""
    lost = any(failure["of_endpoint"] for failure in evaluation.figures["failures"])
    return evaluation.cases == evaluation.figures["cases_in_all"] and not lost


def _figures(scored: Marks, golden: Golden, run: Run) -> dict:
    return {
        "measures": {
            measure: _shares(marks.recall(things), marks.precision(things))
            for measure, things in scored.items()
        },
        "order": [*scored],  # JSON in the database has none of its own
        "marks": marks.stored(scored),
        "failures": [asdict(failure) for failure in run.failures],
        "cases_in_all": len(golden.cases),
    }


def _shares(recall: Share, precision: Share) -> dict:
    return {
        "wanted": recall.count,
        "found": precision.count,
        "right": precision.right,
        "recall": recall.value,
        "recall_interval": recall.interval,
        "precision": precision.value,
        "precision_interval": precision.interval,
    }


def _part_hash(golden: Golden, cases: Sequence[Case]) -> str:
    keys = "\n".join([golden.hash, *(case.key for case in cases)])
    return hashlib.sha256(keys.encode()).hexdigest()


def _percentile(ordered: Sequence[int], share: float) -> int | None:
    """By nearest rank."""
    return ordered[math.ceil(share * len(ordered)) - 1] if ordered else None
