"""One place in a cluster, and the process that holds it now."""

import os
import signal
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess

# A process that dies this young is started again after a pause that doubles.
YOUNG_SECONDS = 1.0
LONGEST_PAUSE = 5.0
# A pusher or monitor that shows no pulse for so long is frozen. Both may wait 60 s for a
# statement and 30 s for a connection.
FROZEN_SECONDS = 120.0


class Seat:
    """One place in the cluster, and the process that holds it now."""

    def __init__(self, name: str, start: Callable[[], BaseProcess], slot: int | None = None):
        self.name = name
        self.start = start
        self.slot = slot
        self.process: BaseProcess | None = None
        self.born = 0.0
        self.early_deaths = 0
        self.due = 0.0
        self.dismissed = False
        self.pulse = -1
        self.pulse_seen = 0.0

    def fill(self) -> None:
        self.process = self.start()
        self.dismissed = False
        self.born = self.pulse_seen = time.monotonic()

    def dismiss(self) -> None:
        """Have the process leave when it can: a worker at the next item of its job."""
        if self.process and not self.dismissed:
            self.dismissed = True
            os.kill(self.process.pid, signal.SIGTERM)

    def feel(self, pulse: int) -> bool:
        """Whether the process goes on, as far as its pulse tells."""
        now = time.monotonic()
        if pulse != self.pulse:
            self.pulse, self.pulse_seen = pulse, now
        return now - self.pulse_seen < FROZEN_SECONDS

    def vacate(self) -> int | None:
        """Reap the dead process and say when the next may start; returns its exit code."""
        self.process.join()
        code = self.process.exitcode
        self.process.close()
        self.process = None
        # Who was killed from outside did not fail to start.
        young = code != -signal.SIGKILL and time.monotonic() - self.born < YOUNG_SECONDS
        self.early_deaths = self.early_deaths + 1 if young else 0
        pause = min(0.1 * 2**self.early_deaths, LONGEST_PAUSE) if self.early_deaths else 0.0
        self.due = time.monotonic() + pause
        return code
