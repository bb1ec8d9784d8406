"""How a peer's task tells its driver when it began: CLOCK_MONOTONIC is one for all processes."""

import os
import time
from pathlib import Path

PATIENCE_SECONDS = 30


def stamp() -> None:
    """For the task: say that it begins now."""
    at = time.monotonic()
    place = Path(os.environ["PEER_STAMP"])
    written = place.with_suffix(".new")
    written.write_text(repr(at))
    written.replace(place)


def await_stamp() -> float:
    """For the driver: when the task began; takes the stamp away."""
    place = Path(os.environ["PEER_STAMP"])
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not place.exists():
        if time.monotonic() > deadline:
            raise TimeoutError("The peer's task does not begin")
        time.sleep(0.001)
    at = float(place.read_text())
    place.unlink()
    return at
