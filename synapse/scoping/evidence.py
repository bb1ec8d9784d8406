"""The passage that a judgement rests on, looked up in the text that was sent of its attribute."""

from collections.abc import Iterable
from dataclasses import dataclass

from synapse.planning.quotes import LONGEST, locate
from synapse.scoping.facts import AttributeFacts

# Shorter ones occur by chance, unless they are a whole name, format or code.
LEAST = 8
SHOWN = 80


@dataclass(frozen=True)
class Quote:
    """A quote as it was given; where it occurs it is the text's own, from `start` in `field`."""

    text: str = ""
    field: str = ""
    start: int | None = None


def find(given: str, attribute: AttributeFacts) -> Quote | None:
    """The quote in the first field of the attribute that holds it; None if none does."""
    for name, text in attribute.texts.items():
        span = locate(text, given)
        if span is None:
            continue
        found = text[slice(*span)]
        if len(found) >= LEAST or found in map(str.strip, text.splitlines()):
            return Quote(found, name, span[0])
    return None


def as_given(given: str) -> Quote:
    """A quote that occurs nowhere, as it is kept for a person to see."""
    return Quote(given.strip()[:LONGEST])


def why_not_found(
    given: str, attribute: AttributeFacts, others: Iterable[AttributeFacts] = ()
) -> str:
    """What is wrong with a quote that `find` didn't find, in words for the model."""
    words = " ".join(given.split())
    if not words:
        return "it has no quote"
    for other in others:
        if other.id != attribute.id and find(given, other):
            return f"its quote is from the text of {other.id}, not from its own"
    if any(locate(text, given) for text in attribute.texts.values()):
        return f"its quote is too short to rest on: {words}"
    shown = words if len(words) <= SHOWN else words[:SHOWN] + "..."
    return f"its quote does not occur in its name, description, format or allowed values: {shown}"
