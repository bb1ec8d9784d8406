"""A specification text cut into parts small enough for one question each, with their places."""

import re
from dataclasses import dataclass, replace
from pathlib import PurePath

from synapse.planning.dictionary.decoding import decode
from synapse.planning.dictionary.opening import refuse_known_binary
from synapse.planning.errors import (
    EmptyFile,
    ReadsLikeRecords,
    SpecificationTooLong,
    UnknownFileType,
)
from synapse.planning.pages import page_after
from synapse.planning.records import is_table_of_records

PART_CHARACTERS = 4_000
# Of PART_CHARACTERS: what bounds a text's length. Smaller parts of one are more.
MAX_PARTS = 500
# A part that is smaller isn't halved.
LEAST_CHARACTERS = 150
SUFFIXES = {".md", ".markdown", ".txt", ".text", ""}
# Files whose text a job takes out, by the reader in `synapse.planning.taking` and how they begin.
TAKEN_SUFFIXES = {".pdf": "pdf", ".docx": "docx", ".docm": "docx"}
_BEGINNINGS = {"pdf": (b"%PDF",), "docx": (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")}
EXPECTED = "a PDF, DOCX, Markdown or text file"
_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")


@dataclass(frozen=True)
class Part:
    """Some lines of the text, the first one's number (from 1), and the headings above them.

    `start` is where it begins in the document's text, in characters from 0; `page` the page that
    it begins on, None where the text has told none.
    """

    first_line: int
    text: str
    path: tuple[str, ...] = ()
    start: int = 0
    page: int | None = None

    @property
    def last_line(self) -> int:
        return self.first_line + self.text.count("\n")

    def line_at(self, offset: int) -> int:
        return self.first_line + self.text.count("\n", 0, offset)

    def page_at(self, offset: int) -> int | None:
        return page_after(self.page, self.text, 0, offset)

    @property
    def label(self) -> str:
        headings = [
            match.group(2) for line in self.text.split("\n") if (match := _HEADING.match(line))
        ]
        if len(headings) > 1:
            return f"{headings[0]} … {headings[-1]}"
        return headings[0] if headings else f"lines {self.first_line} to {self.last_line}"


def reader_of(file: str) -> str:
    """Which reader takes the file's text out; empty for a text file, which is read as it is."""
    return TAKEN_SUFFIXES.get(PurePath(file).suffix.lower(), "")


def check_specification(content: bytes, file: str) -> None:
    """Raises an UnreadableDocument for what can't be a specification, as far as a glance tells."""
    reader = reader_of(file)
    if not reader:
        refuse_records(read_specification(content, file), file)
    elif not content.strip():
        raise EmptyFile(file=file)
    elif not content.startswith(_BEGINNINGS[reader]):
        named = "named like a PDF or Word file, but none inside"
        raise UnknownFileType(file=file, found=named, expected=EXPECTED)


def read_specification(content: bytes, file: str) -> str:
    """The text of a text file, its lines ended by line feeds."""
    suffix = PurePath(file).suffix.lower()
    refuse_known_binary(content, file, expected=EXPECTED)
    if content.startswith(b"PK\x03\x04"):
        raise UnknownFileType(file=file, found="a zip archive or Office file", expected=EXPECTED)
    if suffix not in SUFFIXES:
        raise UnknownFileType(file=file, found=f"of the type {suffix}", expected=EXPECTED)
    text, _ = decode(content, file)
    if not text.strip():
        raise EmptyFile(file=file)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    check_length(text, file)
    return text


def refuse_records(text: str, file: str) -> None:
    """No row of a population may be sent to a model, as the text of a specification is."""
    if is_table_of_records(text):
        raise ReadsLikeRecords(file=file)


def check_length(text: str, file: str) -> None:
    count = len(cut(text))
    if count > MAX_PARTS:
        raise SpecificationTooLong(file=file, found=count, limit=MAX_PARTS)


def cut(text: str, size: int = PART_CHARACTERS) -> list[Part]:
    """Whole sections together up to `size` characters, so that no field is defined in two parts.

    A section longer than that stays whole up to twice as much, and is cut between lines beyond.
    """
    parts: list[Part] = []
    open_lines: list[str] = []
    first, path = 1, ()
    for number, section_path, lines in _sections(text):
        length = sum(len(line) + 1 for line in lines)
        held = sum(len(line) + 1 for line in open_lines)
        if open_lines and held + length > size:
            parts.append(Part(first, "\n".join(open_lines), path))
            open_lines = []
        if not open_lines:
            first, path = number, section_path
        open_lines += lines
    if open_lines:
        parts.append(Part(first, "\n".join(open_lines), path))
    pieces = [piece for part in parts for piece in _sliced(part, size)]
    return _placed(text, [piece for piece in pieces if piece.text.strip()])


def hundreds(characters: int) -> int:
    """A text's length in hundreds of characters, 1 at least: what answers are measured by."""
    return max(1, round(characters / 100))


def _placed(text: str, pieces: list[Part]) -> list[Part]:
    """The pieces with where they begin, by character and, if the text has pages, by page."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    placed, page, seen = [], whole(text).page, 0
    for piece in pieces:
        start = starts[piece.first_line - 1]
        page, seen = page_after(page, text, seen, start), start
        placed.append(replace(piece, start=start, page=page))
    return placed


def whole(text: str) -> Part:
    """All of a text as one part, to ask for the line and page of a character."""
    return Part(1, text, page=1 if "\f" in text else None)


def halves(part: Part) -> list[Part]:
    """The part in two, cut where a section begins if it can; one too small stays whole."""
    lines = part.text.split("\n")
    if len(part.text) < LEAST_CHARACTERS or len(lines) < 2:
        return [part]
    middle = len(lines) / 2
    starts = [place for place, line in enumerate(lines) if place and _HEADING.match(line)]
    blanks = [place + 1 for place, line in enumerate(lines[:-1]) if not line.strip()]
    candidates = starts or [place for place in blanks if place < len(lines)] or [len(lines) // 2]
    place = min(candidates, key=lambda candidate: abs(candidate - middle))
    if place in (0, len(lines)):
        return [part]
    first = "\n".join(lines[:place])
    return [
        replace(part, text=first),
        replace(
            part,
            first_line=part.first_line + place,
            text="\n".join(lines[place:]),
            start=part.start + len(first) + 1,
            page=part.page_at(len(first)),
        ),
    ]


def heading_above(part: Part, offset: int) -> str:
    """The nearest heading at or above a character of the part."""
    heading = part.path[-1] if part.path else ""
    for line in part.text[: offset + 1].split("\n"):
        match = _HEADING.match(line)
        if match:
            heading = match.group(2)
    # The character may stand within the heading itself.
    start = part.text.rfind("\n", 0, offset) + 1
    line = part.text[start:].split("\n", 1)[0]
    match = _HEADING.match(line)
    return match.group(2) if match else heading


def _sections(text: str):
    """Runs of lines that begin with a heading, or, in a text without any, with a paragraph."""
    lines = text.split("\n")
    by_heading = sum(1 for line in lines if _HEADING.match(line)) > 1
    path: list[tuple[int, str]] = []
    start, held, held_path = 1, [], ()
    for number, line in enumerate(lines, start=1):
        heading = _HEADING.match(line)
        begins = bool(heading) if by_heading else bool(held) and not held[-1].strip()
        if begins and held:
            yield start, held_path, held
            held = []
        if not held:
            start, held_path = number, tuple(title for _, title in path)
        if heading:
            level = len(heading.group(1))
            path = [(depth, title) for depth, title in path if depth < level]
            held_path = held_path if held else tuple(title for _, title in path)
            path.append((level, heading.group(2)))
        held.append(line)
    if held:
        yield start, held_path, held


def _sliced(part: Part, size: int) -> list[Part]:
    if len(part.text) <= 2 * size:
        return [part]
    found = halves(part)
    if len(found) == 1:
        return found
    return [piece for half in found for piece in _sliced(half, size)]
