"""The ways a model endpoint fails, each producible on demand.

A fault stands until it is used up, and meets every call, or a share of them, or one operation's:

    manage.py simulator --fault 429:0.1 --fault truncated:0.05 --seed 7
    POST …/_control  {"script": [{"name": "529", "times": 2, "retry_after": 3}]}

What befalls one request after another is told by a script: see `llm.simulator.script`.
"""

from dataclasses import dataclass, replace
from random import Random

# What goes away by itself, or by asking otherwise.
PASSING = ("server_error", "overloaded", "reset", "malformed", "truncated", "wrong_items")
FAULTS = {
    "rate_limit": "429 with Retry-After",
    "overloaded": "529 with Retry-After",
    "quota": "429 without budget",
    "no_credit": "402: the account is empty",
    "server_error": "500",
    "unavailable": "503 with a gateway's web page",
    "auth": "401, with the key told back",
    "forbidden": "403",
    "not_found": "404: no such model",
    "bad_request": "400: no such parameter",
    "too_long": "400: longer than the model can read",
    "hang": "never answers, or hangs up after `seconds`",
    "slow": "answers after `seconds` (default 30)",
    "drip": "answers in small pieces over `seconds` (default 30)",
    "reset": "the connection is reset in the middle of the answer",
    "truncated": "cut off at the token limit",
    "chopped": "cut off at the token limit between two items, so still JSON",
    "looping": "repeats itself up to the token limit",
    "malformed": "not JSON",
    "invalid": "JSON of another shape",
    "wrong_items": "one item missing, one with another name",
    "renamed": "names in other case and with other spaces",
    "duplicates": "one item twice",
    "wrong_quotes": "quotes that are not in the text",
    "refusal": "declines to answer",
    "content_filter": "stopped by the content filter",
    "empty": "no content",
    "no_choices": "a completion without choices",
    "no_usage": "a right answer that doesn't tell its tokens",
    "other_model": "a right answer by a model of another name",
    "wrong_type": "a right answer called text/plain",
    "html": "a web page with status 200",
    "any": f"one of {', '.join(PASSING)}",
}
ALIASES = {
    "400": "bad_request",
    "401": "auth",
    "402": "no_credit",
    "403": "forbidden",
    "404": "not_found",
    "429": "rate_limit",
    "500": "server_error",
    "503": "unavailable",
    "529": "overloaded",
}


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
    seconds: float | None = None
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

    def drawn(self, lot: Random) -> "Fault":
        """Itself, or what the lot makes of `any`."""
        return replace(self, name=lot.choice(PASSING)) if self.name == "any" else self

    @property
    def lasts(self) -> float:
        """Seconds of a slow answer."""
        return 30 if self.seconds is None else self.seconds
