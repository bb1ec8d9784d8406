"""How a process of the cluster begins: it ends with its parent, has a name, and hears signals."""

import ctypes
import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.process import BaseProcess

from django.db import connections

PR_SET_PDEATHSIG = 1
PR_SET_NAME = 15
NAME_BYTES = 15
STOP_SIGNALS = {signal.SIGTERM, signal.SIGINT}

# Loaded before any fork, so that a child needs no import lock to call it.
_libc = ctypes.CDLL(None, use_errno=True)
_fork = multiprocessing.get_context("fork")


def die_with(parent: int) -> None:
    """Have the kernel kill this process when `parent`, which started it, ends.

    The parent may have ended before the call: then nothing would ever come, so leave at once.
    """
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def set_name(name: str) -> None:
    """The name that ps, top and /proc/PID/comm show; the kernel keeps 15 bytes."""
    _libc.prctl(PR_SET_NAME, name.encode()[:NAME_BYTES], 0, 0, 0)


def start(name: str, target: Callable, *args, daemon: bool = True) -> BaseProcess:
    """Fork a child that runs `target`; a stop signal sent at any moment reaches it."""
    # Two processes on one connection read each other's answers.
    connections.close_all()
    child = _fork.Process(
        target=_begin, args=(os.getpid(), name, target, args), name=name, daemon=daemon
    )
    # Until the child has set its own handlers, a signal would run the parent's and be lost.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    try:
        child.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return child


def _begin(parent: int, name: str, target: Callable, args: tuple) -> None:
    signal.set_wakeup_fd(-1)
    # Ctrl-C reaches the whole process group: only the command at the top acts on it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
    die_with(parent)
    set_name(name)
    target(*args)


def wake_on_signals(handler: Callable[[], None], *signals: int) -> int:
    """Call `handler` on these signals; returns a descriptor that becomes readable on each.

    A wait on that descriptor cannot miss a signal that came just before it.
    """
    reader, writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    for number in signals:
        signal.signal(number, lambda _number, _frame: handler())
    return reader


def drain(descriptor: int) -> None:
    """Forget wake-ups that were already seen."""
    try:
        while os.read(descriptor, 4096):
            pass
    except BlockingIOError:
        return
