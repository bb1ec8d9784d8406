"""python -m tests.golden.evaluation: `manage.py evaluate` on the real specifications.

On a database of its own, with the simulator or with the small real model on this machine. The real
one says 75 tokens a second on two idle cores and seldom comes to an end by itself, so its answers
and its cases are made small, and --most-cases bounds how many are asked.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.golden import OPERATION, SPECIFICATIONS, write
from tests.real_model import served_model
from tests.support.arena import arena

REAL = {"OUTPUT_TOKENS": 300, "TIMEOUT": 900, "DEADLINE": 1800}
REAL_SIZE = 400


@contextmanager
def endpoint(model: str) -> Iterator[dict]:
    """For `settings.LLM`."""
    if model == "real":
        with served_model() as served:
            yield served.settings | REAL
        return
    command = [sys.executable, "manage.py", "simulator", "--port", "0", "--with-parent"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        address = process.stdout.readline().split()[-1]
        yield {"BASE_URL": address, "MODEL": "simulated", "SIMULATED": True}
        process.terminate()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.golden.evaluation", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(SPECIFICATIONS))
    parser.add_argument("--model", choices=["simulated", "real"], default="simulated")
    parser.add_argument("--most-cases", type=int, default=10**6, metavar="N")
    options = parser.parse_args()
    sample_data = os.environ.get("SYNAPSE_SAMPLE_DATA")
    if not sample_data:
        print("SYNAPSE_SAMPLE_DATA is not set: real regulatory files are not here")
        return 2
    size = REAL_SIZE if options.model == "real" else 0
    with (
        tempfile.TemporaryDirectory() as folder,
        arena(durable=False),
        endpoint(options.model) as chosen,
    ):
        from django.conf import settings
        from django.core.management import call_command

        settings.LLM = settings.LLM | chosen
        for name in options.names or SPECIFICATIONS:
            golden = write(Path(folder), Path(sample_data), name, size)
            most = {"most_cases": options.most_cases}
            call_command("evaluate", OPERATION, golden=golden, concurrency=1, **most)
    return 0


if __name__ == "__main__":
    sys.exit(main())
