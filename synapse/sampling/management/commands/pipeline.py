"""Takes any report from its dictionary and population to approved samples, without pages."""

import os
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from synapse.common.errors import DomainError
from synapse.sampling.options import DEFAULT_SIZE
from synapse.sampling.pipeline.request import DEFAULT_SEED, Request
from synapse.sampling.pipeline.running import run

FILES = {
    "dictionary": "the report's fields: CSV, XLSX or JSON",
    "population": "the records: CSV, pipe, XLSX or Parquet",
    "spec": "a specification that the configured model drafts attributes from",
    "rules": "rules to add to those proposed: CSV or JSON",
    "cde": "list of critical data elements",
    "issues": "list of historical issues",
}
NEEDED = ("dictionary", "population")


class Command(BaseCommand):
    help = (
        "Plan, profile, scope and sample one report as a tester and an owner, with the same "
        "services and jobs as the pages, and write the results as CSV."
    )

    def add_arguments(self, parser):
        parser.add_argument("--report", required=True, metavar="NAME", help="the report's name")
        for name, words in FILES.items():
            parser.add_argument(
                f"--{name}", type=Path, required=name in NEEDED, metavar="FILE", help=words
            )
        parser.add_argument(
            "--key",
            default="",
            metavar="A[,B]",
            help="attributes that tell records apart (default: the first identifier-like column "
            "at least 99 %% unique, else the record number)",
        )
        parser.add_argument(
            "--sample-size",
            type=int,
            metavar="N",
            help=f"records to draw (default {DEFAULT_SIZE}, or all of a smaller population)",
        )
        parser.add_argument(
            "--seed", type=int, default=DEFAULT_SEED, metavar="N", help="default %(default)s"
        )
        parser.add_argument(
            "--top", type=int, metavar="N", help="attributes of the highest scores to scope"
        )
        parser.add_argument(
            "--no-builtin-rules",
            action="store_true",
            help="leave out the shipped rules, which are added where they fit the dictionary",
        )
        parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="results")
        parser.add_argument(
            "--state", type=Path, metavar="DIR", help="database and uploads (SYNAPSE_STATE)"
        )

    def handle(self, **options):
        _move_to(options["state"])
        request = Request(
            report=options["report"],
            out=options["out"],
            key=tuple(name.strip() for name in options["key"].split(",") if name.strip()),
            sample_size=options["sample_size"],
            seed=options["seed"],
            top=options["top"],
            builtin_rules=not options["no_builtin_rules"],
            **{name: options[name] for name in FILES},
        )
        try:
            run(request, self._say)
        except DomainError as error:
            raise CommandError(" ".join(str(error).split())) from error
        except KeyboardInterrupt as stop:
            raise CommandError("Stopped from outside before anything was begun.") from stop

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _move_to(state: Path | None) -> None:
    """Begins again on another state folder: settings have read the former one already."""
    if state is None or os.environ.get("SYNAPSE_STATE") == str(state.absolute()):
        return
    os.environ["SYNAPSE_STATE"] = str(state.absolute())
    os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606  ourselves, as we were called
