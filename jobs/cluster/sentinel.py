"""Starts a queue's processes, and another in place of each that dies."""

import logging
import os
import signal
import time
import uuid
from collections.abc import Callable
from multiprocessing import connection
from multiprocessing.process import BaseProcess

from django_q.cluster import Sentinel
from django_q.conf import Conf
from django_q.status import Stat

from jobs.broker import JobBroker
from jobs.cluster import process
from jobs.cluster.flag import SharedFlag, SharedPulse
from jobs.cluster.monitor import monitor
from jobs.cluster.pusher import pusher
from jobs.cluster.seat import Seat
from jobs.cluster.slots import Board, quiet
from jobs.cluster.worker import worker

logger = logging.getLogger(__name__)

GUARD_SECONDS = 5.0
# Together under the 25 s after which a supervisor kills.
PUSHER_GRACE = 2.0
WORKER_GRACE = 18.0


class JobSentinel(Sentinel):
    """Django-Q2's sentinel without its queues, whose locks die with their holder.

    It never opens a database connection and starts no thread, so every child forks clean.
    """

    def __init__(
        self,
        stop_event: SharedFlag,
        start_event: SharedFlag,
        cluster_id: uuid.UUID,
        queue: str,
        workers: int,
        pulse: SharedPulse,
    ):
        super().__init__(stop_event, start_event, cluster_id, JobBroker(queue), start=False)
        self.pulse = pulse
        self.wakeup = process.wake_on_signals(stop_event.set, signal.SIGTERM)
        self.board = Board(workers)
        self.worker_seats = [
            Seat(
                f"jobs-w{index} {queue}",
                self._starter(f"jobs-w{index} {queue}", worker, slot, queue, cluster_id),
                index,
            )
            for index, slot in enumerate(self.board.slots)
        ]
        self.monitor_seat = Seat("monitor", self._starter(f"jobs-mon {queue}", monitor, self.board))
        self.pusher_seat = Seat(
            "pusher", self._starter(f"jobs-push {queue}", pusher, self.board, queue)
        )
        self.start()

    @property
    def seats(self) -> list[Seat]:
        """Those that are to be filled now."""
        workers = self.worker_seats[: self.board.wanted]
        return [*workers, self.monitor_seat, self.pusher_seat]

    @property
    def held_seats(self) -> list[Seat]:
        """Those that a process holds, also a worker that is to leave."""
        everyone = [*self.worker_seats, self.monitor_seat, self.pusher_seat]
        return [seat for seat in everyone if seat.process]

    @staticmethod
    def _starter(name: str, target: Callable, *args) -> Callable[[], BaseProcess]:
        return lambda: process.start(name, target, *args)

    def start(self) -> None:
        self.spawn_cluster()
        self.guard()

    def spawn_cluster(self) -> None:
        for seat in self.seats:
            seat.fill()
        self._show()

    def guard(self) -> None:
        self.start_event.set()
        logger.info("Cluster %s serves %s.", self.cluster_id, self.queue_name())
        while not self.stop_event.is_set():
            self.pulse.beat()
            self._show()
            waiting = [seat.due for seat in self.seats if seat.process is None]
            self._wait(max(min([GUARD_SECONDS + time.monotonic(), *waiting]) - time.monotonic(), 0))
            self._kill_frozen()
            self._dismiss_surplus()
            self._replace_dead()
        self.stop()

    def _wait(self, seconds: float) -> None:
        """Until a child dies, a signal comes, the size is changed, or the time is over."""
        alive = [seat.process.sentinel for seat in self.held_seats]
        ready = connection.wait([*alive, self.wakeup, self.board.resized], seconds)
        if self.wakeup in ready:
            process.drain(self.wakeup)
        if self.board.resized in ready:
            quiet(self.board.resized)

    def _kill_frozen(self) -> None:
        for seat in (self.pusher_seat, self.monitor_seat):
            if seat.process and not seat.feel(self.board.pulse(seat.name)):
                logger.error("The %s (pid %s) is frozen: killed.", seat.name, seat.process.pid)
                seat.process.kill()

    def _dismiss_surplus(self) -> None:
        for seat in self.worker_seats[self.board.wanted :]:
            seat.dismiss()

    def _replace_dead(self) -> None:
        for seat in self.held_seats:
            if not seat.process.is_alive():
                self.reincarnate(seat)
        for seat in self.seats:
            if seat.process is None and time.monotonic() >= seat.due:
                seat.fill()

    def reincarnate(self, seat: Seat) -> None:
        """Tell the pusher whose worker died, so that its job is queued again at once."""
        pid = seat.process.pid
        code = seat.vacate()
        self.reincarnations += 1
        log = logger.info if code == 0 else logger.warning
        log("%s (pid %s) ended with %s.", seat.name, pid, code)
        told = seat.slot is None or self.board.report_death(seat.slot, pid)
        if not told and self.pusher_seat.process:
            # It reads no more (frozen): the next one asks every slot when it starts.
            self.pusher_seat.process.kill()

    def status(self) -> str:
        if self.stop_event.is_set():
            return Conf.STOPPING if self.held_seats else Conf.STOPPED
        return Conf.IDLE if self.start_event.is_set() else Conf.STARTING

    def _show(self) -> None:
        """Keep what Django-Q2's statistics read."""
        self.pool_size = self.board.wanted
        self.pool = [seat.process for seat in self.worker_seats if seat.process]
        self.monitor = self.monitor_seat.process
        self.pusher = self.pusher_seat.process
        Stat(self).save()

    def stop(self) -> None:
        """Stop claiming, let workers release their jobs, and kill what is left."""
        self._end([self.pusher_seat], PUSHER_GRACE)
        self._end(self.worker_seats, WORKER_GRACE)
        self._end([self.monitor_seat], PUSHER_GRACE)
        logger.info("Cluster %s of %s has stopped.", self.cluster_id, self.queue_name())

    def _end(self, seats: list[Seat], grace: float) -> None:
        alive = [seat for seat in seats if seat.process]
        for seat in alive:
            os.kill(seat.process.pid, signal.SIGTERM)
        deadline = time.monotonic() + grace
        for seat in alive:
            seat.process.join(max(deadline - time.monotonic(), 0))
            if seat.process.is_alive():
                logger.warning("%s (pid %s) does not stop: killed.", seat.name, seat.process.pid)
                seat.process.kill()
            seat.vacate()
