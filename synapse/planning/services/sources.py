"""The text of a document that attributes were drafted from, and the place of one of them in it."""

from dataclasses import dataclass

from synapse.planning.models import Attribute
from synapse.planning.quotes import locate, locate_name
from synapse.planning.services.texts import text_of
from synapse.planning.specification import whole
from synapse.planning.states import DocumentKind, Support

# Lines shown above and below, and the characters of each side at most.
LINES, CHARACTERS = 25, 6_000


@dataclass(frozen=True)
class Passage:
    """A stretch of the text around what is marked; `is_quote` if that is the attribute's quote.

    `line` and `page` (from 1) and `start` (characters from 0) tell where the mark is; nothing is
    marked where neither quote nor name is found.
    """

    before: str
    marked: str
    after: str
    line: int
    page: int | None
    start: int
    first_line: int
    last_line: int
    is_quote: bool


def has_text(attribute: Attribute) -> bool:
    """Whether its document has a text to be shown."""
    document = attribute.document
    return document is not None and document.kind == DocumentKind.SPECIFICATION


def passage_of(attribute: Attribute) -> Passage:
    """The quote where it stands, held against the text anew; else the name, else the line."""
    text = text_of(attribute.document)
    start, end = _span(attribute, text)
    above = _back(text, start)
    below = _forth(text, end)
    part = whole(text)
    return Passage(
        before=text[above:start],
        marked=text[start:end],
        after=text[end:below],
        line=part.line_at(start),
        page=part.page_at(start),
        start=start,
        first_line=part.line_at(above),
        last_line=part.line_at(below),
        is_quote=end > start and attribute.support == Support.SUPPORTED,
    )


def _span(attribute: Attribute, text: str) -> tuple[int, int]:
    start, length = attribute.quote_start, len(attribute.quote)
    if start is not None and text[start : start + length] == attribute.quote:
        return start, start + length
    if attribute.support == Support.SUPPORTED:
        found = locate(text, attribute.quote)
        if found:
            return found
    line = _line_start(text, attribute.quote_line or 1)
    name = locate_name(text[line:], attribute.name)
    return (line + name[0], line + name[1]) if name else (line, line)


def _line_start(text: str, number: int) -> int:
    start = 0
    for _ in range(number - 1):
        start = text.find("\n", start) + 1
        if not start:
            return 0
    return start


def _back(text: str, start: int) -> int:
    """Where the lines above begin; the first found end is that of the line before."""
    place = start
    for _ in range(LINES + 1):
        place = text.rfind("\n", 0, place)
        if place < 0 or start - place > CHARACTERS:
            return max(0, start - CHARACTERS)
    return place + 1


def _forth(text: str, end: int) -> int:
    place = end - 1
    for _ in range(LINES + 1):
        place = text.find("\n", place + 1)
        if place < 0 or place - end > CHARACTERS:
            return min(len(text), end + CHARACTERS)
    return place
