"""Runs the main job before your eyes: FR Y-14M D.1 from its dictionary to approved samples."""

import sys
import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from synapse.common import embedded
from synapse.common.management.commands.up import add_run_options, run_options
from synapse.common.running import Machine
from synapse.cycles.demonstration import cast as casting
from synapse.cycles.demonstration.client import Client, Refused
from synapse.cycles.demonstration.figures import table
from synapse.cycles.demonstration.meter import ConnectionMeter
from synapse.cycles.demonstration.path import go
from synapse.cycles.demonstration.recall import lines, recall
from synapse.cycles.demonstration.walking import PathFailed, Walk

MODELS = {
    "none": "no model: components are estimated by rules, and labelled so",
    "simulated": "the simulator at {latency} s a call{failing}: by rule, marked as simulated",
    "configured": "{model} at {address}",
}
BAR = 30


class Command(BaseCommand):
    help = "Take FR Y-14M D.1 from its dictionary to approved samples, then go on serving."

    def add_arguments(self, parser):
        add_run_options(parser)
        parser.add_argument("--exit", action="store_true", help="stop when the path has ended")

    def handle(self, **options):
        if settings.SETTINGS_MODULE.endswith("production"):
            raise CommandError("The demonstration makes people and a report: not in production.")
        chosen = run_options(options, fallback="simulated")
        started = time.monotonic()
        with Machine(chosen) as machine:
            if machine.supervisor.stopping:
                return
            self.stdout.write(f"Database: {embedded.describe()}")
            self.stdout.write(f"Model: {self._model(chosen)}")
            failed = self._walk(machine, started)
            if not options["exit"] and not machine.supervisor.stopping:
                self.stdout.write(f"\nSynapse runs at {chosen.address}  (Ctrl-C stops it)")
                self.stdout.flush()
                machine.supervisor.watch()
        if failed:
            sys.exit(1)

    def _model(self, chosen) -> str:
        model = settings.LLM
        return MODELS[chosen.model].format(
            latency=chosen.latency,
            failing=f", {chosen.failures:.0%} of them failing" if chosen.failures else "",
            model=model["MODEL"],
            address=model["BASE_URL"],
        )

    def _walk(self, machine: Machine, started: float) -> bool:
        """The path and its table; True if it did not end as it must."""
        cast = casting.gather()
        cycle_report = casting.stage(cast)
        meter = ConnectionMeter()

        def tend() -> None:
            machine.supervisor.tend()
            meter.sample()
            if machine.supervisor.stopping:
                raise PathFailed("stopped from outside")

        address = machine.options.address
        try:
            walk = Walk(
                tester=Client(address, cast.token(cast.tester)),
                owner=Client(address, cast.token(cast.owner)),
                cycle_report=cycle_report.pk,
                say=self._say,
                show=self._show,
                tend=tend,
            )
            outcome = go(walk)
        except (PathFailed, Refused, OSError) as error:
            self.stderr.write(self.style.ERROR(f"The path ended early: {error}"))
            return True
        seconds = time.monotonic() - started
        self.stdout.write("")
        found = recall(outcome.labels, outcome.failures, outcome.samples)
        rows = table(
            outcome, found, cast=cast, cycle_report=cycle_report, seconds=seconds, meter=meter
        )
        for name, figure in rows:
            self.stdout.write(f"  {name:32}{figure}")
        self.stdout.write("\n" + "\n".join(lines(found)))
        self.stdout.write(f"\nPage: {address}{cycle_report.get_absolute_url()}")
        self.stdout.write(f"Logins, all with the password {cast.password}")
        for username, roles in cast.logins:
            self.stdout.write(f"  {username:20}{roles}")
        return False

    def _say(self, line: str) -> None:
        self.stdout.write(f"- {line}")
        self.stdout.flush()

    def _show(self, job: dict) -> None:
        """One line a change of the job; rewritten in place on a terminal."""
        total = job["total"] or 0
        filled = BAR * (job["done"] + job["failed"]) // total if total else 0
        text = f"  {job['title']} [{'#' * filled:{BAR}}] {job['done']} of {total or '?'}"
        if job["failed"]:
            text += f", {job['failed']} failed"
        if job["eta_seconds"] is not None:
            text += f", about {job['eta_seconds']} s left"
        text += f", {job['status_label'].lower()}"
        if self.stdout.isatty():
            end = "\n" if job["finished_at"] else ""
            self.stdout.write(f"\r\033[K{text}", ending=end)
        elif text != getattr(self, "_shown", ""):
            self.stdout.write(text)
        self._shown = text
        self.stdout.flush()
