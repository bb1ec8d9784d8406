"""The child process: bounds itself, reads a file from standard input, tells its text as JSON lines.

`{"page": 3, "pages": 184}` after each page; at the end `{"text": …, "pages": …, "hidden": …}` or
`{"fault": code, …}`. It is told no secret, opens no file, and knows neither database nor web.
"""

import ctypes
import importlib
import json
import os
import resource
import signal
import sys
import traceback

from synapse.planning.taking import limits
from synapse.planning.taking.limits import Fault

PAGE_BREAK = "\n\f\n"
KINDS = ("pdf", "docx")
PR_SET_PDEATHSIG = 1


def main(kind: str, parent: int) -> None:
    bound(parent)
    reader = importlib.import_module(f"synapse.planning.taking.{KINDS[KINDS.index(kind)]}")
    content = sys.stdin.buffer.read()
    try:
        pages, hidden = reader.read(content, lambda page, pages: say(page=page, pages=pages))
    except Fault as fault:
        say(fault=fault.code, **fault.details)
    except (MemoryError, RecursionError):
        say(fault="document_needs_too_much")
    except Exception:  # noqa: BLE001  a damaged file makes its parser raise anything
        say(fault="broken_document", trace=traceback.format_exc(limit=-5)[-4_000:])
    else:
        if not "".join(pages).strip():
            say(fault="no_text_in_it", hidden=hidden, pages=len(pages))
        else:
            say(text=PAGE_BREAK.join(pages), pages=len(pages), hidden=hidden)


def bound(parent: int) -> None:
    """Memory, processor time, no files written, and gone when the parent is."""
    for limit, most in (
        (resource.RLIMIT_AS, limits.MEMORY),
        (resource.RLIMIT_CPU, limits.CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    except AttributeError:  # no such call outside Linux; there the time limits end it
        return
    if os.getppid() != parent:
        os._exit(1)


def say(**told: object) -> None:
    print(json.dumps(told), flush=True)  # noqa: T201  the parent reads it


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
