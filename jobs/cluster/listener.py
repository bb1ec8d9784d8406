"""Hears NOTIFY on a connection of its own, which comes back by itself."""

import contextlib
import logging
import time

import psycopg

from jobs import direct

logger = logging.getLogger(__name__)
LONGEST_WAIT = 5.0


class Listener:
    """LISTEN on one channel; after a loss it reports "something may have been missed"."""

    def __init__(self, channel: str):
        self.channel = channel
        self.connection: psycopg.Connection | None = None
        self.losses = 0
        self.failures = 0
        self.retry_at = 0.0

    @property
    def connected(self) -> bool:
        return self.connection is not None

    def fileno(self) -> int:
        return self.connection.pgconn.socket

    def connect(self) -> bool:
        """Connect if need be and it is time to try; True if it has just succeeded."""
        if self.connection is not None or time.monotonic() < self.retry_at:
            return False
        try:
            connection = direct.connect("listen")
            connection.execute(f'LISTEN "{self.channel}"')
        except psycopg.Error as error:
            self._failed(error)
            return False
        self.connection = connection
        self.failures = 0
        return True

    def heard(self) -> set[str]:
        """Payloads that have come; a lost connection is closed and gives none."""
        if self.connection is None:
            return set()
        payloads = set()
        try:
            self.connection.pgconn.consume_input()
            while notice := self.connection.pgconn.notifies():
                payloads.add(notice.extra.decode())
        except psycopg.Error as error:
            self.losses += 1
            self.close()
            self._failed(error)
        return payloads

    def close(self) -> None:
        if self.connection is not None:
            with contextlib.suppress(psycopg.Error):
                self.connection.close()
            self.connection = None

    def _failed(self, error: Exception) -> None:
        wait = min(0.1 * 2**self.failures, LONGEST_WAIT)
        self.failures += 1
        self.retry_at = time.monotonic() + wait
        logger.warning("LISTEN %s is down, again in %.1f s: %s", self.channel, wait, error)
