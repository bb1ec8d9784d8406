"""Celery on Redis: the tasks that are measured."""

import os

from celery import Celery

from tests.benchmarks.peers.stamping import stamp

app = Celery("peer", broker=os.environ["PEER_URL"])
app.conf.task_ignore_result = True
app.conf.broker_connection_retry_on_startup = True


@app.task(name="peer.nothing")
def nothing() -> None:
    """A job without work."""


@app.task(name="peer.begin")
def begin() -> None:
    stamp()
