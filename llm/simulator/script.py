"""What befalls which request: scripts of steps for the requests they match, and standing faults.

    POST …/_script  [{"match": {"operation": "scoping.judge", "contains": "Balance", "nth": [1]},
                      "faults": ["429:2", "500*3", "hang:3", "truncated", "malformed", "ok:0.5"]}]

Every part of a match may be left out; `nth` counts, from 1, the requests that match the rest.
Each request takes the next step of the first script that matches it and isn't used up; after the
last step, and where nothing matches, standing faults apply. A step is a fault's name or status;
`:n` is its Retry-After, or the seconds it lasts; `*n` repeats it; `ok` is a right answer. So one
script can tell the whole life of one request, such as truncated, then malformed, then right.
"""

import re
from dataclasses import dataclass, field
from random import Random

from llm.simulator.faults import Fault

_STEP = re.compile(r"(?P<name>[\w-]+)(?::(?P<number>\d+(?:\.\d+)?))?(?:\*(?P<times>\d+))?")
_MATCHES = {"operation", "contains", "nth"}


class BadScript(ValueError):
    """Says what a script may look like."""


def steps(text: str) -> list[Fault | None]:
    """The faults that one step stands for; None is a right answer at the usual latency."""
    told = _STEP.fullmatch(text)
    if told is None:
        raise BadScript(f"{text!r} is no step: name, name:number, name*times or all three")
    name, times = told["name"], int(told["times"] or 1)
    if name == "ok" and told["number"] is None:
        return [None] * times
    number = {}
    if told["number"] is not None:
        number = {"retry_after": float(told["number"]), "seconds": float(told["number"])}
    return [Fault("slow" if name == "ok" else name, **number) for _ in range(times)]


@dataclass
class Sequence:
    """The steps of the requests that match, first to last."""

    faults: list[Fault | None]
    operation: str | None = None
    contains: str = ""
    nth: frozenset[int] = frozenset()
    seen: int = field(default=0, init=False)

    @classmethod
    def of(cls, entry: dict) -> "Sequence":
        """From an entry of the posted list."""
        match, told = entry.get("match", {}), entry.get("faults")
        if not isinstance(match, dict) or set(match) - _MATCHES or set(entry) - {"match", "faults"}:
            raise BadScript(f"an entry has a match (of {', '.join(sorted(_MATCHES))}) and faults")
        if not isinstance(told, list) or not all(isinstance(step, str) for step in told):
            raise BadScript("faults are a list of steps, each a text")
        nth = match.get("nth", [])
        return cls(
            faults=[fault for text in told for fault in steps(text)],
            operation=match.get("operation"),
            contains=match.get("contains", ""),
            nth=frozenset([nth] if isinstance(nth, int) else nth),
        )

    def takes(self, operation: str, text: str) -> bool:
        """Whether this request is the script's; it counts as seen then."""
        if self.operation not in (None, operation) or self.contains not in text:
            return False
        self.seen += 1
        return bool(self.faults) and (not self.nth or self.seen in self.nth)


class Script:
    """What goes wrong next; the first that applies is used."""

    def __init__(self, faults: list[Fault] | None = None, seed: int = 0) -> None:
        self.faults = list(faults or [])
        self.sequences: list[Sequence] = []
        self.lot = Random(seed)  # noqa: S311  a repeatable script, not a secret

    def next(self, operation: str, text: str = "") -> Fault | None:
        for sequence in self.sequences:
            if sequence.takes(operation, text):
                fault = sequence.faults.pop(0)
                return fault and fault.drawn(self.lot)
        return self._standing(operation)

    def _standing(self, operation: str) -> Fault | None:
        for fault in self.faults:
            if fault.operation not in (None, operation) or fault.times == 0:
                continue
            if fault.share < 1 and self.lot.random() >= fault.share:
                continue
            if fault.times is not None:
                fault.times -= 1
            return fault.drawn(self.lot)
        return None
