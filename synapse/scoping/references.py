"""Who names whom: which attributes the descriptions of other attributes refer to."""

import re
from collections import Counter
from collections.abc import Sequence

from synapse.scoping.facts import AttributeFacts

WORD = re.compile(r"[a-z0-9]+")
# "line 18", "fields 18, 19 and 20", "item No. 5"
LINES = re.compile(
    r"\b(?:lines?|fields?|items?)\s+(?:items?\s+)?(?:no\.?\s*|#\s*)?"
    r"(\d+[a-z]?(?:(?:\s*,\s*|\s*,?\s+(?:and|or|to)\s+)\d+[a-z]?)*)",
    re.IGNORECASE,
)
LONGEST_NAME = 8


def words_of(text: str) -> tuple[str, ...]:
    return tuple(WORD.findall(text.lower()))


def count_references(attributes: Sequence[AttributeFacts]) -> Counter[str]:
    """How many other attributes' descriptions name each attribute, by id.

    An attribute is named by its line number, its technical name, or its full name if that has
    at least two words: single words such as "State" stand in too many sentences.
    """
    by_line, by_name = {}, {}
    for each in attributes:
        if each.line:
            by_line.setdefault(each.line.lower(), each.id)
        for name in (each.name, each.technical_name):
            words = words_of(name)
            if 2 <= len(words) <= LONGEST_NAME or _is_one_long_word(name, words):
                by_name.setdefault(words, each.id)
    counts: Counter[str] = Counter()
    for each in attributes:
        named = _lines_in(each.description, by_line) | _names_in(each.description, by_name)
        counts.update(named - {each.id})
    return counts


def _is_one_long_word(name: str, words: tuple[str, ...]) -> bool:
    """True for names as systems write them, with capitals inside: `CycleEndingBalance`."""
    inside = any(letter.isupper() for letter in name[1:])
    return len(words) == 1 and len(name) >= 8 and inside and not name.isupper()


def _lines_in(text: str, by_line: dict[str, str]) -> set[str]:
    numbers = {
        number.lower()
        for group in LINES.findall(text)
        for number in re.findall(r"\d+[a-z]?", group, re.IGNORECASE)
    }
    return {by_line[number] for number in numbers if number in by_line}


def _names_in(text: str, by_name: dict[tuple[str, ...], str]) -> set[str]:
    words = words_of(text)
    return {
        by_name[words[start : start + size]]
        for size in range(1, LONGEST_NAME + 1)
        for start in range(len(words) - size + 1)
        if words[start : start + size] in by_name
    }
