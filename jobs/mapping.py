"""Asks about many items at once on the loop thread, and hands answers to the job's thread."""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

from jobs.items import Item
from jobs.loop import running_loop

logger = logging.getLogger(__name__)

# Answers that may lie ready beyond the calls in flight, before further calls wait for the job's
# thread to store some: memory stays flat when storing is the slower part.
BACKLOG = 16
CANCEL_WAIT = 2.0


@dataclass(frozen=True)
class Outcome:
    item: Item
    answer: Any = None
    error: BaseException | None = None


class Mapping:
    """Calls `ask(item)` for each item, at most `concurrency` at a time.

    Everything but `_run` and `_ask_all` is called from the job's thread; `wake` also from signal
    handlers and other threads.
    """

    def __init__(
        self, ask: Callable[[Item], Awaitable[Any]], items: Sequence[Item], concurrency: int
    ):
        if concurrency < 1:
            raise ValueError("concurrency must be at least 1")
        self._ask = ask
        self._items = iter(items)
        self._unbegun = len(items)
        self._concurrency = min(concurrency, len(items))
        self._loop = running_loop()
        self._room = asyncio.Semaphore(self._concurrency + BACKLOG)
        # SimpleQueue.put is the one that may be called from a signal handler.
        self._outcomes: SimpleQueue[Outcome | None] = SimpleQueue()
        self._ended = threading.Event()
        self._draining = False
        self._task: asyncio.Task | None = None
        self._loop.call_soon_threadsafe(self._start)

    def next(self, timeout: float) -> Outcome | None:
        """The next outcome; None when the time is up or somebody called `wake`."""
        try:
            if timeout <= 0:
                outcome = self._outcomes.get_nowait()
            else:
                outcome = self._outcomes.get(timeout=timeout)
        except Empty:
            return None
        if outcome is not None:
            self._loop.call_soon_threadsafe(self._room.release)
        return outcome

    def is_over(self) -> bool:
        """True once every call has ended and every outcome was taken."""
        return self._ended.is_set() and self._outcomes.empty()

    def items_left(self) -> bool:
        """Whether it is over, by `drain` or `cancel`, before every item was asked about."""
        return self.is_over() and self._unbegun > 0

    def wake(self) -> None:
        self._outcomes.put(None)

    def drain(self) -> None:
        """Begin no further calls; those in flight go on."""
        self._draining = True

    def cancel(self) -> None:
        """End the calls in flight, and wait a moment for them to close their connections."""
        self._draining = True
        if self._ended.is_set():
            return
        self._loop.call_soon_threadsafe(self._cancel)
        if not self._ended.wait(CANCEL_WAIT):
            logger.warning("Calls of a job did not end within %s s of being cancelled", CANCEL_WAIT)

    def _start(self) -> None:
        self._task = self._loop.create_task(self._run())

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _run(self) -> None:
        callers = [self._loop.create_task(self._ask_all()) for _ in range(self._concurrency)]
        try:
            await asyncio.gather(*callers)
        except asyncio.CancelledError:
            for caller in callers:
                caller.cancel()
            await asyncio.gather(*callers, return_exceptions=True)
        finally:
            self._ended.set()
            self._outcomes.put(None)

    async def _ask_all(self) -> None:
        while not self._draining:
            await self._room.acquire()
            item = None if self._draining else next(self._items, None)
            if item is None:
                self._room.release()
                return
            self._unbegun -= 1
            self._outcomes.put(await self._ask_one(item))

    async def _ask_one(self, item: Item) -> Outcome:
        try:
            return Outcome(item, answer=await self._ask(item))
        except asyncio.CancelledError as error:
            # Ours ends this caller; one that the call made up itself is that item's failure.
            if asyncio.current_task().cancelling():
                raise
            return Outcome(item, error=error)
        except GeneratorExit:
            raise
        except BaseException as error:  # noqa: BLE001  SystemExit would end the loop for good
            return Outcome(item, error=error)
