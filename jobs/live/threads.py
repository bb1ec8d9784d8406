"""Where the sockets' database work runs: off the event loop, on few threads of their own.

A thread is a connection, so these bound what all sockets of a process may hold. Neither is the
thread that Channels shares: a handshake passes through that one, and must not queue behind reads.
"""

from concurrent.futures import ThreadPoolExecutor

from channels.db import DatabaseSyncToAsync

# The hub's reads: one at a time, each for all jobs that changed.
READING = ThreadPoolExecutor(max_workers=1, thread_name_prefix="jobs-reading")
# Who may watch: apart, so that a thousand sockets opening at once don't delay the numbers.
CHECKING = ThreadPoolExecutor(max_workers=2, thread_name_prefix="jobs-checking")


def on(executor: ThreadPoolExecutor):
    """Decorator: the function becomes a coroutine that runs on that thread."""

    def wrap(function):
        return DatabaseSyncToAsync(function, thread_sensitive=False, executor=executor)

    return wrap
