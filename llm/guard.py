"""Refuses a model call while a database transaction is open where it is made."""

import os
import threading
from weakref import WeakKeyDictionary

from asgiref.sync import AsyncToSync

from llm.errors import CalledInTransaction

# Every connection of the process with the thread that opened it. Django's own registry can't be
# asked: inside an event loop it shows other connections than the same thread holds outside it.
_owners: "WeakKeyDictionary[object, int]" = WeakKeyDictionary()
_lock = threading.Lock()


def _forget() -> None:
    """After a fork: the connections are the parent's, and a thread of it may have the lock."""
    global _lock
    _lock = threading.Lock()
    _owners.clear()


os.register_at_fork(after_in_child=_forget)


def remember(sender, connection, **kwargs) -> None:
    """Receiver of `connection_created`."""
    with _lock:
        _owners[connection] = threading.get_ident()


def refuse_open_transaction(operation: str) -> None:
    """Raises CalledInTransaction if this thread, or one blocked on this coroutine, has one open."""
    threads = {threading.get_ident(), _waiting_thread()}
    with _lock:
        ours = [connection for connection, owner in _owners.items() if owner in threads]
    for connection in ours:
        if _in_transaction(connection):
            raise CalledInTransaction(operation=operation, alias=connection.alias)


def _waiting_thread() -> int | None:
    """The thread that called `async_to_sync` above us and waits for this coroutine."""
    executor = getattr(AsyncToSync.executors, "current", None)
    thread = getattr(executor, "_work_thread", None)
    return thread.ident if thread else None


def _in_transaction(connection) -> bool:
    if connection.connection is None:
        return False
    if connection.in_atomic_block:
        # A test case's own outer blocks never commit; `atomic(durable=True)` tells them so too.
        return any(not block._from_testcase for block in connection.atomic_blocks) or (
            not connection.atomic_blocks
        )
    return not connection.autocommit
