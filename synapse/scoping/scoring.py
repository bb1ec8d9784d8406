"""The arithmetic of scoping: from judged components and known flags to a score and an advice.

A score is what an attribute reached of what it could reach, in whole points of 100:

    reached   = the four components (1 to 15 each) + 20 if CDE + 20 if an open historical issue
    reachable = 4 x 15 + 20 + 20 = 100; with data quality measured, 10 more for both
    score     = 100 x reached / reachable, halves rounded up

So without data quality the score is the plain sum, at most 60 without a flag. With it, an
attribute whose data quality is q (0 to 100) gains (100 - q) / 10 points, and all is rescaled.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

COMPONENTS = (
    "regulatory_impact",
    "data_complexity",
    "common_errors",
    "downstream_dependencies",
)
COMPONENT_MIN, COMPONENT_MAX = 1, 15
FLAG_POINTS = 20
QUALITY_POINTS = 10
DEFAULT_THRESHOLD = 50
DEFAULT_TOP_N = 25


@dataclass(frozen=True)
class Components:
    """The part of a score that takes judgement."""

    regulatory_impact: int
    data_complexity: int
    common_errors: int
    downstream_dependencies: int

    def __post_init__(self):
        for name in COMPONENTS:
            value = getattr(self, name)
            if type(value) is not int or not COMPONENT_MIN <= value <= COMPONENT_MAX:
                raise ValueError(f"{name} is {value!r}, not a whole number from 1 to 15")

    @property
    def total(self) -> int:
        return sum(getattr(self, name) for name in COMPONENTS)


def score_of(
    components: Components, *, is_cde: bool, has_open_issue: bool, quality: int | None = None
) -> int:
    """Score in whole points of 100; `quality` (0 to 100) counts only where it was measured."""
    tenths = 10 * (components.total + FLAG_POINTS * is_cde + FLAG_POINTS * has_open_issue)
    reachable = 10 * (len(COMPONENTS) * COMPONENT_MAX + 2 * FLAG_POINTS)
    if quality is not None:
        if not 0 <= quality <= 100:
            raise ValueError(f"data quality is {quality!r}, not from 0 to 100")
        tenths += 100 - quality
        reachable += 10 * QUALITY_POINTS
    return (200 * tenths + reachable) // (2 * reachable)


@dataclass(frozen=True)
class Candidate:
    """What the policy knows of one attribute; keys are never candidates."""

    key: int
    position: int
    score: int | None
    is_cde: bool = False
    has_open_issue: bool = False


@dataclass(frozen=True)
class Advice:
    """In, out, or none yet (`None`), each with its reason in words."""

    recommended: bool | None
    reason: str


@dataclass(frozen=True)
class Policy:
    """Who is in scope: CDE, open issue, score at or over the threshold, and the top N anyway."""

    threshold: int = DEFAULT_THRESHOLD
    top_n: int = DEFAULT_TOP_N

    def advise(self, candidates: Sequence[Candidate]) -> dict[int, Advice]:
        """Advice for every candidate. Of equal scores the earlier position counts as higher."""
        highest = self._highest(candidates)
        return {each.key: self._advice(each, each.key in highest) for each in candidates}

    def _highest(self, candidates: Iterable[Candidate]) -> set[int]:
        scored = [each for each in candidates if each.score is not None]
        scored.sort(key=lambda each: (-each.score, each.position, each.key))
        return {each.key for each in scored[: self.top_n]}

    def _advice(self, each: Candidate, is_high: bool) -> Advice:
        reasons = []
        if each.is_cde:
            reasons.append("CDE")
        if each.has_open_issue:
            reasons.append("open historical issue")
        if each.score is not None and each.score >= self.threshold:
            reasons.append(f"score {each.score} >= {self.threshold}")
        if not reasons and is_high:
            reasons.append(f"among the {self.top_n} highest")
        if reasons:
            return Advice(True, ", ".join(reasons))
        if each.score is None:
            return Advice(None, "")
        return Advice(False, f"score {each.score} < {self.threshold}")
