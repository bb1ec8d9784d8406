"""The helper for sample sizes: how many records a statement needs, and what a number proves."""

from dataclasses import dataclass
from decimal import Decimal

from synapse.sampling.options import LARGEST
from synapse.sampling.proof import Proof, proof
from synapse.sampling.selection import sizes

DEVIATIONS = (0, 1, 2)


@dataclass(frozen=True)
class Answer:
    """A size with the deviations it allows; none where no sample is enough."""

    size: int | None
    allowed: int | None
    sentence: str
    proofs: list[Proof]


def answer(
    *,
    confidence: int,
    tolerable: Decimal,
    expected: Decimal,
    population: int | None = None,
    records: int | None = None,
) -> Answer:
    """The size for these rates, and what that many records, or `records`, prove."""
    found = sizes.sample_size(confidence, tolerable, expected, population)
    size = found.size if found else None
    allowed = found.allowed if found else None
    return Answer(
        size=size,
        allowed=allowed,
        sentence=_sentence(size, allowed, confidence, tolerable, expected),
        proofs=_proofs(records or size, confidence),
    )


def proofs_of(size, population: int | None, confidence: int = 95) -> list[Proof]:
    """What a random sample of the size that stands in a form proves; nothing if it is no size."""
    text = str(size)
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:6]) <= LARGEST):
        return []
    return _proofs(min(int(text[:6]), population or LARGEST), confidence)


def _proofs(records: int | None, confidence: int) -> list[Proof]:
    if not records:
        return []
    return [proof(records, found, confidence) for found in DEVIATIONS if found < records]


def _sentence(size, allowed, confidence: int, tolerable: Decimal, expected: Decimal) -> str:
    tolerable, expected = f"{tolerable.normalize():f}", f"{expected.normalize():f}"
    if size is None:
        return (
            f"No sample of up to {LARGEST:,} records is enough: the expected rate of {expected} % "
            f"has to be further under the tolerable one of {tolerable} %."
        )
    found = "no deviation" if not allowed else f"at most {allowed} deviation"
    found += "s" if allowed > 1 else ""
    return (
        f"{size:,} records: with {found} among them, the rate is under {tolerable} % "
        f"at {confidence} % confidence."
    )
