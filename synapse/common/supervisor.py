"""Keeps a few child processes running, and ends them all when it stops or dies."""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from synapse.common.watchdog import Watchdog

logger = logging.getLogger(__name__)

STOP_SECONDS = 25
RESTART_SECONDS = (0.5, 1, 2, 5, 10, 30)
# A child that ran this long is healthy: its next restart comes at once.
HEALTHY_SECONDS = 60
PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(parent: int, sign: int = signal.SIGKILL) -> Callable[[], None]:
    """A function for the child: get `sign` when `parent`, which started it, is gone."""

    def arm() -> None:
        libc.prctl(PR_SET_PDEATHSIG, sign)
        # The parent may have died between the fork and the line above.
        if os.getppid() != parent:
            os._exit(1)

    return arm


@dataclass
class Child:
    """A command to keep running; `environment` is added to ours.

    With a `watchdog`, the command beats while it goes on, and is killed when it is frozen.
    """

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    watchdog: Watchdog | None = None
    process: subprocess.Popen | None = None
    started: float = 0
    failures: int = 0
    due: float = 0

    def start(self) -> None:
        self.started = time.monotonic()
        beats_to = {}
        if self.watchdog:
            self.watchdog.reset()
            beats_to = self.watchdog.environment
        # Own process group: Ctrl-C reaches the supervisor alone, which then stops in order.
        self.process = subprocess.Popen(
            self.command,
            env=os.environ | self.environment | beats_to,
            process_group=0,
            preexec_fn=die_with_parent(os.getpid()),  # noqa: PLW1509  one thread here
        )
        logger.info("%s started with pid %s", self.name, self.process.pid)

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def plan_restart(self) -> None:
        lived = time.monotonic() - self.started
        self.failures = 0 if lived > HEALTHY_SECONDS else self.failures + 1
        wait = RESTART_SECONDS[min(self.failures, len(RESTART_SECONDS) - 1)]
        self.due = time.monotonic() + wait
        code = self.process.returncode
        logger.warning(
            "%s ended with code %s after %.0f s; starting it again in %s s",
            self.name,
            code,
            lived,
            wait,
        )
        self.process = None

    def kill_frozen(self) -> None:
        if self.watchdog and self.watchdog.is_frozen():
            logger.error("%s (pid %s) is frozen: killed", self.name, self.process.pid)
            self.signal_group(signal.SIGKILL)

    def signal_group(self, sign: int) -> None:
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, sign)
        except ProcessLookupError:
            logger.debug("%s has gone already", self.name)


class Supervisor:
    """Runs children until `stop()`; any exit of a child, also with code 0, means a restart,
    and so does a frozen one.
    """

    def __init__(self, children: list[Child]):
        self.children = children
        self.stopping = False

    def start(self) -> None:
        for child in self.children:
            child.start()

    def watch(self, until: Callable[[], bool] = lambda: False, poll: float = 0.2) -> None:
        """Restart what ends, until `until()` is true or a signal asked to stop."""
        while not (self.stopping or until()):
            self.tend()
            time.sleep(poll)

    def tend(self) -> None:
        for child in self.children:
            if child.process is not None and not child.running():
                child.plan_restart()
            elif child.process is not None:
                child.kill_frozen()
            elif time.monotonic() >= child.due:
                child.start()

    def request_stop(self, *_signal) -> None:
        self.stopping = True

    def stop_on_signals(self) -> None:
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, self.request_stop)

    def stop(self) -> bool:
        """SIGTERM to all, SIGKILL after 25 s to what is left; True if nobody was killed."""
        self.stopping = True
        for child in reversed(self.children):
            if child.running():
                child.process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        while any(child.running() for child in self.children) and time.monotonic() < deadline:
            time.sleep(0.05)
        killed = [child for child in self.children if child.running()]
        for child in killed:
            logger.error("%s did not stop in %s s and is killed", child.name, STOP_SECONDS)
        for child in self.children:
            # The group too: nothing a child started may outlive it.
            child.signal_group(signal.SIGKILL)
            if child.process is not None:
                child.process.wait()
            if child.watchdog:
                child.watchdog.close()
        return not killed


def python_command(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]
