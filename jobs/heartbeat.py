"""A worker's lease: its row, and the beat that keeps it, on a connection of its own."""

import contextlib
import logging
import os
import select
import threading
import time
import uuid
from collections.abc import Callable

import psycopg

from jobs import direct, identity
from jobs.models import Worker

logger = logging.getLogger(__name__)

BEAT_SECONDS = 5.0
# Without a job every other beat is left out: one that starts meanwhile still has 10 s of its lease.
LEASE_SECONDS = 20.0
RETRY_SECONDS = 1.0

REGISTER = """
INSERT INTO jobs_worker
    (cluster, queue, host, slot, pid, pid_started, memory_kb, backend_pid, backend_started)
SELECT %s, %s, %s, %s, %s, %s, %s, pid, backend_start
FROM pg_stat_activity WHERE pid = pg_backend_pid()
RETURNING id
"""
BEAT = """
UPDATE jobs_worker AS w SET beat_at = now(), memory_kb = %s,
    backend_pid = a.pid, backend_started = a.backend_start
FROM pg_stat_activity AS a WHERE a.pid = pg_backend_pid() AND w.id = %s AND w.stopped_at IS NULL
"""
STOP = "UPDATE jobs_worker SET stopped_at = now() WHERE id = %s AND stopped_at IS NULL"


class Heartbeat(threading.Thread):
    """Beats every 5 s, without a job every 10 s; calls `on_lost` when the row says that others took
    this worker for dead.

    The beat is the lease of whatever job runs. It waits on its own connection's socket, so a
    connection cut from outside is replaced at once and the worker isn't taken for dead.
    """

    def __init__(self, queue: str, cluster_id: uuid.UUID, slot: int, on_lost: Callable[[], None]):
        super().__init__(name="heartbeat", daemon=True)
        self.queue = queue
        self.cluster_id = cluster_id
        self.slot = slot
        self.on_lost = on_lost
        self.connection: psycopg.Connection | None = None
        self.worker_id: int | None = None
        self.busy = False  # a job runs
        self.stopping = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)

    def register(self, give_up: Callable[[], bool]) -> Worker | None:
        """Make this worker's row, however long the database takes; None once `give_up()`."""
        pid, ticks = identity.own()
        values = [str(self.cluster_id), self.queue, identity.host(), self.slot, pid, ticks]
        while not give_up():
            try:
                measured = [*values, identity.memory_kb()]
                row = self._connected().execute(REGISTER, measured).fetchone()
            except psycopg.Error as error:
                logger.warning("This worker cannot register yet: %s", error)
                self._disconnect()
                time.sleep(RETRY_SECONDS)
                continue
            self.worker_id = row[0]
            return Worker(
                pk=self.worker_id,
                cluster=values[0],
                queue=self.queue,
                host=values[2],
                slot=self.slot,
                pid=pid,
                pid_started=ticks,
            )
        return None

    def run(self) -> None:
        try:
            self._beat_until_told()
        except Exception:
            # A worker that beats no more must take no more jobs: each would be taken from it.
            logger.exception("The heartbeat of worker %s broke: it leaves.", self.worker_id)
            self.on_lost()

    def _beat_until_told(self) -> None:
        wait = BEAT_SECONDS
        left_out = False
        while not self._told_to_stop(wait):
            if not (self.busy or left_out or wait < BEAT_SECONDS or self.connection is None):
                left_out = True
                continue
            try:
                values = [identity.memory_kb(), self.worker_id]
                kept = self._connected().execute(BEAT, values).rowcount
            except psycopg.Error as error:
                logger.warning("A beat failed, again in %.0f s: %s", RETRY_SECONDS, error)
                self._disconnect()
                wait = RETRY_SECONDS
                continue
            wait = BEAT_SECONDS
            left_out = False
            if not kept:
                logger.warning("Worker %s was taken for dead: it leaves.", self.worker_id)
                self.on_lost()
                return

    def stop(self) -> None:
        """End the lease in good order, when no job runs any more."""
        os.eventfd_write(self.stopping, 1)
        if self.is_alive():
            self.join(BEAT_SECONDS)
        with contextlib.suppress(psycopg.Error):
            self._connected().execute(STOP, [self.worker_id])
        self._disconnect()

    def _told_to_stop(self, seconds: float) -> bool:
        sources = [self.stopping]
        if self.connection is not None:
            sources.append(self.connection.pgconn.socket)
        ready, _, _ = select.select(sources, [], [], seconds)
        if self.stopping in ready:
            return True
        if ready:
            self._look_at_connection()
        return False

    def _look_at_connection(self) -> None:
        """The server said something unasked: a notice, or that the connection is over."""
        try:
            self.connection.pgconn.consume_input()
        except psycopg.Error:
            self._disconnect()

    def _connected(self) -> psycopg.Connection:
        if self.connection is None or self.connection.closed:
            self.connection = direct.connect("beat")
        return self.connection

    def _disconnect(self) -> None:
        if self.connection is not None:
            with contextlib.suppress(psycopg.Error):
                self.connection.close()
            self.connection = None
