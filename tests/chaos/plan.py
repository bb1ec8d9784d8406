"""What happens in a storm, and when: drawn from a seed before it begins."""

import random
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A sort of event; `strike(storm)` is False if there is nothing to strike just now."""

    name: str
    share: int
    strike: Callable[..., bool]


KINDS: dict[str, Kind] = {}


def kind(share: int):
    """Declares a function as an event, so many of about a thousand; its name is the kind's."""

    def declare(function: Callable[..., bool]) -> Callable[..., bool]:
        KINDS[function.__name__] = Kind(function.__name__, share, function)
        return function

    return declare


@dataclass(frozen=True)
class Planned:
    kind: Kind
    gap: float  # seconds since the one before


def draw(chance: random.Random, by_name: dict[str, Kind], events: int, gap: float) -> list[Planned]:
    """Each kind once, however short the storm; the rest by their shares, in any order.

    What lasts longest comes first, in one go.
    """
    kinds = [*by_name.values()]
    if events < len(kinds):
        raise ValueError(f"{events} events have no room for all {len(kinds)} kinds.")
    more = chance.choices(kinds, [each.share for each in kinds], k=events - len(kinds))
    first = [by_name["freeze"], by_name["nap"]]
    rest = [each for each in kinds if each not in first] + more
    chance.shuffle(rest)
    return [Planned(each, min(chance.expovariate(1 / gap), 4 * gap)) for each in first + rest]
