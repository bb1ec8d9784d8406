"""A thousand sockets on one web process: from a job's commit to its receipt, and what they weigh.

Loopback and bounded: python -m tests.benchmarks.sockets --sockets 1000 --connects 10000
"""

import argparse
import asyncio
import os
import resource
import statistics
import subprocess
import sys
import time
from contextlib import asynccontextmanager

import psutil

from synapse.common.embedded import BASE_DIR
from synapse.common.running import free_port
from tests.benchmarks.receiver import Client, Goal
from tests.support.arena import arena

SOCKETS = 1_000
MOST_SOCKETS = 5_000
ROUNDS = 30
PAUSE_SECONDS = 0.25
SPREAD_RATE, SPREAD_SECONDS = 200, 5
OPENING_AT_ONCE = 25
CONNECTS, MOST_CONNECTS = 10_000, 100_000
# Memory that the process keeps for the next wave is no leak; what each wave adds to it is.
SETTLE_SECONDS = 2
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

    def version(self, job: int) -> int:
        row = self.connection.execute("SELECT version FROM jobs_job WHERE id = %s", [job])
        return row.fetchone()[0]

    def listeners(self) -> list[int]:
        rows = self.connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE application_name LIKE '%live'"
        )
        return [pid for (pid,) in rows]


@asynccontextmanager
async def opened(addresses: list[str], cookie: str, goal: Goal):
    clients = [Client(address, cookie, goal) for address in addresses]
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
        for key, at in client.received().items()
        if key in publisher.committed
    ]
    cuts = statistics.quantiles(waits, n=20)
    return f"p50 {cuts[9]:.0f} ms, p95 {cuts[18]:.0f} ms, max {max(waits):.0f} ms of {len(waits):,}"


async def change_until_all_have(
    publisher: Publisher, goal: Goal, clients: int, job: int, *, notice: bool = True
) -> float:
    """Commits a change whose version each client then receives; the seconds that took."""
    begun = time.monotonic()
    goal.set(b'"version":%d}' % (publisher.version(job) + 1), clients)
    publisher.change(job, notice=notice)
    try:
        await asyncio.wait_for(goal.reached.wait(), 60)
    except TimeoutError:
        raise TimeoutError(f"{goal.missing} sockets never got {goal.text}") from None
    return time.monotonic() - begun


async def measure(web: Web, sockets: int, connects: int, jobs: list[int], cookie: str) -> None:
    publisher, goal = Publisher(), Goal()
    base = f"ws://127.0.0.1:{web.port}/ws/jobs/"
    async with opened([f"{base}{jobs[0]}/"], cookie, goal):
        await asyncio.sleep(1)
    before = web.megabytes()

    begun = time.monotonic()
    async with opened([f"{base}{jobs[0]}/"] * sockets, cookie, goal) as clients:
        print(f"opened {sockets:,} sockets in {time.monotonic() - begun:.1f} s")
        await asyncio.sleep(1)
        used = web.cpu_seconds()
        for _ in range(ROUNDS):
            await change_until_all_have(publisher, goal, sockets, jobs[0])
            await asyncio.sleep(PAUSE_SECONDS)
        spent = (web.cpu_seconds() - used) / ROUNDS * 1000
        print(
            f"all on one job, {ROUNDS} changes: {figures(publisher, clients)}; "
            f"{spent:.0f} ms of its CPU a change; load {os.getloadavg()[0]:.1f}"
        )
        after = web.megabytes()
        print(f"memory {before:.0f} -> {after:.0f} MB (+{after - before:.0f})")
        print(f"LISTEN connections: {len(publisher.listeners())}")

        publisher.connection.execute("SELECT pg_terminate_backend(%s)", publisher.listeners())
        took = await change_until_all_have(publisher, goal, sockets, jobs[0], notice=False)
        print(f"LISTEN backend killed, change untold: all have it after {took:.2f} s")

    async with opened([f"{base}{job}/" for job in jobs[:sockets]], cookie, goal) as clients:
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
    await connect_in_waves(web, f"{base}{jobs[0]}/", cookie, sockets, connects - 2 * sockets)
    print(f"LISTEN connections: {len(publisher.listeners())}")
    publisher.connection.close()


async def connect_in_waves(web: Web, address: str, cookie: str, size: int, connects: int) -> None:
    """Open and close so many sockets, `size` at a time; prints the memory that each wave left."""
    await asyncio.sleep(SETTLE_SECONDS)
    left, during = [web.megabytes()], []
    while connects > 0:
        async with opened([address] * min(size, connects), cookie, Goal()):
            during.append(web.megabytes())
        connects -= size
        await asyncio.sleep(SETTLE_SECONDS)
        left.append(web.megabytes())
    print(f"memory after all have left, and after each of {len(during)} more waves:")
    print("  " + ", ".join(f"{size:.1f}" for size in left) + " MB")
    if during:
        print(f"  while a wave is open: {min(during):.1f} to {max(during):.1f} MB")


def run(environment: dict, sockets: int = SOCKETS, connects: int = CONNECTS) -> None:
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
    print(f"\n{sockets:,} sockets on one web process, {connects:,} connects in all")
    web = Web(environment)
    try:
        wait_until_it_answers(web.port)
        cookie = f"{name}={browser.cookies[name].value}"
        asyncio.run(measure(web, sockets, connects, [job.pk for job in jobs], cookie))
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
    parser.add_argument("--connects", type=int, default=CONNECTS, help="in all")
    wanted = parser.parse_args()
    if not 1 <= wanted.sockets <= MOST_SOCKETS or wanted.connects > MOST_CONNECTS:
        parser.error(f"--sockets from 1 to {MOST_SOCKETS}, --connects to {MOST_CONNECTS}")
    with arena(durable=True) as environment:
        run(environment, wanted.sockets, wanted.connects)
