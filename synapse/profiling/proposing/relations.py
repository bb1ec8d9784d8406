"""Rules that set columns in relation: the order of dates, and when a field has to be filled.

The order of dates is inferred from names, so it is proposed only where no other reading is likely.
A condition is taken only from a sentence that is understood to its end.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from synapse.planning.states import DataType
from synapse.profiling.columns import folded
from synapse.profiling.proposing import stated

# What has happened by the end of the period that is reported.
HAPPENED = re.compile(
    r"(?i)\b(?:originat\w+|birth|(?:account )?open(?:ed|ing)?|credit score refresh|charge[- ]?off|"
    r"acq(?:uisition|uired)?)\b(?!.*\b(?:next|expected|planned|projected|end)\b)"
)
STARTS = re.compile(
    r"(?i)\b(?:start|begin(?:ning)?|inception|effective|originat\w+|issue|opened)\b"
)
ENDS = re.compile(r"(?i)\b(?:end|expiry|expiration|expires|maturity|termination|closed)\b")
NAMED = r"(?:the )?[\"“']?(?P<name>[A-Za-z][\w /#-]{0,80}?)[\"”']?"
CODE = r"[\"“'‘]?[A-Za-z0-9](?:[\w.-]{0,13}[\w-])?[\"”'’]?"
CODES = rf"(?P<codes>{CODE}(?:\s*(?:,|\bor\b|/)\s*{CODE})*)"
EQUALS = r"\s*(?:==?|\b(?:is equal to|equals|is one of|is|in|has the value)\b)\s*\(?"
END = r"\)?\s*(?=[.;)\n]|$)"
IS_SAID = rf"{NAMED}{EQUALS}{CODES}{END}"
REQUIRED_IF = re.compile(
    r"(?i)\b(?:required|mandatory|populated|must be (?:reported|provided|completed|present|filled))"
    rf"\s*(?:only )?(?:if|when|where)\s+{IS_SAID}"
)
BLANK_IF = re.compile(
    r"(?i)\b(?:leave|left|must be|should be|is)\s+(?:blank|null|empty)\s+"
    rf"(?P<word>if|when|where|unless)\s+{IS_SAID}"
)


@dataclass(frozen=True)
class Relation:
    """A rule about `attribute` and other columns; `columns` has its own first."""

    attribute: Any
    kind: str
    columns: tuple[str, ...]
    parameters: dict[str, Any]
    inferred: bool


def relations(attributes: Iterable[Any], names: Mapping[Any, str]) -> Iterator[Relation]:
    attributes = list(attributes)
    dates = [each for each in attributes if each.data_type == DataType.DATE]
    yield from _by_period(dates, names)
    yield from _from_start_to_end(dates, names)
    index = _index(attributes, names)
    for each in attributes:
        yield from _conditional(each, names, index)


def _by_period(dates: list[Any], names: Mapping[Any, str]) -> Iterator[Relation]:
    """Not after the one reporting date of the file."""
    periods = [each for each in dates if stated.is_file_wide(each)]
    if len(periods) != 1:
        return
    for each in dates:
        said = f"{_words(each.name)} / {_words(names[each.pk])}"
        if each is not periods[0] and HAPPENED.search(said):
            yield _not_after(each, periods[0], names)


def _from_start_to_end(dates: list[Any], names: Mapping[Any, str]) -> Iterator[Relation]:
    """Where the rest of two names agrees, or there is one start and one end."""
    starts = [each for each in dates if STARTS.search(_words(each.name))]
    ends = [each for each in dates if ENDS.search(_words(each.name)) and each not in starts]
    for start in starts:
        for end in ends:
            alike = _rest(start, STARTS) == _rest(end, ENDS)
            alone = len(starts) == len(ends) == 1
            if (alike or alone) and not stated.is_file_wide(start) and not stated.is_file_wide(end):
                yield _not_after(start, end, names)


def _not_after(first: Any, second: Any, names: Mapping[Any, str]) -> Relation:
    columns = (names[first.pk], names[second.pk])
    parameters = {"op": "<=", "right": {"column": columns[1]}}
    return Relation(first, "compare", columns[:1], parameters, inferred=True)


def _conditional(
    attribute: Any, names: Mapping[Any, str], index: Mapping[str, Any]
) -> Iterator[Relation]:
    text = " ".join(stated.text_of(attribute).split())
    if found := REQUIRED_IF.search(text):
        yield from _told(attribute, found, "not_blank", names, index)
    if found := BLANK_IF.search(text):
        yield from _told(attribute, found, "blank", names, index)


def _told(
    attribute: Any, found: re.Match[str], said: str, names: Mapping[Any, str], index
) -> Iterator[Relation]:
    other = index.get(folded(found["name"]))
    codes = [part.strip(" \"“”'‘’") for part in re.split(r",|/|\bor\b", found["codes"])]
    if other is None or other is attribute or not _are_codes(other, codes):
        return
    word = "not_in" if found.groupdict().get("word", "").lower() == "unless" else "in"
    column, condition = names[attribute.pk], names[other.pk]
    parameters = {
        "if": {"attribute": condition, "is": word, "values": codes},
        "then": {"attribute": column, "is": said},
    }
    yield Relation(attribute, "if_then", (column, condition), parameters, inferred=False)


def _are_codes(attribute: Any, codes: list[str]) -> bool:
    """Codes of the attribute, so that a word of the sentence is never taken for a value."""
    listed = {str(entry.get("code", "")) for entry in attribute.allowed_values or ()}
    return bool(listed) and {*codes} <= listed


def _index(attributes: list[Any], names: Mapping[Any, str]) -> dict[str, Any]:
    """Attributes by their names; a name that two have names none."""
    index: dict[str, Any] = {}
    for each in attributes:
        for key in {folded(each.name), folded(names[each.pk])}:
            index[key] = None if key in index else each
    return index


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_]+", " ", name)


def _rest(attribute: Any, word: re.Pattern[str]) -> str:
    return folded(re.sub(r"(?i)\bdate\b", "", word.sub("", _words(attribute.name))))
