"""The helper for sample sizes: how many records a statement needs, and what a number proves."""

from dataclasses import dataclass

from synapse.sampling.proof import Proof

DEVIATIONS = (0, 1, 2)


@dataclass(frozen=True)
class Answer:
    """A size with the deviations it allows; none where no sample is enough."""

    size: int | None
    allowed: int | None
    sentence: str
    proofs: list[Proof]
