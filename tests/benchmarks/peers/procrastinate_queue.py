"""Fills and measures Procrastinate; runs beside the project, in the peer's environment.

python -m tests.benchmarks.peers.procrastinate_queue '{"pickups": 200, …}'
"""

import json
import os
import sys
import time

import procrastinate
import psycopg

from tests.benchmarks.measuring import Scale, measure
from tests.benchmarks.peers.procrastinate_app import app, begin, nothing
from tests.benchmarks.peers.stamping import await_stamp

AT_ONCE = 1_000
LEFT = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
ASKED = "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = 'procrastinate'"


class ProcrastinateQueue:
    """See measuring.Served."""

    picks_up = True
    longest = 100_000

    def __init__(self, connection: psycopg.Connection, elsewhere: psycopg.Connection):
        self.connection, self.elsewhere = connection, elsewhere

    def fill(self, count: int) -> None:
        for begun in range(0, count, AT_ONCE):
            nothing.batch_defer(*({} for _ in range(min(AT_ONCE, count - begun))))
        if count > AT_ONCE:
            self.connection.execute("ANALYZE procrastinate_jobs")

    def left(self) -> int:
        return self.connection.execute(LEFT).fetchone()[0]

    def pickup(self) -> float:
        begin.defer()
        committed = time.monotonic()
        return await_stamp() - committed

    def asked(self) -> int:
        return self.elsewhere.execute(ASKED).fetchone()[0]


def main(scale: Scale) -> dict[str, float]:
    own, other = os.environ["PEER_URL"], os.environ["PEER_OTHER_URL"]
    plain = procrastinate.SyncPsycopgConnector(conninfo=own)
    with (
        psycopg.connect(own, autocommit=True) as connection,
        psycopg.connect(other, autocommit=True) as elsewhere,
        app.replace_connector(plain) as synchronous,
        synchronous.open(),
    ):
        return measure(ProcrastinateQueue(connection, elsewhere), scale)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Scale(**json.loads(sys.argv[1])))))
