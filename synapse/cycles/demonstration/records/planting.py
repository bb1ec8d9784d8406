"""Labelled errors put into right records, no record with more than one."""

from dataclasses import dataclass

from synapse.cycles.demonstration.records.broken import BREAKING
from synapse.cycles.demonstration.records.draws import Draws
from synapse.cycles.demonstration.records.kinds import Kind
from synapse.cycles.demonstration.records.plausible import PLAUSIBLE
from synapse.cycles.demonstration.records.texts import Record

KINDS: tuple[Kind, ...] = (*BREAKING, *PLAUSIBLE)


@dataclass(frozen=True)
class Label:
    """What was planted where: `reachable` tells whether a rule over one record set could see it."""

    record_no: int
    kind: str
    attributes: tuple[str, ...]
    reachable: bool


def plant(records: list[Record], *, seed: int = 1, each: int = 4) -> list[Label]:
    """Changes `each` fitting records a kind, in place; the labels in the order of the records."""
    draws = Draws(f"anomalies {seed}")
    order = sorted(range(len(records)), key=lambda _index: draws.share())
    labels: dict[int, Label] = {}
    for kind in KINDS:
        fitting = [index for index in order if index not in labels and kind.fits(records[index])]
        chosen = fitting[: each * kind.records]
        for start in range(0, len(chosen) - kind.records + 1, kind.records):
            group = chosen[start : start + kind.records]
            kind.spoil(draws, [records[index] for index in group])
            for index in group:
                labels[index] = Label(index + 1, kind.name, kind.attributes, kind.reachable)
    return [labels[index] for index in sorted(labels)]
