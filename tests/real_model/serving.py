"""Runs the model's server as a process of its own, and says how the client is to call it."""

import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from synapse.common.embedded import BASE_DIR
from tests.real_model.weights import weights

NAME = "smollm2-135m-instruct-q4_1"
CONTEXT = 8192
START = 60.0


class NotServed(Exception):
    """The server did not start; says what it wrote."""


@dataclass(frozen=True)
class ServedModel:
    """A running server: `base_url` ends in /v1."""

    base_url: str
    pid: int
    model: str = NAME
    # So small a model never comes to an end by itself: what it may say bounds what a call takes.
    output_tokens: int = 200

    @property
    def settings(self) -> dict:
        """For `settings.LLM`."""
        return {
            "BASE_URL": self.base_url,
            "MODEL": self.model,
            "STRUCTURED": "json_schema",  # llama.cpp makes a grammar of it
            "CONTEXT_TOKENS": CONTEXT,
            "OUTPUT_TOKENS": self.output_tokens,
            "TIMEOUT": 240,
            "CONNECT_TIMEOUT": 10,
            "DEADLINE": 500,
            "PRICE_IN": 0,
            "PRICE_OUT": 0,
            "SIMULATED": False,
        }

    @property
    def environment(self) -> dict[str, str]:
        """For processes that are to use it."""
        return {f"LLM_{name}": str(value) for name, value in self.settings.items() if value}


@contextmanager
def served_model(slots: int = 1) -> Iterator[ServedModel]:
    """The model at a free port of the loopback, answering `slots` requests at a time.

    Raises NoWeights if its file can't be had, NotServed if the server doesn't start.
    """
    command = [sys.executable, "-m", "tests.real_model.server", str(weights())]
    command += ["--name", NAME, "--slots", str(slots)]
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            command,
            cwd=BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            address = process.stdout.readline().strip()
            if not (address.startswith("http://127.0.0.1:") and _healthy(address)):
                process.kill()
                log.seek(0)
                raise NotServed(f"said {address!r} and wrote: {log.read()[-2000:]}")
            yield ServedModel(f"{address}/v1", process.pid)
        finally:
            process.terminate()
            process.communicate(timeout=30)


def _healthy(address: str) -> bool:
    """Waits until the model is loaded."""
    end = time.monotonic() + START
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=5) as reply:  # noqa: S310
                if json.load(reply) == {"status": "ok"}:
                    return True
        except OSError:  # not yet listening, or 503 while it loads
            time.sleep(0.2)
    return False
