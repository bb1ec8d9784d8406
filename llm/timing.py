"""How long an attempt waited until it was sent, and how long it then took."""

import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Times:
    """Of one attempt, in milliseconds; it was never sent where `queue_ms` is None."""

    queue_ms: int | None = None
    latency_ms: int = 0


class Stopwatch:
    """Of one `complete`: its laps are by turns a wait and an attempt, and leave nothing out."""

    def __init__(self) -> None:
        self._since = time.monotonic()

    def lap(self) -> int:
        """Milliseconds since the lap before, or since the beginning."""
        now = time.monotonic()
        lap, self._since = round((now - self._since) * 1000), now
        return lap
