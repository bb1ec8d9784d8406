"""The storm's own PostgreSQL: killed, stopped, started again, and filled to its limit."""

import os
import signal
import time
from dataclasses import dataclass, field

import psutil
import psycopg
from django.db import connection

from synapse.common import embedded

# After SIGKILL of the server its children end by themselves as soon as they notice.
CHILDREN_SECONDS = 15.0


@dataclass
class Server:
    """The embedded server of this program, which nobody else uses."""

    held: list[psycopg.Connection] = field(default_factory=list)

    def crash(self, seconds: float) -> None:
        """SIGKILL; away for `seconds`, then started, which recovers from its log."""
        connection.close()
        first = (embedded.data_folder() / "postmaster.pid").read_text().split("\n", 1)[0]
        server = psutil.Process(int(first))
        children = server.children()
        os.kill(server.pid, signal.SIGKILL)
        time.sleep(seconds)
        for child in psutil.wait_procs(children, CHILDREN_SECONDS)[1]:
            child.kill()
        embedded.ensure_server()

    def restart(self, seconds: float) -> None:
        """Stopped in the way that disconnects everybody; away for `seconds`."""
        connection.close()
        embedded.stop_server()
        time.sleep(seconds)
        embedded.ensure_server()

    def fill(self) -> int:
        """Take every connection that is left; returns how many those were."""
        before = len(self.held)
        while True:
            try:
                taken = psycopg.connect(
                    embedded.url(), application_name="chaos", connect_timeout=10, autocommit=True
                )
            except psycopg.OperationalError as error:
                if "too many clients" not in str(error):
                    raise
                return len(self.held) - before
            self.held.append(taken)

    def release(self) -> None:
        """Give the connections back."""
        while self.held:
            self.held.pop().close()
