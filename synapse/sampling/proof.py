"""What drawn records prove of those that were not drawn, in sentences."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from synapse.sampling.options import DrawOptions
from synapse.sampling.selection import sizes
from synapse.sampling.states import Method, Selection

TENTH = Decimal("0.1")


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
            f"{self.records:,} {noun} {found} {verb} at most {self.upper_limit} % "
            f"at {self.confidence} %."
        )


def proof(records: int, deviations: int, confidence: int, population: int | None = None) -> Proof:
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
            sentences.append(f"{said} They were drawn at random from all {records:,} records.")
        else:
            sentences.append(f"{said} They were drawn at random from {_stratum(found)}.")
    if targeted:
        sentences.append(
            f"{targeted:,} records were chosen for what they are; they say nothing of the records "
            "that were not chosen."
        )
    return sentences


def _stratum(found: dict) -> str:
    available = found.get("categories", {}).get("clean", {}).get("available")
    told = "the" if available is None else f"the {available:,}"
    return f"{told} clean records, and speak of those alone"
