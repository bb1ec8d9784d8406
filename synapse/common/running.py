"""What runs on one machine: the database, its migrations, web, workers, and perhaps a simulator."""

import contextlib
import fcntl
import os
import secrets
import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import IO

from django.core.management.base import CommandError

from synapse.common import embedded
from synapse.common.supervisor import Child, Supervisor, die_with_parent, python_command
from synapse.common.watchdog import Watchdog

MANAGE = str(embedded.BASE_DIR / "manage.py")
READY_SECONDS = 60
FIRST_PORT, PORTS = 20_000, 12_000
# A demonstration makes few calls. By this lot a tenth of them is two of its first ten, not none.
SEED = "5"


@dataclass
class Options:
    """How to run: address, model (`none`, `simulated`, `configured`), simulated latency in s,
    the share of simulated calls that fail.

    Without `web`, workers run alone and nothing listens at the address.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    model: str = "configured"
    latency: float = 0.5
    failures: float = 0.0
    web: bool = True
    environment: dict[str, str] = field(default_factory=dict)
    model_address: str = ""

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}"


class Machine:
    """Everything of one machine, as a context: up on entry, down on exit."""

    def __init__(self, options: Options):
        self.options = options
        self.supervisor = Supervisor([])
        self.supervisor.stop_on_signals()

    def __enter__(self) -> "Machine":
        self._claim()
        if self.options.web and port_taken(self.options.host, self.options.port):
            raise CommandError(
                f"Port {self.options.port} is taken: choose another with --port, "
                "or stop the process that has it."
            )
        try:
            if embedded.in_use():
                embedded.ensure_server()
            migrate()
            self.supervisor.children = children(self.options)
            self.supervisor.start()
            if self.options.web:
                self._wait_until_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exception) -> None:
        self.supervisor.stop()
        if embedded.in_use():
            embedded.stop_server()
        self.claimed.close()

    def _claim(self) -> None:
        """One `up` a state folder; the lock goes with the process, however that ends."""
        self.claimed = claim()
        if self.claimed is None:
            raise CommandError(
                f"Synapse already runs on {embedded.state_folder()}: stop it first, "
                "or set SYNAPSE_STATE to another folder."
            )

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        self.supervisor.watch(until=lambda: self._ready() or time.monotonic() > deadline)
        if not (self.supervisor.stopping or self._ready()):
            raise CommandError(f"No page answers at {self.options.address}: see the lines above.")

    def _ready(self) -> bool:
        try:
            with urllib.request.urlopen(  # noqa: S310  our own loopback address
                self.options.address + "/accounts/login/", timeout=5
            ) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False


def claim() -> IO | None:
    """The lock of the state folder as an open file; nothing if somebody holds it."""
    folder = embedded.state_folder()
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / "up.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock


def migrate() -> None:
    """Bring the database's tables up to date, in a process without a statement timeout."""
    result = subprocess.run(
        python_command(MANAGE, "migrate", "--no-input", "-v", "0"),
        env=os.environ | {"SYNAPSE_PROCESS": "migrate"},
        # Ctrl-C is for us: we stop once the tables are whole.
        start_new_session=True,
        preexec_fn=die_with_parent(os.getpid()),  # noqa: PLW1509  one thread here
    )
    if result.returncode:
        raise CommandError("The database could not be migrated: see the lines above.")


def children(options: Options) -> list[Child]:
    """Simulator (if asked for), web and workers, in the order they start."""
    model, first = model_environment(options)
    shared = options.environment | model
    web = Child(
        "web",
        python_command(
            *("-m", "daphne", "-b", options.host, "-p", str(options.port)),
            *("--no-server-name", "--verbosity", "0", "synapse.asgi:application"),
        ),
        shared | {"SYNAPSE_PROCESS": "web"},
    )
    workers = Child(
        "workers",
        python_command(MANAGE, "worker"),
        shared | {"SYNAPSE_PROCESS": "worker"},
        Watchdog(),
    )
    return [*first, web, workers] if options.web else [*first, workers]


def model_environment(options: Options) -> tuple[dict[str, str], list[Child]]:
    """Settings that point at the chosen model, and the simulator's process if that is it."""
    if options.model == "none":
        return {"LLM_BASE_URL": "", "LLM_MODEL": "", "LLM_SIMULATED": "0"}, []
    if options.model == "configured":
        return {}, []
    port = str(free_port())
    options.model_address = f"http://127.0.0.1:{port}/v1"
    simulator = Child(
        "simulator",
        python_command(
            *(MANAGE, "simulator", "--port", port, "--latency", str(options.latency)),
            *(["--fault", f"any:{options.failures}"] if options.failures else []),
            *("--seed", SEED),
        ),
        options.environment,
    )
    settings = {
        "LLM_BASE_URL": options.model_address,
        "LLM_API_KEY": "simulated",
        "LLM_MODEL": "simulated",
        "LLM_SIMULATED": "1",
    }
    return settings, [simulator]


def free_port() -> int:
    """A port that is free, and below those that the system gives to outgoing connections: none of
    these takes it until it is listened at. By chance, so that two who ask get two.
    """
    while True:
        port = FIRST_PORT + secrets.randbelow(PORTS)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def port_taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0
