"""Run everything on this machine until Ctrl-C: database, web, workers."""

from argparse import ArgumentTypeError

from django.core.management.base import BaseCommand

from synapse.common import embedded
from synapse.common.running import Machine, Options


def add_run_options(parser) -> None:
    """Options that `up` and `demo` share."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on")
    parser.add_argument(
        "--model",
        choices=["none", "simulated", "configured"],
        help="none, the simulator, or the one in LLM_BASE_URL (default: that, if it is set)",
    )
    parser.add_argument(
        "--latency", type=float, default=0.5, help="seconds a simulated answer takes"
    )
    parser.add_argument(
        "--failures",
        type=share,
        default=0.0,
        metavar="SHARE",
        help="share of simulated calls that go wrong, each by lot: errors of the server, broken "
        "connections, answers cut off, wrong or not JSON; such as 0.1",
    )


def share(text: str) -> float:
    """A number from 0 up to, but without, 1: if all calls failed, nothing would ever end."""
    value = float(text)
    if not 0 <= value < 1:
        raise ArgumentTypeError("a share is from 0 to below 1, such as 0.1")
    return value


def run_options(options: dict, *, fallback: str) -> Options:
    """Options of the command line; without --model the configured one, else `fallback`."""
    from django.conf import settings

    configured = "configured" if settings.LLM["BASE_URL"] else fallback
    return Options(
        host=options["host"],
        port=options["port"],
        model=options["model"] or configured,
        latency=options["latency"],
        failures=options["failures"],
    )


class Command(BaseCommand):
    help = "Run web and workers together, supervised, on the database (embedded, if none is set)."

    def add_arguments(self, parser):
        add_run_options(parser)

    def handle(self, **options):
        chosen = run_options(options, fallback="none")
        with Machine(chosen) as machine:
            if not machine.supervisor.stopping:
                self.stdout.write(f"Database: {embedded.describe()}")
                self.stdout.write(f"Model: {chosen.model}")
                self.stdout.write(f"Synapse runs at {chosen.address}  (Ctrl-C stops it)")
                self.stdout.flush()
            machine.supervisor.watch()
            self.stdout.write("Stopping ...")
        self.stdout.write("Stopped.")
