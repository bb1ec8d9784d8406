"""Breaks off a run that reaches no item boundary: in its own thread, or else with its process."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import Error, connections

from jobs import progress
from jobs.errors import CancelSeen, LeaseLost, RunEnded, TimedOut
from jobs.run import JobRun

logger = logging.getLogger(__name__)

# A run that has not looked for its requests for this long is looked after from outside.
LOOK_SECONDS = 2.0
# How long a task may take to come to its end once it was told to.
UNWIND_SECONDS = 10.0


@contextmanager
def alarm(run: JobRun) -> Iterator[None]:
    """Raise in the run's code when its time is up, or when a warden calls it.

    Only the main thread can be interrupted so; elsewhere a run ends at its boundaries alone.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(_signum, _frame):
        if run.ended is None:
            run.interrupted = True
            run.end(run.summons or TimedOut())

    before = signal.signal(signal.SIGALRM, ring)
    # A little later than the run's own deadline, which ends it more gently.
    signal.setitimer(signal.ITIMER_REAL, run.job.timeout + 0.5)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class Warden:
    """A thread of a worker process that sees to what its main thread can't see to itself.

    A task that looks for no requests is interrupted when it is cancelled or its lease was lost.
    One that swallows what ends it, or sleeps in compiled code, ends with its process: `record`
    writes down how, from the signal that it did not heed.
    """

    def __init__(
        self,
        current: Callable[[], JobRun | None],
        record: Callable[[JobRun, RunEnded], None],
    ):
        self._current = current
        self._record = record

    def start(self) -> None:
        """Called in the main thread, whose alarm may be rung between two runs from now on."""
        signal.signal(signal.SIGALRM, lambda _signum, _frame: None)
        threading.Thread(target=self._watch, name="jobs-warden", daemon=True).start()

    def _watch(self) -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            run = self._current()
            if run is not None:
                self.see_to(run)

    def see_to(self, run: JobRun) -> None:
        now = time.monotonic()
        if now - (run.ended_at or run.deadline) > UNWIND_SECONDS:
            self._end_process(run)
        elif run.ended is None and run.summons is None and now - run.looked > LOOK_SECONDS:
            run.summons = self._requests(run)
            if run.summons is not None and self._current() is run:
                signal.pthread_kill(threading.main_thread().ident, signal.SIGALRM)

    @staticmethod
    def _requests(run: JobRun) -> RunEnded | None:
        try:
            return CancelSeen() if progress.look(run.job).cancel else None
        except LeaseLost as lost:
            return lost
        except Error as error:
            logger.warning("Job %s can't be looked after now: %s", run.job.pk, error)
            return None
        finally:
            connections.close_all()

    def _end_process(self, run: JobRun) -> None:
        logger.error("Job %s (%s) does not end: its process does.", run.job.pk, run.job.task)
        try:
            self._record(run, run.ended or run.summons or TimedOut())
        finally:
            os._exit(1)
