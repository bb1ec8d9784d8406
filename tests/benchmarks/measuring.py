"""What is measured of a queue, whichever engine serves it; imports nothing of the project.

Peers measure themselves with it in a virtual environment of their own.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

PAUSE_SECONDS = 0.02
# PostgreSQL counts what a connection asked for up to 10 s after it has fallen idle.
SETTLE_SECONDS = 11.0
POLL_SECONDS = 0.25
# A look at a long queue costs the server much: it is left alone for so many times as long.
REST = 10


@dataclass(frozen=True)
class Scale:
    """How much is measured: jobs, and seconds of an idle stretch, a warm-up and a window."""

    pickups: int = 200
    few: int = 1_000
    many: int = 100_000
    most: int = 1_000_000
    idle: float = 20.0
    warm: float = 2.0
    window: float = 8.0


class Served(Protocol):
    """A queue with workers on it."""

    picks_up: bool  # whether the start of a task can be told
    longest: int  # queued jobs that it is filled with at most

    def fill(self, count: int) -> None:
        """Queue so many jobs that do nothing."""

    def left(self) -> int:
        """How many are not yet done."""

    def pickup(self) -> float:
        """Seconds from the commit of one job to the start of its task."""

    def asked(self) -> int:
        """Queries that its server has answered so far; holds no connection afterwards."""


def measure(served: Served, scale: Scale) -> dict[str, float]:
    """Figures by name; what isn't measured of this engine is left out."""
    found = {}
    warm_up(served)
    if served.picks_up:
        times = []
        for _ in range(scale.pickups):
            times.append(served.pickup() * 1000)
            time.sleep(PAUSE_SECONDS)
        times.sort()
        found["p50"], found["p99"] = times[len(times) // 2], times[len(times) * 99 // 100]
    found["few"] = drain_all(served, scale.few)
    found["idle"] = idle_rate(served, scale.idle)
    for name, count in (("many", scale.many), ("most", scale.most)):
        if 0 < count <= served.longest:
            found[name] = drain_rate(served, count, scale)
    return found


def warm_up(served: Served) -> None:
    served.fill(10)
    wait(lambda: served.left() == 0, 90)


def drain_all(served: Served, count: int) -> float:
    """Jobs a second until the last of them is done."""
    served.fill(count)
    begun = time.monotonic()
    wait(lambda: served.left() == 0, 600)
    return count / (time.monotonic() - begun)


def drain_rate(served: Served, count: int, scale: Scale) -> float:
    """Jobs a second over a window in which the queue stays about as long as it was filled.

    A queue that is too short for it is measured until a tenth of it is left.
    """
    served.fill(count - served.left())
    watch(served, scale.warm, until=count * 0.8)
    before, begun = served.left(), time.monotonic()
    left = watch(served, scale.window, until=count * 0.1)
    return (before - left) / (time.monotonic() - begun)


def watch(served: Served, seconds: float, until: float) -> int:
    """Wait so long, or until the queue is down to this; returns what is left."""
    deadline = time.monotonic() + seconds
    while True:
        looked = time.monotonic()
        left = served.left()
        now = time.monotonic()
        if now >= deadline or left <= until:
            return left
        time.sleep(min(max(POLL_SECONDS, REST * (now - looked)), deadline - now))


def idle_rate(served: Served, seconds: float) -> float:
    """Queries a second of an engine that has nothing to do, as its server counts them."""
    served.asked()
    time.sleep(SETTLE_SECONDS)
    before, begun = served.asked(), time.monotonic()
    time.sleep(seconds)
    return (served.asked() - before) / (time.monotonic() - begun)


def wait(condition: Callable[[], bool], seconds: float, step: float = 0.005) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"The queue is not done after {seconds:.0f} s")
        time.sleep(step)
