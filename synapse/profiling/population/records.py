"""Where one record ends and the next begins, quotation marks honoured, in blocks of any size.

Two ways that agree: over whole blocks with NumPy where all quotation marks are in order, record by
record where one is not. What a record is depends on nothing but its own bytes, so a scan in other
blocks finds the same records.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from synapse.profiling.population.errors import LineTooLong

LINE_FEED = 10
OPEN, STRAY = "open", "stray"
BLANK_LINES = (b"\n", b"\r\n", b"\r")
LONGEST_RECORD = 1 << 20
LONGEST_LINE = 64 << 20


@dataclass(frozen=True)
class Style:
    """How fields are separated and quoted, as bytes; `quote` is empty without one."""

    delimiter: bytes
    quote: bytes

    @classmethod
    def of(cls, delimiter: str, quote: str) -> "Style":
        return cls(delimiter.encode("ascii"), quote.encode("ascii"))


def record_ends(block: bytes, style: Style, *, last: bool) -> tuple[np.ndarray, bool]:
    """Offsets behind each whole record, and whether all its quotation marks are in order.

    With `last` an unterminated rest is a record too.
    """
    orderly = True
    if style.quote and style.quote in block:
        ends = _quoted_ends(block, style, last)
        if ends is None:
            ends, orderly = _walked_ends(block, style, last), False
    else:
        ends = _positions(block, b"\n") + 1
    done = int(ends[-1]) if len(ends) else 0
    if last and done < len(block):
        ends = np.append(ends, len(block))
    return ends, orderly


def blocks(
    stream: BinaryIO,
    style: Style,
    *,
    start: int,
    end: int,
    size: int,
    file: str = "the file",
    line: int = 1,
) -> Iterator[tuple[bytes, np.ndarray, bool]]:
    """Blocks of whole records between two offsets, with their ends and whether in order.

    `line` is the number of the first line and serves the refusal of an endless one.
    """
    stream.seek(start)
    left, rest = end - start, b""
    while left > 0:
        got = stream.read(min(size, left))
        left = left - len(got) if got else 0
        block = rest + got if rest else got
        ends, orderly = record_ends(block, style, last=left <= 0)
        done = int(ends[-1]) if len(ends) else 0
        rest = block[done:]
        line += block.count(b"\n", 0, done)
        if len(rest) > LONGEST_LINE:
            raise LineTooLong(file=file, line=f"{line:,}", limit=f"{LONGEST_LINE >> 20} MB")
        if done:
            yield (block[:done] if rest else block), ends, orderly


def walk(block: bytes, start: int, style: Style, *, last: bool) -> tuple[list[bytes], int] | None:
    """Fields and end of the record at `start`; None when more bytes are needed to tell.

    A quotation mark that closes nowhere, or that other text follows, makes the first line a
    record of its own whose stray marks are text, so that one bad mark spoils one line.
    """
    line_end = block.find(b"\n", start)
    if line_end < 0 and not last:
        return None
    line_end = len(block) if line_end < 0 else line_end
    if not style.quote or block.find(style.quote, start, line_end) < 0:
        return _bare(block[start:line_end], style), min(line_end + 1, len(block))
    fields, end, fault = _fields(block, start, style, min(len(block), start + LONGEST_RECORD))
    if fault == OPEN and not last and len(block) < start + LONGEST_RECORD:
        return None
    if fault and end > line_end:
        fields, end, _ = _fields(block[:line_end], start, style, line_end)
        return fields, min(line_end + 1, len(block))
    return fields, end


def leaves_open(record: bytes, style: Style) -> bool:
    """Whether a quotation mark begins a field of the record and closes nowhere in it."""
    return _fields(record, 0, style, len(record))[2] == OPEN


def blank_records(block: bytes, ends: np.ndarray) -> np.ndarray:
    """Which records are nothing but a line's end (BLANK_LINES); they are no records."""
    starts = np.concatenate(([0], ends[:-1])).astype(np.int64)
    blank = np.zeros(len(ends), bool)
    for place in np.flatnonzero(ends - starts <= 2):
        blank[place] = block[starts[place] : ends[place]] in BLANK_LINES
    return blank


def _positions(block: bytes, byte: bytes) -> np.ndarray:
    return np.flatnonzero(np.frombuffer(block, np.uint8) == byte[0])


def _quoted_ends(block: bytes, style: Style, last: bool) -> np.ndarray | None:
    """Ends by the parity of quotation marks; None when a mark stands where none may."""
    marks, lines = _positions(block, style.quote), _positions(block, b"\n")
    ends = lines[np.searchsorted(marks, lines) & 1 == 0] + 1
    done = int(ends[-1]) if len(ends) else 0
    if last:
        if len(marks) & 1:
            return None
        done = len(block)
    elif len(block) - done > LONGEST_RECORD:
        return None
    marks = marks[marks < done]
    whole = np.frombuffer(block, np.uint8)
    opening, closing = marks[0::2], marks[1::2]
    if len(opening) != len(closing):
        return None
    before = np.where(opening > 0, whole[opening - 1], LINE_FEED)
    after = whole[np.minimum(closing + 1, len(block) - 1)]
    # A carriage return may only follow a closing mark as part of the line's end.
    later = whole[np.minimum(closing + 2, len(block) - 1)]
    at_end = closing + 1 >= len(block)
    mark, delimiter = style.quote[0], style.delimiter[0]
    doubled = np.zeros(len(opening), bool)
    doubled[1:] = opening[1:] == closing[:-1] + 1
    good_open = (before == delimiter) | (before == LINE_FEED) | doubled
    good_close = at_end | (after == delimiter) | (after == LINE_FEED) | (after == mark)
    good_close |= (after == 13) & ((later == LINE_FEED) | (closing + 2 >= len(block)))
    if not (good_open.all() and good_close.all()):
        return None
    starts = np.concatenate(([0], ends[:-1])) if len(ends) else np.array([0])
    if len(ends) and int((ends - starts).max()) > LONGEST_RECORD:
        return None
    return ends


def _walked_ends(block: bytes, style: Style, last: bool) -> np.ndarray:
    ends, start = [], 0
    while start < len(block) and (found := walk(block, start, style, last=last)):
        start = found[1]
        ends.append(start)
    return np.array(ends, dtype=np.int64)


def _bare(line: bytes, style: Style) -> list[bytes]:
    return (line[:-1] if line.endswith(b"\r") else line).split(style.delimiter)


def _fields(block: bytes, start: int, style: Style, limit: int) -> tuple[list[bytes], int, str]:
    """Fields, end and fault (OPEN, STRAY or none) of a record that quotes something."""
    fields, at, fault = [], start, ""
    while True:
        text, after = None, at
        if block[at : at + 1] == style.quote:
            text, after, wrong = _quoted(block, at, style, limit)
            fault = wrong if wrong == OPEN else fault or wrong
        stop = block.find(b"\n", after)
        stop = len(block) if stop < 0 else stop
        comma = block.find(style.delimiter, after, stop)
        end = stop if comma < 0 else comma
        if text is None:
            text = block[at:end]
            if comma < 0 and text.endswith(b"\r"):
                text = text[:-1]
        fields.append(text)
        if comma < 0:
            return fields, min(stop + 1, len(block)), fault
        at = comma + 1


def _quoted(block: bytes, at: int, style: Style, limit: int) -> tuple[bytes | None, int, str]:
    """The text between two marks and the offset behind them; no text when they don't pair."""
    mark, place = style.quote, at + 1
    while True:
        place = block.find(mark, place, limit)
        if place < 0:
            return None, at, OPEN
        following = block[place + 1 : place + 2]
        if following == mark:
            place += 2
        elif following in (b"", b"\n", style.delimiter) or (
            following == b"\r" and block[place + 2 : place + 3] in (b"", b"\n")
        ):
            return block[at + 1 : place].replace(mark + mark, mark), place + 1, ""
        else:
            return None, at, STRAY
