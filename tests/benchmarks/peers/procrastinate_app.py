"""Procrastinate: the tasks that are measured."""

import os

import procrastinate

from tests.benchmarks.peers.stamping import stamp

app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=os.environ["PEER_URL"]))


@app.task(name="peer.nothing")
async def nothing() -> None:
    """A job without work."""


@app.task(name="peer.begin")
async def begin() -> None:
    stamp()
