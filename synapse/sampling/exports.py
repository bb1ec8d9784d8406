"""The samples as CSV and JSON, of exactly the rows that the filter shows."""

import json
from collections.abc import Iterator

from synapse.common.streaming import csv_lines
from synapse.sampling.models import Sample, SampleSet
from synapse.sampling.records import in_order
from synapse.sampling.submission import origin

HEADINGS = [
    "record_no",
    "key",
    "category",
    "reasons",
    "rationale",
    "risk_score",
    "selection",
    "source",
    "decision",
    "reason",
    "decided_by",
    "row_hash",
]


def csv_rows(sample_set: SampleSet, samples: list[Sample]) -> Iterator[str]:
    """One line a sample, then its values."""
    columns = in_order(sample_set, {name for sample in samples for name in sample.row})
    headings = [*HEADINGS, *(f"value: {name}" for name in columns)]
    rows = ([*_facts(each), *(each.row.get(name) for name in columns)] for each in samples)
    return csv_lines(headings, rows)


def as_json(sample_set: SampleSet, samples: list[Sample]) -> str:
    """The same with what the draw was, for programs."""
    return json.dumps(
        {
            "sample_set": sample_set.pk,
            "number": sample_set.number,
            "status": sample_set.status,
            "content_hash": sample_set.content_hash,
            "origin": origin(sample_set),
            "report": sample_set.report,
            "samples": [
                {
                    **dict(zip(HEADINGS, _facts(sample), strict=True)),
                    "reasons": sample.reasons,
                    "key_values": sample.key_values,
                    "row": sample.row,
                }
                for sample in samples
            ],
        },
        ensure_ascii=False,
        indent=1,
    )


def _facts(sample: Sample) -> list:
    return [
        sample.record_no,
        sample.key,
        sample.category,
        "; ".join(reason["text"] for reason in sample.reasons),
        sample.rationale,
        "" if sample.risk_score is None else str(sample.risk_score),
        sample.get_selection_display(),
        sample.get_source_display(),
        sample.get_decision_display() if sample.decision else "undecided",
        sample.reason,
        str(sample.decided_by or ""),
        sample.row_hash,
    ]
