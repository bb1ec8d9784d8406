"""Pieces of a page as lines of text: cells of a row stay apart, large lines become headings."""

import re
from collections import Counter
from dataclasses import dataclass, field

# Of the commonest size. A bold line needs less than another one to be a heading.
BOLD_HEADING, HEADING = 1.05, 1.25
LONGEST_HEADING = 120
# Of a letter's size: from one line's foot to the next one's within a paragraph.
LEADING = 1.5
LEVELS = 4
CELL = " | "
_ITEM = re.compile(r"[•▪·] ?\S|(?:[o–-]|\(?\w{1,3}[.)]|\w{1,4} (?:[:=–-])|\w{1,4}[:=]) \S")

_WORD = re.compile(r"[^\W\d_]{2,}")
_LAST, _FIRST = re.compile(r"[^\W\d_]+$"), re.compile(r"(?=[a-z])[^\W\d_]+")


@dataclass
class Segment:
    """Text on one line within one cell, with its box in points from the lower left corner."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool = False
    # Begins a line of its own; else it stands to the right of the segment before.
    breaks: bool = True
    # A drawn line stands between it and the segment before.
    ruled: bool = False

    @property
    def height(self) -> float:
        return max(self.y1 - self.y0, self.size * 0.7, 1)


@dataclass
class _Cell:
    lines: list[Segment] = field(default_factory=list)

    @property
    def x0(self) -> float:
        return min(line.x0 for line in self.lines)

    @property
    def x1(self) -> float:
        return max(line.x1 for line in self.lines)

    def text(self, words: frozenset[str]) -> str:
        """Lines were broken for want of room, but where a list goes on."""
        text = self.lines[0].text
        for above, line in zip(self.lines, self.lines[1:], strict=False):
            apart = above.y0 - line.y1 > line.height or _ITEM.match(line.text)
            within = _within_word(above.text, line.text, words)
            text += ("\n" if apart else "" if within else " ") + line.text
        return text


Row = list[_Cell]


@dataclass(frozen=True)
class Look:
    """How a document is set: the size of most of its text, the level of headings of each size, and
    the words that stand within its lines, so none that a narrow column has broken.
    """

    body: float
    levels: dict[float, int]
    words: frozenset[str]


def look(pages: list[list[Segment]]) -> Look:
    body = body_size(pages)
    words = {
        word.casefold()
        for page in pages
        for segment in page
        for word in _WORD.findall(segment.text)[1:-1]
    }
    return Look(body, heading_levels(pages, body), frozenset(words))


def body_size(pages: list[list[Segment]]) -> float:
    """The size that most characters have; 0 without any."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for segment in page:
            sizes[segment.size] += len(segment.text)
    return sizes.most_common(1)[0][0] if sizes else 0


def heading_levels(pages: list[list[Segment]], body: float) -> dict[float, int]:
    """Sizes above the text's own, the largest 1; sizes beyond the fourth share its level."""
    sizes = {each.size for page in pages for each in page if is_large(each, body)}
    return {size: min(place, LEVELS) for place, size in enumerate(sorted(sizes, reverse=True), 1)}


def is_large(segment: Segment, body: float) -> bool:
    return segment.size >= body * (BOLD_HEADING if segment.bold else HEADING)


def page_text(segments: list[Segment], look: Look) -> str:
    """Rows and paragraphs with an empty line between them."""
    return "\n\n".join(_row_text(row, look) for row in rows(segments))


def rows(segments: list[Segment]) -> list[Row]:
    """Segments in the order in which they were drawn, which is cell by cell, as rows of cells."""
    found: list[Row] = []
    for segment in segments:
        if found and _continues(found[-1], segment):
            found[-1][-1].lines.append(segment)
        elif found and _stands_beside(found[-1], segment):
            found[-1].append(_Cell([segment]))
        else:
            found.append([_Cell([segment])])
    return found


def _continues(row: Row, segment: Segment) -> bool:
    """Whether it is the next line of the row's last cell."""
    cell = row[-1]
    last = cell.lines[-1]
    if not segment.breaks or segment.ruled or segment.y1 - segment.height / 2 > last.y0:
        return False
    if segment.x0 >= cell.x1 or segment.x1 <= cell.x0:
        return False
    if len(row) > 1:
        return last.y0 - segment.y1 < 3 * segment.height
    return last.y0 - segment.y0 < LEADING * segment.size and abs(segment.size - last.size) < 2


def _stands_beside(row: Row, segment: Segment) -> bool:
    """Whether it begins a cell to the right of the row's, not lower than all of them."""
    if segment.x0 < max(cell.x1 for cell in row) - 2:
        return False
    middle = (segment.y0 + segment.y1) / 2
    top = max(cell.lines[0].y1 for cell in row)
    bottom = min(cell.lines[-1].y0 for cell in row)
    return bottom - 2 <= middle <= top + 2


def _within_word(above: str, line: str, words: frozenset[str]) -> bool:
    """Whether a narrow column broke a word: the whole is one, or neither half is."""
    ends, begins = _LAST.search(above), _FIRST.match(line)
    if not ends or not begins:
        return False
    first, second = ends[0].casefold(), begins[0].casefold()
    known = (first in words) + (second in words)
    return known == 0 or known == 1 and first + second in words


def _row_text(row: Row, look: Look) -> str:
    if len(row) > 1:
        return CELL.join(cell.text(look.words) for cell in row)
    lines = row[0].lines
    joined = " ".join(line.text for line in lines)
    if len(joined) <= LONGEST_HEADING and all(is_large(line, look.body) for line in lines):
        level = look.levels.get(max(line.size for line in lines), LEVELS)
        return f"{'#' * level} {joined}"
    return "\n".join(line.text for line in lines)
