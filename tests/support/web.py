"""A real Daphne process on a port of its own, and clients of its pages and sockets."""

import http.client
import subprocess
import sys
import time
from pathlib import Path

import websockets

from synapse.common.embedded import BASE_DIR
from synapse.common.running import free_port


class Web:
    """Serves while the `with` block lasts; what it says goes to `log`."""

    def __init__(self, environment: dict, log: Path):
        self.environment = environment | {"SYNAPSE_PROCESS": "web"}
        self.log = log
        self.port = free_port()

    def __enter__(self):
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(self.port)]
                + ["--verbosity", "1", "synapse.asgi:application"],
                cwd=BASE_DIR,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + 60
        while not self.answers():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, "no answer"
            time.sleep(0.1)
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                # Requests that never end hold it up; the test has said so.
                self.process.kill()
                self.process.wait()

    def answers(self) -> bool:
        try:
            return self.status("/accounts/login/") == 200
        except OSError:
            return False

    def status(self, path: str, cookie: str = "", timeout: float = 10) -> int:
        """The status of a page; OSError if none comes in time."""
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            asked.request("GET", path, headers={"Cookie": cookie} if cookie else {})
            return asked.getresponse().status
        finally:
            asked.close()

    def socket(self, path: str, cookie: str, origin: str = ""):
        return websockets.connect(
            f"ws://127.0.0.1:{self.port}{path}",
            origin=origin or f"http://127.0.0.1:{self.port}",
            additional_headers={"Cookie": cookie},
            open_timeout=30,
        )
