"""The housekeeper's rhythm."""

from types import SimpleNamespace

from jobs.cluster.deathwatch import DeathWatch
from jobs.cluster.monitor import Monitor
from jobs.cluster.seat import FROZEN_SECONDS


def test_a_slow_sweep_is_no_reason_to_be_taken_for_frozen(monkeypatch):
    moments = iter([0.0, 60.0])
    clock = SimpleNamespace(monotonic=lambda: next(moments))
    monkeypatch.setattr("jobs.cluster.monitor.time", clock)
    housekeeper = Monitor.__new__(Monitor)  # as a process it would hear this one's signals
    housekeeper.sweeper = SimpleNamespace(sweep=lambda: None, alarmed=False, neighbours=set())
    housekeeper.deaths = DeathWatch()
    assert 1 < housekeeper.sweep() < FROZEN_SECONDS - 60
