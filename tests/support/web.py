"""A real Daphne process on a port of its own, and clients of its pages and sockets."""

import http.client
import subprocess
import sys
from pathlib import Path

import psycopg
import websockets

from synapse.common.embedded import BASE_DIR
from synapse.common.running import free_port
from tests.support.workers import wait_for

CONNECTIONS = """
SELECT 1 FROM pg_stat_activity
WHERE datname = current_database() AND application_name LIKE 'synapse-web%'
"""


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
        wait_for(lambda: self.process.poll() is not None or self.answers(), 200, "it answers", 0.1)
        assert self.process.poll() is None, self.log.read_text()
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                # Requests that never end hold it up; the test has said so.
                self.process.kill()
                self.process.wait()
        # The server lists a connection a moment longer than it is open.
        with psycopg.connect(self.environment["DATABASE_URL"], autocommit=True) as looking:
            wait_for(lambda: not looking.execute(CONNECTIONS).fetchone(), 60, "all are closed")

    def answers(self) -> bool:
        try:
            return self.status("/accounts/login/") == 200
        except OSError:
            return False

    def status(self, path: str, cookie: str = "", timeout: float = 60) -> int:
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
            open_timeout=60,
        )
