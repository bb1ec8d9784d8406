"""Starts `manage.py up` or `demo` as a user would, and finds every process it left."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil

from synapse.common.embedded import BASE_DIR
from synapse.common.running import free_port


class UpProcess:
    """One supervisor on a state folder and port of its own."""

    def __init__(
        self,
        *arguments: str,
        state: Path | None = None,
        command: str = "up",
        environment: dict[str, str] | None = None,
    ):
        self.state = state or Path(tempfile.mkdtemp(prefix="syn-"))
        self.port = free_port()
        inherited = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("DATABASE_", "DJANGO_", "SYNAPSE_", "LLM_"))
        }
        self.environment = inherited | {"SYNAPSE_STATE": str(self.state)} | (environment or {})
        self.log = (self.state / f"{command}.log").open("a+")
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", command, "--port", str(self.port), *arguments],
            cwd=BASE_DIR,
            env=self.environment,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def output(self) -> str:
        return (Path(self.log.name)).read_text()

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.address + "/accounts/login/", timeout=5) as answer:  # noqa: S310
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def wait_until_up(self, seconds: float = 150) -> None:
        wait_for(lambda: self.answers() or self.process.poll() is not None, seconds)
        assert self.answers(), self.output()

    def wait_for_output(self, words: str, seconds: float) -> None:
        """Until the process has said these words; fails if it ends or stays silent."""
        wait_for(lambda: words in self.output() or self.process.poll() is not None, seconds)
        assert words in self.output(), self.output()

    def left(self, *, database: bool = False) -> list[psutil.Process]:
        """Processes of this state folder still alive: our own, and PostgreSQL's if asked for."""
        return [p for p in psutil.process_iter() if self._is_ours(p, database)]

    def _is_ours(self, process: psutil.Process, database: bool) -> bool:
        with contextlib.suppress(psutil.Error):
            if process.pid == self.process.pid or process.status() == psutil.STATUS_ZOMBIE:
                return False
            if process.name().startswith("postgres"):
                return database and str(self.state) in " ".join(process.cmdline())
            return process.environ().get("SYNAPSE_STATE") == str(self.state)
        return False

    def interrupt(self, seconds: float = 120) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(seconds)

    def clean(self) -> None:
        """End whatever is left by pid and remove the folder."""
        if self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(40)
        for process in self.left(database=True):
            with contextlib.suppress(psutil.Error):
                process.kill()
        self.log.close()
        shutil.rmtree(self.state, ignore_errors=True)


def wait_for(condition, seconds: float = 30, poll: float = 0.1):
    """Poll until `condition()` is true; returns its value, or the last one at the deadline."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value or time.monotonic() > deadline:
            return value
        time.sleep(poll)
