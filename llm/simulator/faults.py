"""The ways a model endpoint fails, each producible on demand."""

import copy
import json
import random
from dataclasses import dataclass

FAULTS = {
    "rate_limit": "429 with Retry-After",
    "quota": "429 without budget",
    "server_error": "500",
    "auth": "401",
    "not_found": "404: no such model",
    "too_long": "400: longer than the model can read",
    "hang": "never answers",
    "slow": "answers after `seconds` (default 30)",
    "truncated": "cut off at the token limit",
    "malformed": "not JSON",
    "invalid": "JSON of another shape",
    "wrong_items": "one item missing, one with another name",
    "wrong_quotes": "quotes that are not in the text",
    "refusal": "declines to answer",
    "content_filter": "stopped by the content filter",
    "empty": "no content",
    "html": "a web page with status 200",
}
ALIASES = {"429": "rate_limit", "500": "server_error", "401": "auth", "404": "not_found"}


class UnknownFault(ValueError):
    """Names what there is."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no fault {name!r}; there are: {', '.join(FAULTS)}")


@dataclass
class Fault:
    """One kind, for the next `times` requests (or every one), perhaps of one operation only."""

    name: str
    times: int | None = None
    operation: str | None = None
    retry_after: float = 1
    seconds: float = 30
    share: float = 1.0

    def __post_init__(self) -> None:
        self.name = ALIASES.get(self.name, self.name).replace("-", "_")
        if self.name not in FAULTS:
            raise UnknownFault(self.name)

    @classmethod
    def parse(cls, text: str) -> "Fault":
        """From a command line: `name` or `name:share`, a share of 0.1 meaning every tenth call."""
        name, _, share = text.partition(":")
        return cls(name=name, share=float(share or 1))


class Script:
    """What goes wrong next; the first fault that applies is used."""

    def __init__(self, faults: list[Fault] | None = None, seed: int = 0) -> None:
        self.faults = list(faults or [])
        self._random = random.Random(seed)  # noqa: S311  a repeatable script, not a secret

    def next(self, operation: str) -> Fault | None:
        for fault in self.faults:
            if fault.operation not in (None, operation) or fault.times == 0:
                continue
            if fault.share < 1 and self._random.random() >= fault.share:
                continue
            if fault.times is not None:
                fault.times -= 1
            return fault
        return None


def spoil(answer: dict, fault: str) -> dict:
    """The answer with wrong content, still JSON."""
    answer = copy.deepcopy(answer)
    if fault == "invalid":
        return {"unexpected": json.dumps(answer)[:40]}
    if fault == "wrong_quotes":
        _replace_quotes(answer)
    if fault == "wrong_items":
        _spoil_items(answer)
    return answer


def _replace_quotes(node: object) -> None:
    if isinstance(node, dict):
        for key, value in node.items():
            if "quote" in key and isinstance(value, str):
                node[key] = "This sentence stands nowhere in the text."
            else:
                _replace_quotes(value)
    elif isinstance(node, list):
        for value in node:
            _replace_quotes(value)


def _spoil_items(answer: dict) -> None:
    """The first list of objects loses its last member, and its first is renamed."""
    for value in answer.values():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            if len(value) > 1:
                value.pop()
            _rename(value[0])
            return
    _rename(answer)


def _rename(item: dict) -> None:
    for key, value in item.items():
        if isinstance(value, str):
            item[key] = f"{value}_of_nothing"
            return
