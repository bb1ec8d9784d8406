"""Two evaluations on the same cases, side by side: what differs, and whether by more than chance.

Each share is tested by itself at 5 %, with no correction for their number: the gate of pins may
rather ask once too often than let a loss through.
"""

from dataclasses import dataclass

from llm.evaluation import marks
from llm.evaluation.errors import NotComparable
from llm.evaluation.keeping import marks_of
from llm.evaluation.statistics import CONFIDENCE, Share, chance
from llm.models import Evaluation

LEAST_CHANCE = 1 - CONFIDENCE
KINDS = {"recall": (marks.recall, marks.recalled), "precision": (marks.precision, marks.said)}


@dataclass(frozen=True)
class Difference:
    """One share of both; `chance` is None where one of them has no value."""

    measure: str
    kind: str
    first: Share
    second: Share
    chance: float | None

    @property
    def size(self) -> float | None:
        if self.first.value is None or self.second.value is None:
            return None
        return self.second.value - self.first.value

    @property
    def beyond_chance(self) -> bool:
        return self.chance is not None and self.chance < LEAST_CHANCE

    @property
    def worse(self) -> bool:
        return self.beyond_chance and self.size < 0

    @property
    def texts(self) -> tuple[str, str, str, str]:
        """Both shares, their difference and the chance, for people."""
        return (
            str(self.first),
            str(self.second),
            "" if self.size is None else f"{self.size:+.3f}",
            "" if self.chance is None else f"{self.chance:.4f}",
        )

    @property
    def verdict(self) -> str:
        if self.chance is None:
            return "not comparable"
        if not self.beyond_chance:
            return "within chance"
        return "worse" if self.worse else "better"


def compare(first: Evaluation, second: Evaluation) -> list[Difference]:
    """Recall and precision of each measure; NotComparable if they had other cases."""
    if (first.operation, first.golden_hash) != (second.operation, second.golden_hash):
        problem = f"one was of {first.golden}, the other of {second.golden}, or of other texts"
        if first.golden == second.golden:
            problem = f"{first.golden} has changed between them"
        raise NotComparable(
            first=f"Evaluation {first.pk}", second=f"evaluation {second.pk}", problem=problem
        )
    ours, theirs = marks_of(first), marks_of(second)
    return [
        _difference(measure, kind, ours.get(measure, {}), theirs.get(measure, {}))
        for measure in dict.fromkeys([*ours, *theirs])
        for kind in KINDS
    ]


def _difference(measure: str, kind: str, ours: dict, theirs: dict) -> Difference:
    share, pair = KINDS[kind]
    things = list(dict.fromkeys([*ours, *theirs]))
    both = [[pair(of.get(thing, marks.ABSENT)) for thing in things] for of in (ours, theirs)]
    return Difference(measure, kind, share(ours), share(theirs), chance(*both))
