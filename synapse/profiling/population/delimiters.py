"""Which characters separate and quote the fields, by trying them on a sample."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from synapse.profiling.population.errors import MixedDelimiters
from synapse.profiling.population.records import Style, walk

DELIMITERS = (",", ";", "\t", "|", "^", "~", "\x1f", "\x01")
NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "pipes", "^": "carets",
         "~": "tildes", "\x1f": "unit separators", "\x01": "control characters"}  # fmt: skip
EVEN = 0.8
SAMPLE_RECORDS = 400


@dataclass(frozen=True)
class Line:
    """A record of the sample and the number of the physical line it begins on."""

    number: int
    cells: tuple[str, ...]
    text: str

    @property
    def is_blank(self) -> bool:
        return not any(cell.strip() for cell in self.cells)


def read_lines(sample: bytes, style: Style, *, last: bool, limit: int | None) -> list[Line]:
    """The records of a sample of UTF-8, blank lines among them."""
    lines, at, number = [], 0, 1
    while at < len(sample) and (limit is None or len(lines) < limit):
        found = walk(sample, at, style, last=last)
        if not found:
            break
        fields, end = found
        text = sample[at:end]
        cells = tuple(field.decode("utf-8", "replace") for field in fields)
        lines.append(Line(number, cells, text.decode("utf-8", "replace").rstrip("\r\n")))
        number += text.count(b"\n")
        at = end
    return lines


def usual_width(lines: Sequence[Line]) -> int:
    """The commonest number of fields; of two as common the larger."""
    widths = Counter(len(line.cells) for line in lines if not line.is_blank)
    return max(widths, key=lambda width: (widths[width], width)) if widths else 0


def detect_quote(sample: bytes) -> str:
    """A single quotation mark quotes only where it encloses most fields; else the double one."""
    single = len(re.findall(rb"(?:^|[,;|\t])'[^'\r\n]*'(?=[,;|\t\r\n]|$)", sample[:65536], re.M))
    return "'" if single > 4 and b'"' not in sample[:65536] else '"'


def detect_delimiter(
    sample: bytes, quote: str, file: str, *, last: bool, names: Callable[[Sequence[str]], int]
) -> str:
    """`names` counts how many of some cells are known names of fields."""
    told = re.match(rb'"?sep=(.)"?\r?\n', sample)
    if told and told.group(1).decode("latin-1") in DELIMITERS:
        return told.group(1).decode("latin-1")
    ranked = []
    for delimiter in DELIMITERS:
        if delimiter.encode() in sample:
            style = Style.of(delimiter, quote)
            lines = read_lines(sample, style, last=last, limit=SAMPLE_RECORDS)
            ranked.append((_fitness(lines, names), delimiter, lines))
    if not ranked:
        return ","
    ranked.sort(key=lambda entry: entry[0], reverse=True)
    _, delimiter, lines = ranked[0]
    if delimiter == "," and _is_decimal_comma(lines) and len(ranked) > 1:
        _, delimiter, lines = ranked[1]
    _refuse_mixed(delimiter, lines, quote, file)
    return delimiter


def _fitness(lines: Sequence[Line], names: Callable[[Sequence[str]], int]) -> tuple[int, ...]:
    filled = [line for line in lines if not line.is_blank]
    width = usual_width(filled)
    even = sum(1 for line in filled if len(line.cells) == width) / max(1, len(filled))
    known = max((names(line.cells) for line in filled[:20]), default=0)
    return (known, int(width > 1 and even >= EVEN), int(even * 10) if width > 1 else 0, width)


def _is_decimal_comma(lines: Sequence[Line]) -> bool:
    """1,5;2,5;3,5 splits evenly at its commas too."""
    cells = [cell for line in lines[1:50] for cell in line.cells]
    return (
        bool(cells)
        and all(re.match(r"\s*\d", cell) or not cell for cell in cells)
        and sum(1 for cell in cells if re.fullmatch(r"\d+;.*\d", cell)) > len(cells) / 3
    )


def _refuse_mixed(delimiter: str, lines: Sequence[Line], quote: str, file: str) -> None:
    """Lines that hold together only by another separator; a few are rejected later as records."""
    width = usual_width(lines)
    filled = [line for line in lines if not line.is_blank]
    for other in DELIMITERS:
        if other == delimiter or width < 2:
            continue
        style = Style.of(other, quote)
        odd = [
            line
            for line in filled
            if len(line.cells) < max(2, width // 2)
            and other in line.text
            and len(walk(line.text.encode(), 0, style, last=True)[0]) == width
        ]
        if odd and (len(odd) * 10 >= len(filled) or odd[0] is filled[0]):
            raise MixedDelimiters(
                file=file, first=NAMES[delimiter], second=NAMES[other], line=odd[0].number
            )
