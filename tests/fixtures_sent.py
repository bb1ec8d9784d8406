"""No session of tests sends a model the value of a record, or a secret: looked for at its end."""

import os
import shutil
import tempfile
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import pytest

from tests.support import sent

NOTES = pytest.StashKey[Path]()
FOUND = pytest.StashKey["Found"]()
ROOT = Path(__file__).resolve().parents[1]
# Values that dictionaries and specifications have too are no record's alone.
PUBLISHED = ("synapse/planning/builtin", "synapse/profiling/builtin")
PUBLISHED_SAMPLES = ("hmda/spec", "hmda/dictionary", "hmda/edits", "mdrm", "fr_y14m")
MOST_SHOWN = 5


@dataclass
class Found:
    """What was looked through, and what shouldn't be in it."""

    prompts: int = 0
    size: int = 0
    values: int = 0
    secrets: int = 0
    leaks: list[str] = field(default_factory=list)

    def told(self) -> str:
        return (
            f"Prompts sent: {self.prompts:,} different ones, {self.size:,} bytes; looked for "
            f"{self.values:,} values of populations and {self.secrets} secrets in them: "
            f"{len(self.leaks)} found."
        )


def look(folder: Path, secrets: dict[str, str], values: set[str]) -> Found:
    """Holds the prompts noted in the folder against values and secrets; shows no whole secret."""
    prompts = folder / sent.PROMPTS
    found = Found(values=len(values), secrets=len(secrets))
    for full in folder.glob("*.full"):
        found.leaks.append(f"{full.stem} grew beyond {sent.MOST:,} bytes: not all was looked at")
    found.size = prompts.stat().st_size
    with prompts.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            found.prompts += 1
            leaked = sorted(sent.telling(line) & values)
            leaked += [name for name, secret in secrets.items() if secret in line]
            if leaked:
                found.leaks.append(f"{', '.join(leaked[:MOST_SHOWN])} in {line[:200]}")
    return found


def record_values(folder: Path) -> set[str]:
    """Of the populations imported in the session and of the sample data's, but for published ones.

    Of each file of the sample data the first lines.
    """
    noted = folder / sent.VALUES
    values = set(noted.read_text().split()) if noted.exists() else set()
    samples = Path(os.environ.get("SYNAPSE_SAMPLE_DATA", "/nowhere"))
    for path in (samples / "hmda/populations").rglob("*.txt"):
        with path.open(errors="replace") as lines:
            values |= {value for line in islice(lines, sent.ROWS) for value in sent.telling(line)}
    folders = [
        *(ROOT / name for name in PUBLISHED),
        *(samples / name for name in PUBLISHED_SAMPLES),
    ]
    for path in (path for folder in folders for path in folder.rglob("*.*")):
        values -= sent.telling(path.read_text(errors="replace"))
    return values


def session_secrets() -> dict[str, str]:
    """Those of the settings and of the endpoints that tests call."""
    from llm import secrecy

    return secrecy.secrets() | {"key of the endpoints": "test-key", "another key": "sk-obedient-01"}


def pytest_configure(config):
    outer = os.environ.get(sent.FOLDER)
    if outer:
        return  # a session within a session: the outer one looks
    config.stash[NOTES] = Path(tempfile.mkdtemp(prefix="syn-sent-"))
    os.environ[sent.FOLDER] = str(config.stash[NOTES])


def pytest_sessionfinish(session):
    folder = session.config.stash.get(NOTES, None)
    if folder is None:
        return
    del os.environ[sent.FOLDER]
    if (folder / sent.PROMPTS).exists():
        judge(session, look(folder, session_secrets(), record_values(folder)))
    shutil.rmtree(folder, ignore_errors=True)


def judge(session, found: Found) -> None:
    """A leak fails the session, whatever its tests said."""
    session.config.stash[FOUND] = found
    if found.leaks:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config):
    found = config.stash.get(FOUND, None)
    if found is None:
        return
    terminalreporter.write_line(found.told())
    for leak in found.leaks[:MOST_SHOWN]:
        terminalreporter.write_line(f"LEAKED: {leak}", red=True)
