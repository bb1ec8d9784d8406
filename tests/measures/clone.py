"""A scratch clone of what is committed, in which measures are taken away and tests are run."""

import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from synapse.common import embedded
from synapse.common.embedded import BASE_DIR

LONGEST_SECONDS = 400
# The first test of a session also makes the database, which takes long on a busy machine.
PATIENT = "--timeout=300"
# The clone's tests start servers and settings of their own.
NOT_INHERITED = ("DATABASE_", "DJANGO_", "PYTHONPATH", "PYTEST_", "SYNAPSE_STATE")


@dataclass(frozen=True)
class Outcome:
    """How one case of a test ended: passed, failed by its own check or else, or not even run."""

    test: str
    passed: bool
    said: str = ""

    def failed_by(self, kind: str) -> bool:
        said = self.said.removeprefix("Failed: ") if kind == "AssertionError" else self.said
        bare = kind == "AssertionError" and said.startswith(("assert ", "DID NOT RAISE"))
        return not self.passed and (bare or said.startswith(kind))


class Clone:
    def __init__(self, folder: Path, server: str):
        self.server = server
        self.folder = folder / "clone"
        git(BASE_DIR, "clone", "--quiet", str(BASE_DIR), str(self.folder))

    @contextmanager
    def without(self, patch: Path):
        """CalledProcessError if the patch applies no more."""
        git(self.folder, "apply", str(patch))
        try:
            yield
        finally:
            git(self.folder, "checkout", "--quiet", "--", ".")

    def run(self, tests: list[str], *, own_server: bool = False) -> list[Outcome]:
        """Every case of these tests; RuntimeError if pytest could not run them.

        They share a server and its migrated database, unless they are to have one to themselves.
        """
        report = self.folder.parent / "report.xml"
        report.unlink(missing_ok=True)
        environment = {
            key: value for key, value in os.environ.items() if not key.startswith(NOT_INHERITED)
        }
        options = ["-q", PATIENT, f"--junitxml={report}"]
        if not own_server:
            environment["DATABASE_URL"] = self.server
            options.append("--reuse-db")
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *options, *tests],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=LONGEST_SECONDS * len(tests),
            check=False,
        )
        # 0: all passed; 1: some failed. Anything else is a broken collection or pytest itself.
        if done.returncode not in (0, 1) or not report.exists():
            raise RuntimeError(f"pytest could not run them:\n{done.stdout[-3000:]}{done.stderr}")
        return outcomes(report)


def outcomes(report: Path) -> list[Outcome]:
    return [
        outcome_of(case)
        for case in ElementTree.parse(report).iter("testcase")  # noqa: S314  our own report
    ]


def outcome_of(case: ElementTree.Element) -> Outcome:
    # A case that fails and then can't be cleaned up has both: its failure is what counts.
    told = case.find("failure")
    if told is None:
        told = case.find("error")
    if told is None:
        told = case.find("skipped")
    module = case.get("classname", "").replace(".", "/")
    return Outcome(f"{module}::{case.get('name')}", told is None, said_by(told))


def said_by(told: ElementTree.Element | None) -> str:
    if told is None:
        return ""
    kind = "" if told.tag == "failure" else f"{told.tag}: "
    return kind + told.get("message", "")


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True)


@contextmanager
def scratch():
    """A clone and a database server, both gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="syn-") as folder:
        os.environ["SYNAPSE_STATE"] = f"{folder}/state"
        os.environ.pop("DATABASE_URL", None)
        embedded.ensure_server(durable=False)
        try:
            yield Clone(Path(folder), embedded.url())
        finally:
            embedded.stop_server()
