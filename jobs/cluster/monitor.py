"""The cluster's housekeeper: sweeps for what is lost, and starts what is due by the clock."""

import logging
import signal
import time

from django.db import DatabaseError, InterfaceError, connections

from jobs import conf
from jobs.clock import Clock
from jobs.cluster import process
from jobs.cluster.deathwatch import DeathWatch
from jobs.cluster.slots import Board
from jobs.sweeper import Sweeper

logger = logging.getLogger(__name__)
# Deaths on this machine are seen at once: a sweep is for what dies unseen, such as another host.
ALARMED_SECONDS = 2.0
IDLE_SECONDS = 4.0
LONGEST_BACKOFF = 10.0
# Well before the sentinel takes a monitor without a pulse for frozen.
LONGEST_PAUSE = 30.0


class Monitor:
    def __init__(self, board: Board):
        self.board = board
        self.stopping = False
        self.wakeup = process.wake_on_signals(self._stop, signal.SIGTERM)
        self.sweeper = Sweeper()
        self.deaths = DeathWatch()
        self.clock = Clock()
        self.failures = 0

    def _stop(self) -> None:
        self.stopping = True

    def run(self) -> None:
        while not self.stopping:
            self.board.beat("monitor")
            wait = self.sweep()
            self.deaths.wait(wait, self.wakeup)
            process.drain(self.wakeup)
        # Workers that had to be killed at the end: perhaps nobody else is there to bury them.
        self.sweep()
        connections.close_all()

    def sweep(self) -> float:
        """One sweep; returns the seconds until the next."""
        begun = time.monotonic()
        try:
            self.sweeper.sweep()
            if conf.CLOCK:
                self.clock.turn()
        except (DatabaseError, InterfaceError) as error:
            connections.close_all()
            wait = min(2**self.failures, LONGEST_BACKOFF)
            self.failures += 1
            logger.warning("The sweep failed, again in %.0f s: %s", wait, error)
            return wait
        self.failures = 0
        self.deaths.follow(self.sweeper.neighbours)
        rest = ALARMED_SECONDS if self.sweeper.alarmed else IDLE_SECONDS
        # A slow sweep leaves the database four times as long to others.
        return min(max(rest, 4 * (time.monotonic() - begun)), LONGEST_PAUSE)


def monitor(board: Board) -> None:
    """Entry point of the process."""
    Monitor(board).run()
