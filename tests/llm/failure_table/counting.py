"""What a failure cost: calls by the endpoint's own count, tokens by the trail and the budgets."""

import time
from dataclasses import dataclass

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from llm.models import Budget, CachedAnswer, Circuit, LLMCall, Reservation
from tests.llm.failure_table import table

# Above what any test spends: it is only there to count.
PLENTY = 10_000_000


@dataclass(frozen=True)
class Bill:
    """`calls` came to the endpoint, and `billed` are the tokens of the answers it sent; `attempts`
    are rows of the trail, `tokens` what they say, `spent` what the day's budget lost."""

    calls: int
    attempts: int
    billed: int
    tokens: int
    spent: int


class Counter:
    """Counts from the start of a test, and holds it against the table."""

    def __init__(self, simulator) -> None:
        self.simulator = simulator

    def bill(self) -> Bill:
        stats = self.simulator.stats()
        attempts = LLMCall.objects.filter(cached=False)
        known = Coalesce("tokens_in", 0) + Coalesce("tokens_out", 0)
        day = Budget.objects.filter(name__startswith="day:")
        return Bill(
            calls=sum(stats["by_operation"].values()),
            attempts=attempts.count(),
            billed=stats["tokens_in"] + stats["tokens_out"],
            tokens=attempts.aggregate(sum=Sum(known))["sum"] or 0,
            spent=day.aggregate(sum=Sum("spent"))["sum"] or 0,
        )

    def within(self, key: str) -> Bill:
        """The bill, after a check of all of it: each call has its row, nothing is paid but not
        counted, no more was called or spent than the row of the table allows, nothing is left.
        """
        row, bill = table.row(key), self.bill()
        assert bill.attempts == bill.calls
        assert bill.spent >= bill.billed >= bill.tokens
        assert bill.calls <= row.calls
        assert bill.spent <= row.tokens
        self.nothing_is_left()
        return bill

    def nothing_is_left(self) -> None:
        """No call open, no lease, no probe, no reservation; steps that undo may still be at it."""
        until = time.monotonic() + 20
        while (left := self.left()) and time.monotonic() < until:
            time.sleep(0.05)
        assert left == {}

    def left(self) -> dict[str, int]:
        found = {
            "open calls": LLMCall.objects.filter(settled_at=None).count(),
            "leases": CachedAnswer.objects.exclude(lease=None).count(),
            "probes": Circuit.objects.exclude(probe=None).count(),
            "reservations": Reservation.objects.count(),
            "reserved tokens": Budget.objects.filter(~Q(reserved=0)).count(),
            "calls at the endpoint": self.simulator.stats()["in_flight"],
        }
        return {name: count for name, count in found.items() if count}
