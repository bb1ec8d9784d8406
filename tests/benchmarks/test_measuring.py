"""The figures of the queue benchmark are those of the engine it is given."""

import pytest

from tests.benchmarks import measuring
from tests.benchmarks.measuring import Scale, measure
from tests.benchmarks.queue import cells

RATE, ASKS = 500.0, 4.0
SCALE = Scale(pickups=10, few=100, many=20_000, most=50_000, idle=10)


class Clock:
    """Time that passes only where somebody waits."""

    def __init__(self):
        self.now = 1_000.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.now += seconds


class Steady:
    """An engine that does so many jobs a second, and asks so many queries."""

    picks_up = True
    longest = 20_000

    def __init__(self, clock: Clock):
        self.clock, self.queued, self.since, self.pickups = clock, 0.0, clock.now, 0

    def fill(self, count: int) -> None:
        self.queued, self.since = self.left() + count, self.clock.now

    def left(self) -> int:
        return max(round(self.queued - RATE * (self.clock.now - self.since)), 0)

    def pickup(self) -> float:
        self.pickups += 1
        return self.pickups / 1000

    def asked(self) -> int:
        return round(ASKS * self.clock.now)


@pytest.fixture
def engine(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(measuring, "time", clock)
    return Steady(clock)


def test_a_steady_engine_shows_its_rates(engine):
    found = measure(engine, SCALE)
    assert found["few"] == pytest.approx(RATE, rel=0.05)
    assert found["many"] == pytest.approx(RATE, rel=0.01)
    assert found["idle"] == pytest.approx(ASKS, rel=0.1)
    assert (found["p50"], found["p99"]) == (6, 10)


def test_a_queue_longer_than_the_engine_takes_is_not_measured(engine):
    assert "most" not in measure(engine, SCALE)


def test_a_queue_that_runs_dry_is_measured_up_to_there(engine):
    assert measuring.drain_rate(engine, 600, SCALE) == pytest.approx(RATE, rel=0.05)


def test_a_queue_that_is_never_done_ends_the_measuring(engine, monkeypatch):
    monkeypatch.setattr(engine, "left", lambda: 1)
    with pytest.raises(TimeoutError):
        measuring.drain_all(engine, 1)


def test_what_was_not_measured_has_a_dash_and_what_was_its_ratio():
    base = {"few": 100.0, "many": 50.0, "idle": 1.0, "memory": 10.0}
    found = base | {"few": 150.0, "most": 7.0}
    shown = cells(found, base, SCALE, ["a", "b", "c", "d", "e", "f"]).split()
    assert shown == ["-", "150", "(1.50x)", "50", "(1.00x)", "7", "1.00", "10"]
