"""Runs short database steps off the event loop, a handful at once, holding nothing between them."""

import asyncio
import os
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

from llm import conf

T = TypeVar("T")

# Seconds a connection waits for another step. Calls end and begin in waves: opening one for each
# step costs the server and us more than what most steps ask.
LINGER = 0.05


class Steps:
    """Steps that wait, and the threads that take them, each on a connection of its own.

    A thread that finds no step for LINGER seconds closes its connection and is given back.
    """

    def __init__(self) -> None:
        self._waiting: deque[Callable[[], None]] = deque()
        self._changed = threading.Condition()
        self._lingering = self._working = 0
        self._most = conf.current().database_connections
        self._threads = ThreadPoolExecutor(self._most, thread_name_prefix="llm-database")

    def submit(self, step: Callable[..., T], *args) -> "Future[T]":
        future: Future[T] = Future()
        with self._changed:
            self._waiting.append(lambda: _settle(future, step, *args))
            self._changed.notify()
            if len(self._waiting) > self._lingering and self._working < self._most:
                self._working += 1
                self._threads.submit(self._work)
        return future

    def _work(self) -> None:
        try:
            while work := self._next():
                work()
        finally:
            connections.close_all()

    def _next(self) -> Callable[[], None] | None:
        with self._changed:
            self._lingering += 1
            self._changed.wait_for(lambda: self._waiting, LINGER)
            self._lingering -= 1
            if self._waiting:
                return self._waiting.popleft()
            self._working -= 1
            return None


_steps: Steps | None = None


def _forget() -> None:
    """After a fork: the parent's threads don't exist here."""
    global _steps
    _steps = None


os.register_at_fork(after_in_child=_forget)


def _submit(step: Callable[..., T], *args) -> "Future[T]":
    global _steps
    if _steps is None:
        _steps = Steps()
    return _steps.submit(step, *args)


async def run(step: Callable[..., T], *args, undo: Callable[[T], object] | None = None) -> T:
    """The step's result. It always completes: if the caller is cancelled meanwhile, `undo` follows.

    The step runs on a connection that is none of the caller's, so it commits whatever the caller's
    transaction does, and that is closed LINGER seconds after the last step: none is held while a
    model thinks.
    """
    future = _submit(step, *args)
    try:
        return await asyncio.shield(asyncio.wrap_future(future))
    except asyncio.CancelledError:
        if undo is not None:
            future.add_done_callback(lambda done: _undo(done, undo))
        raise


def _undo(done: Future, undo: Callable) -> None:
    if not done.cancelled() and done.exception() is None:
        _submit(undo, done.result())


def _settle(future: Future, step: Callable, *args) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = step(*args)
    except BaseException as error:  # noqa: BLE001  raised where it is waited for
        # It may have been the connection: the next step opens one anew.
        connections.close_all()
        future.set_exception(error)
    else:
        future.set_result(result)
