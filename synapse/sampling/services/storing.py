"""Puts a draw into its draft: samples, decisions kept, what fell short, what it proves."""

from decimal import Decimal
from typing import Any

from django.utils import timezone

from synapse.audit.services import record
from synapse.common.words import counted
from synapse.sampling.models import Sample, SampleSet
from synapse.sampling.proof import proofs_of_draw
from synapse.sampling.records import key_values, row_hash
from synapse.sampling.selectors import drawn_of
from synapse.sampling.services.drawing import Draw, Drawn
from synapse.sampling.services.editing import lock_draft
from synapse.sampling.states import Category, Method, Selection, Source

DECISION = ("decision", "reason", "decided_by_id", "decided_at")


def store(draw: Draw, drawn: Drawn, *, actor) -> SampleSet:
    """Replaces what was drawn before, in the caller's short transaction.

    A record that is drawn again keeps its decision; decisions whose record was not are told in
    the report. Records added by hand stay, and are not drawn a second time; those of another
    population fall away with it, and are told.
    """
    sample_set = lock_draft(draw.sample_set.pk)
    draw.require_unmoved()
    moved = sample_set.population_id != draw.ground.population.pk
    gone = sample_set.samples.all() if moved else drawn_of(sample_set)
    before = {sample.key: sample for sample in gone}
    gone.delete()
    by_hand = sample_set.samples.values_list("record_no", "key")
    numbers, keys = ({row[at] for row in by_hand} for at in (0, 1))
    samples = [
        _sample(sample_set, chosen, draw, drawn.rows[chosen.record_no])
        for chosen in drawn.selection.samples
        if chosen.record_no not in numbers and chosen.key not in keys
    ]
    for sample in samples:
        former = before.pop(sample.key, None)
        if former is not None and former.row_hash == sample.row_hash:
            for name in DECISION:
                setattr(sample, name, getattr(former, name))
        elif former is not None:
            before[sample.key] = former
    Sample.objects.bulk_create(samples, batch_size=500)
    met = len(drawn.selection.samples) - len(samples)
    _describe(sample_set, draw, drawn, samples, met, list(before.values()))
    record(
        actor=actor,
        action="sampleset.draw",
        obj=sample_set,
        after={
            **draw.wished.as_json(),
            "population": sample_set.population_hash,
            "samples": len(samples),
            "replaced": len(before),
        },
        cycle_report=sample_set.cycle_report,
    )
    return sample_set


def summary(sample_set: SampleSet) -> dict[str, Any]:
    """What the job tells at its end."""
    return {
        "samples": sample_set.samples.count(),
        "asked": sample_set.size,
        "seed": sample_set.seed,
        "records": sample_set.population_count,
        "shortfalls": len(sample_set.report.get("shortfalls", [])),
    }


def _sample(sample_set: SampleSet, chosen, draw: Draw, row: dict[str, str | None]) -> Sample:
    shown = draw.fields.shown
    return Sample(
        version=sample_set,
        record_no=chosen.record_no,
        key=chosen.key,
        key_values=key_values(row, draw.fields.key_names),
        row={name: row.get(name) for name in shown},
        row_hash=row_hash(row, draw.ground.population),
        category=chosen.category,
        reasons=[reason.as_json() for reason in chosen.reasons],
        rationale=chosen.rationale,
        risk_score=Decimal(chosen.rank),
        selection=_selection(chosen, draw),
        source=Source.DRAWN,
    )


def _selection(chosen, draw: Draw) -> str:
    """Chance chose every record of a random draw; of a draw by risk only the clean ones."""
    if draw.wished.method == Method.SIMPLE_RANDOM:
        return Selection.RANDOM
    asked_for = chosen.key in draw.wished.include_keys
    is_random = chosen.category == Category.CLEAN and not asked_for
    return Selection.RANDOM if is_random else Selection.TARGETED


def _describe(sample_set, draw: Draw, drawn: Drawn, samples: list, met: int, dropped: list) -> None:
    """Writes how it was drawn and what came of it; `met` were there already, added by hand."""
    found = drawn.selection.report
    population = draw.ground.population
    for name, value in draw.wished.as_json().items():
        setattr(sample_set, name, value)
    sample_set.scope, sample_set.population = draw.ground.scope, population
    sample_set.profile = draw.ground.profile
    sample_set.key_columns = draw.fields.key_names
    sample_set.population_count = population.row_count
    sample_set.population_hash = population.content_sha256
    sample_set.query_hash = found.get("query_hash", "")
    sample_set.drawn_at = timezone.now()
    sample_set.report = {
        "categories": _categories(found),
        "shortfalls": [*found.get("shortfalls", []), *_absent(draw)],
        "notes": _notes(found, samples, met),
        "proofs": proofs_of_draw(draw.wished, found, samples, population.row_count),
        "dropped": [
            {
                "record_no": sample.record_no,
                "key": sample.key,
                "decision": sample.get_decision_display() or "added by hand",
                "reason": sample.reason or (sample.rationale if sample.is_manual else ""),
            }
            for sample in dropped
            if sample.decision or sample.is_manual
        ],
        "selection": found,
    }
    sample_set.save()


def _categories(found: dict[str, Any]) -> list[dict[str, Any]]:
    rows = found.get("categories", {})
    return [
        {
            "category": category.value,
            "share": rows[category]["percent"],
            "asked": rows[category]["asked"],
            "got": rows[category]["found"],
            "short": max(rows[category]["asked"] - rows[category]["found"], 0),
            "candidates": rows[category]["available"],
        }
        for category in Category
        if category in rows
    ]


def _absent(draw: Draw) -> list[str]:
    absent = draw.fields.absent
    if not absent:
        return []
    return [
        f"{len(absent)} attributes in scope have no column in the population and are not "
        f"exercised: {', '.join(absent)}."
    ]


def _notes(found: dict[str, Any], samples: list, met: int) -> list[str]:
    kept = sum(sample.decision is not None for sample in samples)
    notes = [
        f"{row['label']}: {row['got']} of {row['wanted']} records with a reason, {row['why']}."
        for row in found.get("uncovered", [])
    ]
    if kept:
        notes.append(f"{kept} decisions of the draw before were kept.")
    if met:
        was, stays = ("was", "it stays") if met == 1 else ("were", "they stay")
        told = f"{counted(met, 'record')} drawn {was} in the sample already, added by hand"
        notes.append(f"{told}: {stays} so.")
    return [*notes, *found.get("unused", [])]
