"""The text of a Word file: headings as Markdown headings, a table's rows as lines of cells.

The main part alone is read, with text boxes and what was inserted under tracking; not comments,
notes, headers, footers, nor what was deleted. Pages are those at which Word last broke the text,
where it has kept them.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from synapse.planning.taking import limits
from synapse.planning.taking.cleaning import cleaned
from synapse.planning.taking.layout import CELL, LEVELS
from synapse.planning.taking.limits import Fault

BODY, STYLES = "word/document.xml", "word/styles.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Half points; smaller letters nobody reads.
LEAST_SIZE = 3
_WHITE = re.compile(r"(?:[fF][0-9a-fA-F]){3}$")
_HEADING = re.compile(r"heading ([1-9])$", re.IGNORECASE)
_OLE = b"\xd0\xcf\x11\xe0"
BREAK = "\f"
Marks = dict[str, str]


def read(content: bytes, tell: Callable[[int, int], None]) -> tuple[list[str], int]:
    """The pages' texts (one, where pages aren't told) and the characters left out as hidden.

    Raises Fault.
    """
    if content.startswith(_OLE):
        raise Fault("encrypted_document")
    body, styles = _parts(content)
    reader = _Reader(styles)
    blocks = list(reader.blocks(body))
    text = "\n\n".join(blocks)
    if len(text) > limits.CHARACTERS:
        raise limits.too_long()
    pages = [_trimmed(page) for page in text.split(BREAK)]
    if len(pages) > limits.PAGES:
        raise Fault("too_many_pages", found=len(pages), limit=limits.PAGES)
    tell(len(pages), len(pages))
    return pages, reader.hidden


def _trimmed(page: str) -> str:
    return "\n".join(line.strip(" ") for line in page.split("\n")).strip("\n")


def _parts(content: bytes) -> tuple[Element, Element | None]:
    """The two parts that are read, unpacked no further than the limit, whatever they claim."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if BODY not in archive.namelist():
                raise Fault("not_a_word_file")
            body = _part(archive, BODY)
            styles = _part(archive, STYLES) if STYLES in archive.namelist() else None
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as error:
        raise Fault("broken_document") from error
    except RuntimeError as error:  # a member under a password
        raise Fault("encrypted_document") from error
    return body, styles


def _part(archive: zipfile.ZipFile, name: str) -> Element:
    with archive.open(name) as stream:
        content = stream.read(limits.UNPACKED + 1)
    if len(content) > limits.UNPACKED:
        raise Fault("unpacks_too_large", limit=f"{limits.UNPACKED >> 20} MB")
    try:
        return fromstring(content)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise Fault("broken_document") from error


class _Reader:
    """Goes through the body once; knows what its styles say of headings and hidden text."""

    def __init__(self, styles: Element | None):
        self.hidden = 0
        self._styles: dict[str, Element] = {}
        for style in styles.iter(f"{_W}style") if styles is not None else ():
            self._styles[style.get(f"{_W}styleId", "")] = style

    def blocks(self, parent: Element) -> Iterator[str]:
        """Paragraphs and rows of tables, also those that wrappers hold."""
        for child in parent:
            if child.tag == f"{_W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{_W}tr":
                yield self._row(child)
            elif child.tag not in (f"{_W}del", f"{_W}moveFrom", _FALLBACK):
                yield from self.blocks(child)

    def _row(self, row: Element) -> str:
        cells = (
            ["\n".join(self.blocks(cell)).replace("\n\n", "\n") for cell in row.iter(f"{_W}tc")]
            if row.find(f".//{_W}tbl") is None
            else list(self.blocks(row))
        )
        return CELL.join(cells)

    def _paragraph(self, paragraph: Element) -> Iterator[str]:
        kind = _value(paragraph, "pPr/pStyle")
        text = "".join(self._inline(paragraph, kind))
        lines = [
            BREAK.join(cleaned(piece) for piece in line.split(BREAK)) for line in text.split("\n")
        ]
        text = "\n".join(line for line in lines if line)
        level = self._level(paragraph, kind)
        if text and level:
            before = BREAK if text.startswith(BREAK) else ""
            heading = " ".join(text.replace(BREAK, " ").split())
            text = f"{before}\n{'#' * level} {heading}" if before else f"{'#' * level} {heading}"
        if text:
            yield text

    def _inline(self, parent: Element, kind: str) -> Iterator[str]:
        for child in parent:
            if child.tag == f"{_W}r":
                yield from self._run(child, kind)
            elif child.tag not in (f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", _FALLBACK):
                yield from self._inline(child, kind)

    def _run(self, run: Element, kind: str) -> Iterator[str]:
        seen = not self._is_hidden(run, kind)
        for child in run:
            name = child.tag.removeprefix(_W)
            if name == "lastRenderedPageBreak":
                yield BREAK
            elif name == "t" and seen:
                yield child.text or ""
            elif name == "t":
                self.hidden += len("".join((child.text or "").split()))
            elif name in ("tab", "ptab"):
                yield " "
            elif name in ("br", "cr"):
                yield "\n"
            elif name == "noBreakHyphen":
                yield "-"
            elif name not in ("rPr", "delText", "instrText") and child.tag != _FALLBACK:
                for box in child.iter(f"{_W}txbxContent"):
                    yield "\n" + "\n".join(self.blocks(box)) + "\n"
                    break  # what follows are the same words for older programs

    def _is_hidden(self, run: Element, kind: str) -> bool:
        marks = self._marks(kind) | self._marks(_value(run, "rPr/rStyle")) | _marks(run)
        if marks.get("vanish", "0") not in ("0", "false", "off"):
            return True
        if float(marks.get("sz", "22")) < LEAST_SIZE:
            return True
        return bool(_WHITE.match(marks.get("color", ""))) and not marks.get("ground")

    def _marks(self, style: str) -> Marks:
        """What a style says of its letters, those it is based on included."""
        chain, seen = [], set()
        while style in self._styles and style not in seen:
            seen.add(style)
            chain.append(self._styles[style])
            style = _value(chain[-1], "basedOn")
        marks: Marks = {}
        for each in reversed(chain):
            marks |= _marks(each)
        return marks

    def _level(self, paragraph: Element, style: str) -> int:
        """1 to 4 for a heading, by its outline level or its style's name; 0 for other text."""
        outline, seen = _value(paragraph, "pPr/outlineLvl"), set()
        while not outline and style in self._styles and style not in seen:
            seen.add(style)
            named = _HEADING.match(_value(self._styles[style], "name"))
            if named:
                return min(int(named[1]), LEVELS)
            outline = _value(self._styles[style], "pPr/outlineLvl")
            style = _value(self._styles[style], "basedOn")
        return min(int(outline) + 1, LEVELS) if outline.isdigit() and int(outline) < 9 else 0


def _marks(owner: Element) -> Marks:
    marks: Marks = {}
    for child in owner.find(f"{_W}rPr") if owner.find(f"{_W}rPr") is not None else ():
        name = child.tag.removeprefix(_W)
        if name in ("vanish", "sz", "color"):
            marks[name] = child.get(f"{_W}val", "1")
        elif name in ("shd", "highlight"):
            fill = child.get(f"{_W}fill") or child.get(f"{_W}val", "")
            marks["ground"] = "" if fill in ("auto", "none", "white", "FFFFFF") else fill
    return marks


def _value(owner: Element, path: str) -> str:
    found = owner.find("/".join(f"{_W}{step}" for step in path.split("/")))
    return "" if found is None else found.get(f"{_W}val", "")
