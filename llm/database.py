"""Runs short database steps off the event loop, a handful at once, holding nothing between them."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

from llm import conf

T = TypeVar("T")
_pool: ThreadPoolExecutor | None = None


def _forget_pool() -> None:
    """After a fork: the parent's threads don't exist here."""
    global _pool
    _pool = None


os.register_at_fork(after_in_child=_forget_pool)


def _executor() -> ThreadPoolExecutor:
    global _pool
    if _pool is None:
        _pool = ThreadPoolExecutor(
            max_workers=conf.current().database_connections, thread_name_prefix="llm-database"
        )
    return _pool


async def run(step: Callable[..., T], *args, undo: Callable[[T], object] | None = None) -> T:
    """The step's result. It always completes: if the caller is cancelled meanwhile, `undo` follows.

    The step runs on a connection of its own, closed after it, so it commits whatever the
    caller's transaction does, and no connection is held while a model thinks.
    """
    future = _executor().submit(_on_own_connection, step, *args)
    try:
        return await asyncio.shield(asyncio.wrap_future(future))
    except asyncio.CancelledError:
        if undo is not None:
            future.add_done_callback(lambda done: _undo(done, undo))
        raise


def _undo(done: Future, undo: Callable) -> None:
    if not done.cancelled() and done.exception() is None:
        _executor().submit(_on_own_connection, undo, done.result())


def _on_own_connection(step: Callable, *args):
    try:
        return step(*args)
    finally:
        connections.close_all()
