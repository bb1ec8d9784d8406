"""Greedy cover: few records that together exercise every attribute in scope."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Candidate:
    """A record that may be chosen; `attributes` are the places of those it gives a reason for."""

    record_no: int
    key: str
    category: str
    rank: int
    order: str
    attributes: frozenset[int] = frozenset()
    reasons: tuple[tuple[int, str], ...] = ()
    is_pinned: bool = False
    is_soiled: bool = False

    @property
    def place(self) -> tuple[int, str, int]:
        """Before all of lower rank; of one rank in seeded order."""
        return (-self.rank, self.order, self.record_no)


def cover(
    candidates: Iterable[Candidate], needs: dict[int, int], seats: dict[str, int]
) -> Iterator[tuple[Candidate, list[int]]]:
    """Records one by one that meet the most open needs, with the needs each meets.

    Lowers `needs` and `seats` as it goes.
    A gain only ever falls, so a stale gain at the top of the heap is computed again and put back.
    """
    heap = [(-_gain(each, needs), each.place, at, each) for at, each in enumerate(candidates)]
    heapq.heapify(heap)
    while heap and any(needs.values()) and any(seats.values()):
        stale, place, at, each = heapq.heappop(heap)
        if not seats.get(each.category):
            continue
        gain = _gain(each, needs)
        if not gain:
            continue
        if gain != -stale:
            heapq.heappush(heap, (-gain, place, at, each))
            continue
        met = sorted(at for at in each.attributes if needs.get(at))
        take(each, needs, seats)
        yield each, met


def take(candidate: Candidate, needs: dict[int, int], seats: dict[str, int]) -> None:
    seats[candidate.category] = max(0, seats[candidate.category] - 1)
    for attribute in candidate.attributes:
        if needs.get(attribute):
            needs[attribute] -= 1


def _gain(candidate: Candidate, needs: dict[int, int]) -> int:
    return sum(1 for attribute in candidate.attributes if needs.get(attribute))
