"""Whether a quote stands in a text, and where: white space folded, every other character as is."""

import re

from synapse.planning.dictionary.text import comparable

LONGEST = 2_000


def locate(text: str, quote: str) -> tuple[int, int] | None:
    """The span of the first occurrence, None if the text doesn't hold the quote."""
    words = quote[:LONGEST].split()
    if not words or len(quote) > LONGEST:
        return None
    found = re.search(r"\s+".join(map(re.escape, words)), text)
    return found.span() if found else None


def occurs(text: str, quote: str) -> bool:
    return locate(text, quote) is not None


def locate_name(text: str, name: str) -> tuple[int, int] | None:
    """The span of a name, in any case and with any signs between its words."""
    words = comparable(name).split()
    if not words:
        return None
    between = r"(?:[\W_]+)"
    pattern = rf"(?<![^\W_]){between.join(map(re.escape, words))}(?![^\W_])"
    found = re.search(pattern, text, re.IGNORECASE)
    return found.span() if found else None
