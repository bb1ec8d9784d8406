"""Runs the child process that takes a file's text out, and judges how it ended."""

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from synapse.planning.taking import limits
from synapse.planning.taking.faults import DocumentNeedsTooMuch, text_fault

logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[3]
CHILD = "synapse.planning.taking.child"


@dataclass(frozen=True)
class Taken:
    """The text with form feeds between pages; `hidden` characters were left out of it."""

    text: str
    pages: int
    hidden: int


def take(content: bytes, kind: str, file: str, tell: Callable[[int, int], None]) -> Taken:
    """The text of a PDF or a Word file; `tell(page, pages)` hears how far it is, and may raise.

    Raises an UnreadableDocument for a file that has no text to take, or asks for too much.
    """
    with _running(kind, content) as (process, late):
        for line in process.stdout:
            told = json.loads(line)
            if "trace" in told:
                logger.warning("Reading “%s” as %s failed: %s", file, kind, told.pop("trace"))
            if "fault" in told:
                raise text_fault(told.pop("fault"), file, told)
            if "text" in told:
                return Taken(told["text"], told["pages"], told["hidden"])
            tell(told["page"], told["pages"])
        process.wait()
        # Nothing was told: ended from outside, by a limit, or by the file itself.
        if late.is_set() or process.returncode in (-9, -24):
            raise DocumentNeedsTooMuch(file=file)
        if process.returncode > 0:
            raise RuntimeError("The process that takes texts out could not be started.")
        raise text_fault("broken_document", file, {})


@contextmanager
def _running(kind: str, content: bytes) -> Iterator[tuple[subprocess.Popen, threading.Event]]:
    """The child with the content sent to it; killed at the end, and once its time is up."""
    process = subprocess.Popen(
        [sys.executable, "-m", CHILD, kind, str(os.getpid())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"},
    )
    late = threading.Event()
    timer = threading.Timer(limits.SECONDS, lambda: (late.set(), process.kill()))
    timer.daemon = True
    timer.start()
    try:
        _send(process, content)
        yield process, late
    finally:
        timer.cancel()
        process.kill()
        process.wait()
        process.stdout.close()


def _send(process: subprocess.Popen, content: bytes) -> None:
    """All of it, since the child says nothing before it has it."""
    # How a child ended early is told by what it says, or by its code.
    with suppress(BrokenPipeError), process.stdin:
        process.stdin.write(content)
