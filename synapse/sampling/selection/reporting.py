"""How far a selection is what was asked: counts, shortfalls with their why, cover, limits."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from synapse.sampling.selection import kinds
from synapse.sampling.selection.context import Context
from synapse.sampling.selection.cover import Candidate
from synapse.sampling.selection.merging import Pool
from synapse.sampling.selection.options import SIMPLE_RANDOM, Options
from synapse.sampling.selection.pools import PoolCount
from synapse.sampling.selection.sizes import CONFIDENCES, upper_limit
from synapse.sampling.selection.slots import query_hash
from synapse.sampling.selection.survey import Survey

_WHAT = {
    kinds.ANOMALY: "break a rule, are an outlier or have a missing or rare value in scope",
    kinds.BOUNDARY: "lie at a limit or extreme in scope and are no anomaly",
    kinds.CLEAN: "have no reason in any attribute in scope",
}


def report_of(
    context: Context,
    options: Options,
    survey: Survey,
    pool: Pool,
    chosen: Sequence[Candidate],
    seats: dict[str, int],
    total: PoolCount,
) -> dict[str, Any]:
    found = Counter(each.category for each in chosen)
    cover = Counter(at for each in chosen for at in each.attributes)
    is_random = options.method == SIMPLE_RANDOM
    categories = {} if is_random else _categories(options, pool, seats, found, survey, total)
    return {
        "asked": options.size,
        "found": len(chosen),
        "population": survey.records,
        "distinct_keys": survey.distinct_keys,
        "excluded": total.excluded,
        "seed": options.seed,
        "method": options.method,
        "population_hash": context.population_hash,
        "query_hash": query_hash(context, survey),
        "pool": {name: getattr(total, name) for name in kinds.PRECEDENCE},
        "categories": categories,
        "stratum": {} if is_random else _stratum(chosen, total),
        "shortfalls": _shortfalls(options, len(chosen), categories, survey, total),
        "uncovered": [] if is_random else _uncovered(context, options, cover, total),
        "coverage": {
            each.column: cover[at] for at, each in enumerate(context.attributes) if not each.is_key
        },
        "unused": list(survey.unused),
        "upper_limits": _limits(len(chosen)) if is_random and chosen else [],
        "projection": (
            "Every record had the same chance, so the sample speaks for the population."
            if is_random
            else "Anomaly and boundary records were picked for their risk and don't speak for "
            "the population; clean ones were drawn at random, first of those that fail no rule."
        ),
    }


def _stratum(chosen: Sequence[Candidate], total: PoolCount) -> dict[str, Any]:
    """What the clean records were drawn from: those without any failure, while there are any."""
    is_even = not any(each.is_soiled and each.category == kinds.CLEAN for each in chosen)
    return {"clean": total.clean, "spotless": total.spotless, "is_even": is_even}


def _categories(
    options: Options,
    pool: Pool,
    seats: dict[str, int],
    found: Counter,
    survey: Survey,
    total: PoolCount,
) -> dict[str, dict[str, Any]]:
    rows = {}
    for name, share in options.mix.items():
        asked, got = seats[name], found[name]
        rows[name] = {
            "percent": share,
            "asked": asked,
            "found": got,
            "available": getattr(total, name),
            "why": _why(name, pool.available.get(name, 0), survey, total) if got < asked else "",
        }
    return rows


def _why(name: str, available: int, survey: Survey, total: PoolCount) -> str:
    records = survey.records - total.excluded
    count = f"only {available:,}" if available else "none"
    why = f"{count} of the {records:,} records {_WHAT[name]}"
    if repeated := survey.records - survey.distinct_keys:
        why += f", counting records of one key once ({repeated:,} repeat a key)"
    if total.excluded:
        why += f"; {total.excluded:,} were excluded by the tester"
    return why


def _shortfalls(
    options: Options,
    found: int,
    categories: dict[str, dict[str, Any]],
    survey: Survey,
    total: PoolCount,
) -> list[str]:
    """A sentence a category that is short; nothing is padded, so each names its own cause."""
    if found >= options.size:
        return []
    start = f"Asked {options.size:,}, found {found:,}: "
    short = [
        f"{start}{name} short by {row['asked'] - row['found']:,} because {row['why']}."
        for name, row in categories.items()
        if row["found"] < row["asked"]
    ]
    if short:
        return short
    left = survey.records - total.excluded
    return [
        f"{start}short by {options.size - found:,} because {left:,} records are left to draw from "
        f"and records of one key count once."
    ]


def _uncovered(
    context: Context, options: Options, cover: Counter, total: PoolCount
) -> list[dict[str, Any]]:
    rows = []
    for at, each in enumerate(context.attributes):
        if each.is_key or cover[at] >= options.per_attribute:
            continue
        there = total.by_attribute.get(each.column, 0)
        if not there:
            why = "no record gives a reason to test it"
        elif there <= cover[at]:
            why = f"only {there:,} records give a reason to test it"
        else:
            why = f"the sample has no room for more of its {there:,} records with a reason"
        rows.append(
            {
                "attribute": each.column,
                "label": each.label,
                "wanted": options.per_attribute,
                "got": cover[at],
                "why": why,
            }
        )
    return rows


def _limits(size: int) -> list[dict[str, Any]]:
    return [
        {"confidence": confidence, "percent": str(upper_limit(size, 0, confidence))}
        for confidence in CONFIDENCES
    ]
