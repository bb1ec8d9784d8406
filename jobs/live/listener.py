"""The process's LISTEN connection: never from Django's pool, reconnecting for ever."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable

import psycopg

from jobs import direct, tallies
from jobs.conf import PROGRESS_CHANNEL
from jobs.live import threads

logger = logging.getLogger(__name__)

FIRST_DELAY = 0.1
LONGEST_DELAY = 10.0


@threads.on(threads.READING)
def count_return() -> None:
    tallies.count(tallies.RECONNECT)


class Listener:
    """Hears notices on one connection; calls `connected` after each (re)connect.

    Whatever was said while nobody listened is gone, so `connected` must re-read.
    """

    def __init__(self, heard: Callable[[str], None], connected: Callable[[], Awaitable[None]]):
        self._heard = heard
        self._connected = connected
        self._connection: psycopg.AsyncConnection | None = None
        self._was_connected = False

    @property
    def backend_pid(self) -> int | None:
        """The server process behind the connection; None while there is none."""
        return self._connection.info.backend_pid if self._connection else None

    async def run(self) -> None:
        """Listens until cancelled."""
        delay = FIRST_DELAY
        while True:
            try:
                await self._connect()
                delay = FIRST_DELAY
                await self._connected()
                if self._was_connected:
                    await count_return()
                self._was_connected = True
                async for notice in self._connection.notifies():
                    self._heard(notice.payload)
            except (psycopg.Error, OSError) as error:
                logger.warning("Live progress lost its database connection: %s", error)
            finally:
                await self._disconnect()
            # Jitter: a restarted database is not met by every web process at once.
            await asyncio.sleep(delay * random.uniform(0.5, 1.0))  # noqa: S311  guards nothing
            delay = min(delay * 2, LONGEST_DELAY)

    def drop(self) -> None:
        """Closes the connection at once, without the event loop (the process is ending)."""
        if self._connection is not None:
            self._connection.pgconn.finish()
            self._connection = None

    async def _connect(self) -> None:
        self._connection = await psycopg.AsyncConnection.connect(
            **direct.parameters("live"), autocommit=True
        )
        await self._connection.execute(f"LISTEN {PROGRESS_CHANNEL}")

    async def _disconnect(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await connection.close()
