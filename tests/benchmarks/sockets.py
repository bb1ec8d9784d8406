"""A thousand sockets on one web process: from a job's commit to its receipt, and what they weigh.

Loopback and bounded: python -m tests.benchmarks.sockets --sockets 1000
"""

import argparse
import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from contextlib import asynccontextmanager

import psutil
import websockets

from synapse.common.embedded import BASE_DIR
from synapse.common.running import free_port
from tests.support.arena import arena

SOCKETS = 1_000
MOST_SOCKETS = 5_000
ROUNDS = 30
PAUSE_SECONDS = 0.25
SPREAD_RATE, SPREAD_SECONDS = 200, 5
OPENING_AT_ONCE = 25
MEGABYTE = 1024 * 1024


class Web:
    """One Daphne process on a free port."""

    def __init__(self, environment: dict):
        self.port = free_port()
        command = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(self.port)]
        self.process = subprocess.Popen(
            [*command, "--verbosity", "0", "synapse.asgi:application"],
            cwd=BASE_DIR,
            env=environment | {"SYNAPSE_PROCESS": "web"},
        )
        self.measured = psutil.Process(self.process.pid)

    def megabytes(self) -> float:
        return self.measured.memory_info().rss / MEGABYTE

    def cpu_seconds(self) -> float:
        times = self.measured.cpu_times()
        return times.user + times.system

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)


class Publisher:
    """Commits new versions and tells of them as the engine does: in a statement of its own."""

    def __init__(self):
        from jobs import direct

        self.connection = direct.connect("publisher")
        self.committed: dict[tuple[int, int], float] = {}

    def change(self, job: int, *, notice: bool = True) -> tuple[int, int]:
        row = self.connection.execute(
            "UPDATE jobs_job SET version = version + 1, done = done + 1 WHERE id = %s "
            "RETURNING version, owner_id",
            [job],
        ).fetchone()
        key = (job, row[0])
        self.committed[key] = time.monotonic()
        if notice:
            payload = f"{job}:{row[0]}:{row[1]}"
            self.connection.execute("SELECT pg_notify('jobs_progress', %s)", [payload])
        return key

    def listeners(self) -> list[int]:
        rows = self.connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE application_name LIKE '%live'"
        )
        return [pid for (pid,) in rows]


class Client:
    """One socket; keeps when it received each version."""

    def __init__(self, address: str, cookie: str):
        self.address, self.cookie = address, cookie
        self.received: dict[tuple[int, int], float] = {}
        self.newest = 0

    async def open(self) -> None:
        origin = "http://" + self.address.split("/")[2]
        self.socket = await websockets.connect(
            self.address,
            origin=origin,
            additional_headers={"Cookie": self.cookie},
            compression=None,
            open_timeout=120,
            ping_interval=None,
        )
        self._take(await self.socket.recv())
        self.reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for text in self.socket:
            self._take(text)

    def _take(self, text: str) -> None:
        snapshot = json.loads(text)
        self.newest = snapshot["version"]
        self.received[snapshot["id"], self.newest] = time.monotonic()

    async def close(self) -> None:
        await self.socket.close()
        await self.reading


@asynccontextmanager
async def opened(addresses: list[str], cookie: str):
    clients = [Client(address, cookie) for address in addresses]
    gate = asyncio.Semaphore(OPENING_AT_ONCE)

    async def open_one(client):
        async with gate:
            await client.open()

    await asyncio.gather(*map(open_one, clients))
    try:
        yield clients
    finally:
        await asyncio.gather(*(client.close() for client in clients))


def figures(publisher: Publisher, clients: list[Client]) -> str:
    waits = [
        (at - publisher.committed[key]) * 1000
        for client in clients
        for key, at in client.received.items()
        if key in publisher.committed
    ]
    cuts = statistics.quantiles(waits, n=20)
    return f"p50 {cuts[9]:.0f} ms, p95 {cuts[18]:.0f} ms, max {max(waits):.0f} ms of {len(waits):,}"


async def until_all_have(clients: list[Client], version: int, seconds: float = 60) -> float:
    begun = time.monotonic()
    while any(client.newest < version for client in clients):
        if time.monotonic() - begun > seconds:
            late = sum(client.newest < version for client in clients)
            raise TimeoutError(f"{late} sockets never got version {version}")
        await asyncio.sleep(0.002)
    return time.monotonic() - begun


async def measure(web: Web, sockets: int, jobs: list[int], cookie: str) -> None:
    publisher = Publisher()
    base = f"ws://127.0.0.1:{web.port}/ws/jobs/"
    async with opened([f"{base}{jobs[0]}/"], cookie):
        await asyncio.sleep(1)
    before = web.megabytes()

    begun = time.monotonic()
    async with opened([f"{base}{jobs[0]}/"] * sockets, cookie) as clients:
        print(f"opened {sockets:,} sockets in {time.monotonic() - begun:.1f} s")
        await asyncio.sleep(1)
        used = web.cpu_seconds()
        for _ in range(ROUNDS):
            _, version = publisher.change(jobs[0])
            await until_all_have(clients, version)
            await asyncio.sleep(PAUSE_SECONDS)
        spent = (web.cpu_seconds() - used) / ROUNDS * 1000
        print(
            f"all on one job, {ROUNDS} changes: {figures(publisher, clients)}; "
            f"{spent:.0f} ms of CPU a change; load {os.getloadavg()[0]:.1f}"
        )
        after = web.megabytes()
        print(f"memory {before:.0f} -> {after:.0f} MB (+{after - before:.0f})")
        print(f"LISTEN connections: {len(publisher.listeners())}")

        publisher.connection.execute("SELECT pg_terminate_backend(%s)", publisher.listeners())
        _, version = publisher.change(jobs[0], notice=False)
        took = await until_all_have(clients, version)
        print(f"LISTEN backend killed, change untold: all have it after {took:.2f} s")

    async with opened([f"{base}{job}/" for job in jobs[:sockets]], cookie) as clients:
        publisher.committed.clear()
        used, begun = web.cpu_seconds(), time.monotonic()
        for number in range(SPREAD_RATE * SPREAD_SECONDS):
            publisher.change(jobs[number % sockets])
            wait = begun + (number + 1) / SPREAD_RATE - time.monotonic()
            await asyncio.sleep(max(wait, 0))
        await asyncio.sleep(1)
        core = (web.cpu_seconds() - used) / (time.monotonic() - begun)
        print(
            f"each on its own job, {SPREAD_RATE} changes/s: {figures(publisher, clients)}; "
            f"{core:.0%} of a core"
        )
    await asyncio.sleep(2)
    print(f"memory after all have left: {web.megabytes():.0f} MB")
    publisher.connection.close()


def run(environment: dict, sockets: int = SOCKETS) -> None:
    from django.conf import settings
    from django.test import Client as Browser

    from jobs.models import Job
    from tests.factories.accounts import make_tester

    # Each socket is a file, here and in the web process.
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 2 * sockets + 1_000), hard))
    tester = make_tester(f"sockets{os.getpid()}")
    row = {"task": "benchmark", "queue": "default", "title": "Benchmark", "status": "running"}
    jobs = Job.objects.bulk_create(
        Job(**row, owner=tester, total=1_000_000) for _ in range(sockets)
    )
    browser = Browser()
    browser.force_login(tester)
    name = settings.SESSION_COOKIE_NAME
    print(f"\n{sockets:,} sockets on one web process")
    web = Web(environment)
    try:
        wait_until_it_answers(web.port)
        cookie = f"{name}={browser.cookies[name].value}"
        asyncio.run(measure(web, sockets, [job.pk for job in jobs], cookie))
    finally:
        web.stop()


def wait_until_it_answers(port: int) -> None:
    import http.client

    deadline = time.monotonic() + 60
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", "/accounts/login/")
            connection.getresponse()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        finally:
            connection.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sockets", type=int, default=SOCKETS)
    wanted = parser.parse_args().sockets
    if not 1 <= wanted <= MOST_SOCKETS:
        parser.error(f"--sockets is from 1 to {MOST_SOCKETS}")
    with arena(durable=True) as environment:
        run(environment, wanted)
