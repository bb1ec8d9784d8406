"""Intervals of shares, and whether two paired shares differ by more than chance."""

import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

CONFIDENCE = 0.95
Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
SHUFFLES = 9_999


@dataclass(frozen=True)
class Share:
    """`right` of `count`; without any, it has no value and no interval."""

    right: int
    count: int

    @property
    def value(self) -> float | None:
        return self.right / self.count if self.count else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % score interval.

        Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22
        (1927); recommended for few cases by Brown, Cai and DasGupta, Statistical Science 16 (2001).
        """
        if not self.count:
            return None
        n, p = self.count, self.right / self.count
        middle = (p + Z**2 / (2 * n)) / (1 + Z**2 / n)
        half = Z / (1 + Z**2 / n) * math.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
        return max(0.0, middle - half), min(1.0, middle + half)

    def __str__(self) -> str:
        return share_text(self.value, self.interval)


def share_text(value: float | None, interval: Sequence[float] | None) -> str:
    return "–" if value is None else f"{value:.3f} [{interval[0]:.3f}, {interval[1]:.3f}]"


# Of one thing, whether it counts, and whether it is right.
Pair = tuple[bool, bool]


def chance(first: Sequence[Pair], second: Sequence[Pair]) -> float | None:
    """How likely two shares of the same things would differ so much if neither were better.

    Two-sided, by exchanging the two outcomes of things at random: Noreen, "Computer-Intensive
    Methods for Testing Hypotheses" (1989), as used for recall and precision by Yeh, "More accurate
    tests for the statistical significance of result differences", COLING 2000. Where all things
    count in both, that is McNemar's exact test. None if one of the shares has no value.
    """
    ours, theirs = _Sums(first), _Sums(second)
    if not (ours.count and theirs.count):
        return None
    seen = abs(_difference(ours, theirs, 0))
    differing = [place for place, pair in enumerate(first) if pair != second[place]]
    if 2 ** len(differing) <= SHUFFLES + 1:
        swaps = _every_swap(differing)
        extreme = [abs(_difference(ours, theirs, swap)) >= seen - 1e-12 for swap in swaps]
        return sum(extreme) / len(extreme)
    shuffle = random.Random(0)  # noqa: S311  the same figures each time, not a secret
    swaps = (shuffle.getrandbits(len(first)) for _ in range(SHUFFLES))
    extreme = sum(abs(_difference(ours, theirs, swap)) >= seen - 1e-12 for swap in swaps)
    return (extreme + 1) / (SHUFFLES + 1)


class _Sums:
    """The things as bits of two numbers, so that an exchange is a mask."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        self.count = _bits(counts for counts, _ in pairs)
        self.right = _bits(counts and right for counts, right in pairs)


def _bits(flags: Iterable[bool]) -> int:
    return sum(1 << place for place, flag in enumerate(flags) if flag)


def _difference(ours: _Sums, theirs: _Sums, swap: int) -> float:
    return _share(ours, theirs, swap) - _share(theirs, ours, swap)


def _share(own: _Sums, other: _Sums, swap: int) -> float:
    count = ((own.count & ~swap) | (other.count & swap)).bit_count()
    right = ((own.right & ~swap) | (other.right & swap)).bit_count()
    return right / count if count else 0.0


def _every_swap(places: list[int]) -> list[int]:
    swaps = [0]
    for place in places:
        swaps += [swap | 1 << place for swap in swaps]
    return swaps
