"""Runs an operation on frozen cases and prints how well it did."""

from itertools import product
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from llm.errors import LLMError
from llm.evaluation import golden, keeping, report, running
from llm.models import Evaluation


class Command(BaseCommand):
    help = (
        "Ask an operation on the cases of a golden file and print recall and precision with their "
        "95 % intervals, calls, tokens, cost and latency. Several prompts or providers are "
        "compared with the first. Results are kept, and shown in the admin."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("operation", help="as <app>.<name>, such as planning.draft_attributes")
        parser.add_argument("--golden", type=Path, required=True, metavar="FILE")
        parser.add_argument(
            "--provider",
            action="append",
            metavar="P",
            help="a provider's name (default: the first that may answer); may be repeated",
        )
        parser.add_argument(
            "--prompt",
            action="append",
            metavar="V",
            help="a version of the prompt (default: the one in use); may be repeated",
        )
        parser.add_argument(
            "--most-cases",
            type=int,
            metavar="N",
            help="only so many cases, spread over the source; such a run decides no pin",
        )
        parser.add_argument("--concurrency", type=int, default=4, metavar="N", help="%(default)s")
        parser.add_argument("--by", default="", metavar="USER", help="whom the calls are booked to")

    def handle(self, operation: str, **options) -> None:
        for name in ("most_cases", "concurrency"):
            if options[name] is not None and options[name] < 1:
                raise CommandError(f"--{name.replace('_', '-')} is a number from 1 on.")
        run_by = self._user(options["by"])
        self.lost = 0
        try:
            cases = golden.read(options["golden"], operation)
            variants = [
                running.choose(cases, provider=provider, prompt=prompt)
                for prompt, provider in product(
                    options["prompt"] or [""], options["provider"] or [""]
                )
            ]
            found = [self._evaluate(cases, variant, run_by, options) for variant in variants]
            for other in found[1:]:
                self._say(report.beside(found[0], other))
        except LLMError as error:
            raise CommandError(error.message) from error
        if self.lost:
            raise CommandError("The endpoint answered no case, which says nothing: try again.")

    def _evaluate(self, cases, variant, run_by: int | None, options: dict) -> Evaluation:
        asked = golden.some_of(cases.cases, options["most_cases"] or len(cases.cases))
        run = running.run(cases, asked, variant, concurrency=options["concurrency"], run_by=run_by)
        kept = keeping.keep(cases, asked, variant, run, run_by=run_by)
        self._say(report.figures(kept))
        self.lost += not run.answers and all(each.of_endpoint for each in run.failures)
        return kept

    def _say(self, lines) -> None:
        for line in lines:
            self.stdout.write(line)
        self.stdout.write("")

    def _user(self, name: str) -> int | None:
        if not name:
            return None
        try:
            return get_user_model()._default_manager.get_by_natural_key(name).pk
        except get_user_model().DoesNotExist:
            raise CommandError(f"There is no user {name}.") from None
