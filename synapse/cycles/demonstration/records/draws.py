"""Seeded chance: the same seed draws the same values on every machine and Python version."""

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta


class Draws:
    """Draws built on `random()` alone, the one method whose sequence Python promises to keep."""

    def __init__(self, seed: int | str):
        self._random = random.Random(f"{seed}").random  # noqa: S311  made-up data

    def chance(self, probability: float) -> bool:
        return self._random() < probability

    def share(self, low: float = 0.0, high: float = 1.0) -> float:
        return low + (high - low) * self._random()

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self._random() * (high - low + 1))

    def bell(self, middle: float, spread: float) -> float:
        """Near `middle`, rarely further off than three spreads: a sum of twelve uniforms."""
        return middle + spread * (sum(self._random() for _ in range(12)) - 6)

    def among(self, choices: Sequence):
        return choices[int(self._random() * len(choices))]

    def weighted(self, weights: Mapping):
        """A key of `weights`, as likely as its weight."""
        left = self._random() * sum(weights.values())
        for key, weight in weights.items():
            left -= weight
            if left < 0:
                return key
        return key

    def day(self, first: date, last: date) -> date:
        return first + timedelta(days=self.whole(0, max(0, (last - first).days)))

    def digits(self, count: int) -> str:
        return "".join(str(self.whole(0, 9)) for _ in range(count))


def within(low: float, value: float, high: float) -> float:
    return min(max(value, low), high)
