"""What drawn records prove of those that were not drawn, in sentences."""

from collections.abc import Iterable
from dataclasses import dataclass

from synapse.sampling.options import DrawOptions
from synapse.sampling.selection import sizes
from synapse.sampling.states import Method, Selection

UNEVEN = (
    "Too few clean records fail no rule at all, so some were drawn that fail one outside the "
    "scope. Not all had the same chance: they prove nothing of the others."
)


@dataclass(frozen=True)
class Proof:
    """The upper limit of the true rate when so many of the records deviate."""

    records: int
    deviations: int
    confidence: int
    upper_limit: str

    @property
    def sentence(self) -> str:
        noun = "record" if self.records == 1 else "records"
        found = f"with {self.deviations} deviation{'s' if self.deviations > 1 else ''}"
        found = "without a deviation" if not self.deviations else found
        verb = "proves" if self.records == 1 else "prove"
        return (
            f"{self.records:,} {noun} {found} {verb}, at {self.confidence} % confidence, "
            f"that at most {self.upper_limit} % deviate."
        )


def proof(records: int, deviations: int, confidence: int) -> Proof:
    """Exact, one-sided."""
    limit = sizes.upper_limit(records, deviations, confidence)
    return Proof(records, deviations, confidence, str(limit))


def proofs_of_draw(wished: DrawOptions, found: dict, samples: Iterable, records: int) -> list[str]:
    """What the random part says, and that the targeted part says nothing of the others."""
    drawn = [sample.selection for sample in samples]
    by_chance, targeted = drawn.count(Selection.RANDOM), drawn.count(Selection.TARGETED)
    sentences = []
    if by_chance:
        said = proof(by_chance, 0, wished.confidence).sentence
        if wished.method == Method.SIMPLE_RANDOM:
            left = records - found["excluded"]
            told = f"all {left:,} records" if left == records else f"the {left:,} not left out"
            sentences.append(f"{said} They were drawn at random from {told}.")
        elif found["stratum"]["is_even"]:
            sentences.append(f"{said} They were drawn at random from {_stratum(found)}.")
        else:
            sentences.append(UNEVEN)
    if targeted:
        sentences.append(
            f"{targeted:,} records were chosen for what they are; they say nothing of the records "
            "that were not chosen."
        )
    return sentences


def _stratum(found: dict) -> str:
    clean, spotless = found["stratum"]["clean"], found["stratum"]["spotless"]
    also = "" if clean == spotless else " that fail no rule outside the scope either"
    return f"the {spotless:,} clean records{also}, and speak of those alone"
