"""A real `manage.py worker` in a subprocess, and the processes under it by their part."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
from django.db import connection

from synapse.common.embedded import BASE_DIR

# As jobs.cluster names its processes.
SENTINEL, WORKER, MONITOR, PUSHER = "jobs-sent", "jobs-w", "jobs-mon", "jobs-push"


class Workers:
    """One worker command; ends with all its children when the `with` block is left."""

    def __init__(
        self,
        environment: dict,
        queue: str = "default",
        workers: int = 2,
        log=None,
        program: list[str] | None = None,
    ):
        self.program = program or [str(BASE_DIR / "manage.py")]
        self.environment = environment | {"SYNAPSE_PROCESS": "worker"}
        self.arguments = ["worker", "--queue", queue, "--workers", str(workers)]
        self.queue = queue
        self.workers = workers
        self.log = log
        self.process: subprocess.Popen | None = None
        self.started: set[psutil.Process] = set()

    def __enter__(self):
        self.start()
        wait_for(self.is_whole, 200, "workers register")
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self) -> None:
        """Start the command; does not wait until its workers serve."""
        self.process = subprocess.Popen(
            [sys.executable, *self.program, *self.arguments],
            env=self.environment,
            cwd=BASE_DIR,
            stdout=subprocess.DEVNULL,
            stderr=self.log or subprocess.DEVNULL,
        )

    def stop(self, patience: float = 30) -> int:
        """Stop in good order, kill what is left; returns how many processes had to be killed."""
        self.all_pids()
        killed = 0
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                killed += self.kill_all()
        # What the command left behind dies with it, but not in the same instant.
        left = [each for each in psutil.wait_procs(self.started, 10)[1] if not _has_ended(each)]
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        return killed + len(left)

    def kill_all(self) -> int:
        """SIGKILL the command and everything under it at once; returns how many."""
        pids = [self.process.pid, *self.all_pids()]
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        return len(pids)

    def wait_until_gone(self, *pids: int) -> None:
        """Until these processes of it, or all that it started, have ended."""
        wanted = [each for each in self.started if not pids or each.pid in pids]
        wait_for(lambda: all(map(_has_ended, wanted)), 60, "its processes end")

    def is_whole(self) -> bool:
        """Whether all its workers are registered."""
        return self.alive_rows() >= self.workers

    def alive_rows(self) -> int:
        """Rows of living workers whose processes are ours."""
        pids = self.pids(WORKER)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM jobs_worker WHERE stopped_at IS NULL AND pid = ANY(%s)",
                [pids],
            )
            return cursor.fetchone()[0]

    def all_pids(self) -> list[int]:
        try:
            children = psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []
        self.started.update(children)
        return [child.pid for child in children]

    def pids(self, part: str) -> list[int]:
        """Processes of this command that play a part, e.g. WORKER."""
        return [pid for pid in self.all_pids() if _name(pid).startswith(part)]

    def kill(self, pid: int, number: int = signal.SIGKILL) -> bool:
        """Signal a process, but only one that this command started."""
        if pid not in self.all_pids():
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
            return True
        return False


def _has_ended(process: psutil.Process) -> bool:
    """Whether it is gone, or only nobody has asked for its exit code yet."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def wait_for(condition, seconds: float, what: str, step: float = 0.02):
    """The first true value of `condition()`; fails saying what did not come."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() >= deadline:
            raise AssertionError(f"Not within {seconds} s: {what}")
        time.sleep(step)
