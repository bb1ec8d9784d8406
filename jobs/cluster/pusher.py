"""Takes work off the queue for idle workers, as operators have set it: woken by NOTIFY, by
workers and by the sentinel.
"""

import logging
import select
import signal
import time

from django.db import DatabaseError, InterfaceError, connections

from jobs import leases, notify, tallies
from jobs.broker import POLL_SECONDS, JobBroker
from jobs.cluster import process
from jobs.cluster.listener import Listener
from jobs.cluster.slots import Board, Dispatcher, quiet
from jobs.conf import QUEUE_CHANNEL

logger = logging.getLogger(__name__)


class Pusher:
    """One queue's pusher; it claims only for idle workers, so no job waits behind a long one."""

    def __init__(self, board: Board, queue: str):
        self.board = board
        self.queue = queue
        self.broker = JobBroker(queue)
        self.listener = Listener(QUEUE_CHANNEL)
        self.dispatcher = Dispatcher(board)
        self.stopping = False
        self.hungry = True  # the queue may hold something that is due
        self.changed = True  # operators may have set something else
        self.look_at = 0.0  # for work, when a worker is idle
        self.poll_at = 0.0  # for what operators have set, also when none is
        self.wakeup = process.wake_on_signals(self._stop, signal.SIGTERM)

    def _stop(self) -> None:
        self.stopping = True

    def run(self) -> None:
        while not self.stopping:
            self.board.beat("pusher")
            self.bury_dead()
            # A connection just made may have missed a message.
            if self.listener.connect():
                self.hungry = self.changed = True
                if self.listener.losses:
                    tallies.count(tallies.RECONNECT, queue=self.queue)
            self.serve()
            self.sleep()
        self.listener.close()

    def bury_dead(self) -> None:
        """Re-queue the jobs of workers that died, and ask their slots' new workers."""
        for index, pid in self.board.deaths():
            try:
                leases.bury_process(pid)
            except (DatabaseError, InterfaceError) as error:
                connections.close_all()
                logger.warning("The sweeper must bury worker process %s: %s", pid, error)
            self.dispatcher.ask(index)
            self.hungry = True

    def serve(self) -> None:
        """Fill idle slots while the queue gives as much as is asked for."""
        while not self.stopping:
            slots = self.dispatcher.idle()
            if not self.must_look(slots):
                return
            rows = self.broker.dequeue(len(slots))
            for slot, (row, payload) in zip(slots, rows or (), strict=False):
                if payload.isdigit():
                    self.dispatcher.hand(slot, int(payload))
                else:
                    logger.error("Queue row %s carries no job id and is deleted.", row)
                    self.broker.fail(row)
            if slots:
                self.hungry = rows is not None and len(rows) == len(slots)
            if rows is not None:
                self.board.want(self.broker.workers)
            self.changed = False
            self.poll_at = time.monotonic() + POLL_SECONDS
            if not self.hungry:
                self.look_at = time.monotonic() + self.broker.wait()

    def must_look(self, slots: list) -> bool:
        now = time.monotonic()
        if self.changed or now >= self.poll_at:
            return True
        return bool(slots) and (self.hungry or now >= self.look_at)

    def sleep(self) -> None:
        """Wait for a message, a finished worker, a death, a signal, or the time to look again."""
        now = time.monotonic()
        until = self.poll_at
        if self.dispatcher.idle():
            until = now if self.hungry else min(until, self.look_at)
        sources = [self.board.bell, self.board.notes_out, self.wakeup]
        if self.listener.connected:
            sources.append(self.listener)
        else:
            until = min(until, self.listener.retry_at)
        if self.dispatcher.open_questions:
            until = min(until, now + 1)
        ready, _, _ = select.select(sources, [], [], max(until - now, 0))
        if self.wakeup in ready:
            process.drain(self.wakeup)
        if self.board.bell in ready:
            quiet(self.board.bell)
        if self.listener in ready:
            heard = self.listener.heard()
            self.changed |= notify.settings_payload(self.queue) in heard
            self.hungry |= self.changed or self.queue in heard
            # A loss is mended, and re-read, by the next connect().


def pusher(board: Board, queue: str) -> None:
    """Entry point of the process."""
    Pusher(board, queue).run()
