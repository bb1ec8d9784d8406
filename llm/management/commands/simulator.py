"""Serves the model simulator over HTTP."""

import ctypes
import os
import signal
import socket

from django.core.management.base import BaseCommand, CommandError

from llm.simulator.app import Simulator
from llm.simulator.faults import FAULTS, Fault
from llm.simulator.registry import rules

PR_SET_PDEATHSIG = 1


class Command(BaseCommand):
    help = "Serve a simulated model endpoint. Set LLM_BASE_URL to the address it prints."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=0, help="0 chooses a free one")
        parser.add_argument("--latency", type=float, default=0.0, help="seconds an answer")
        parser.add_argument(
            "--fault",
            action="append",
            default=[],
            metavar="NAME[:SHARE]",
            help="; ".join(f"{name}: {what}" for name, what in FAULTS.items()),
        )
        parser.add_argument("--seed", type=int, default=0, help="of the lots drawn for shares")
        parser.add_argument(
            "--with-parent", action="store_true", help="end when the starting process ends"
        )

    def handle(self, **options) -> None:
        if options["with_parent"]:
            _end_with_parent()
        try:
            faults = [Fault.parse(text) for text in options["fault"]]
        except ValueError as error:
            raise CommandError(str(error)) from error
        simulator = Simulator(
            rules(), latency=options["latency"], faults=faults, seed=options["seed"]
        )
        listener = self._listen(options["host"], options["port"])
        host, port = listener.getsockname()[:2]
        self.stdout.write(f"Simulated model at http://{host}:{port}/v1")
        self.stdout.flush()
        # Imported here: it installs an event loop for the whole process.
        from llm.simulator.server import ResettingServer

        ResettingServer(
            simulator,
            endpoints=[f"fd:fileno={listener.fileno()}"],
            application_close_timeout=1,
            verbosity=0,
        ).run()

    def _listen(self, host: str, port: int) -> socket.socket:
        listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            raise CommandError(f"Can't listen on {host}:{port}: {error.strerror}.") from error
        listener.listen(1024)
        return listener


def _end_with_parent() -> None:
    """Asks the kernel to end this process with the one that started it (Linux)."""
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        raise CommandError("The parent process has already ended.")
