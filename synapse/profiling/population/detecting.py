"""How a file is to be read, concluded from its bytes and from what a tester fixed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from synapse.profiling.columns import Names, unique_names
from synapse.profiling.population import layout, parquet, workbook
from synapse.profiling.population.decoding import (
    HEAD,
    UTF8,
    codec_of,
    detect_encoding,
    mark_length,
)
from synapse.profiling.population.delimiters import (
    NAMES,
    Line,
    detect_delimiter,
    detect_quote,
    read_lines,
    usual_width,
)
from synapse.profiling.population.errors import (
    InvalidDelimiter,
    LineTooLong,
    NoRecords,
    TooManyColumns,
    Undecodable,
)
from synapse.profiling.population.opening import kind_of
from synapse.profiling.population.records import Style
from synapse.profiling.population.schema import (
    CSV,
    MAX_COLUMNS,
    PARQUET,
    AttributeLike,
    Reading,
)

SHOWN_RECORDS, SHOWN_CHARACTERS, TAIL = 5, 200, 1 << 16


def detect(
    path: Path,
    name: str,
    *,
    attributes: Sequence[AttributeLike] = (),
    given: Mapping[str, Any] | None = None,
) -> Reading:
    """The reading of a file; raises an UnreadablePopulation that names place and mend.

    `given` holds values of Reading.CHANGEABLE that a tester fixed; the rest follows from them.
    """
    given = {key: value for key, value in (given or {}).items() if key in Reading.CHANGEABLE}
    for what in ("delimiter", "quote"):
        check_character(what, given.get(what))
    kind = kind_of(path, name)
    known = known_names(attributes)
    if kind == PARQUET:
        return parquet.detect(path, name, SHOWN_RECORDS)
    if kind == CSV:
        return _delimited(path, name, known, given)
    sheet, sheets, rows, more = workbook.sample(path, name, given.get("sheet", ""), known)
    lines = [Line(number, cells, " | ".join(filter(None, cells))) for number, cells in rows]
    tail = [Line(number, cells, " ".join(filter(None, cells))) for number, cells in more]
    reading = Reading(kind=kind, sheet=sheet, sheets=sheets, delimiter=",", quote='"')
    return _laid_out(reading, lines, tail or lines, name, known, given)


def known_names(attributes: Sequence[AttributeLike]) -> Callable[[Sequence[str]], int]:
    """Counts the cells that name an attribute; a bare line number names none here."""
    names = Names(attributes)

    def count(cells: Sequence[str]) -> int:
        return sum(1 for cell in cells if cell and not cell.strip().isdigit() and names.find(cell))

    return count


def check_character(what: str, value: str | None) -> None:
    allowed_empty = what == "quote"
    if value is None or (allowed_empty and value == ""):
        return
    if len(value) != 1 or not value.isascii() or value in "\r\n\0" or value.isalnum():
        raise InvalidDelimiter(what="separator" if what == "delimiter" else what, found=value)


def _delimited(path: Path, name: str, known, given: Mapping[str, Any]) -> Reading:
    if "encoding" in given:
        encoding, notes = given["encoding"], []
    else:
        encoding, notes = detect_encoding(path, name)
    head, tail, whole = _ends_of(path, encoding, name)
    newline = "\r" if b"\n" not in head and b"\r" in head else "\n"
    if newline == "\r":
        head, tail = head.replace(b"\r", b"\n"), tail.replace(b"\r", b"\n")
    quote = given.get("quote", detect_quote(head))
    delimiter = given.get("delimiter") or detect_delimiter(
        head, quote, name, last=whole, names=known
    )
    style = Style.of(delimiter, quote)
    lines = read_lines(head, style, last=whole, limit=None if whole else 2000)
    if not whole and len(lines) < 2:
        line = 1 + sum(entry.text.count("\n") + 1 for entry in lines)
        raise LineTooLong(file=name, line=line, limit=f"{HEAD >> 20} MB")
    end = lines if whole else read_lines(tail, style, last=True, limit=None)
    reading = Reading(
        kind=CSV,
        encoding=encoding,
        delimiter=delimiter,
        quote=quote,
        newline=newline,
        notes=tuple(notes),
    )
    return _laid_out(reading, lines, end, name, known, given)


def _ends_of(path: Path, encoding: str, file: str) -> tuple[bytes, bytes, bool]:
    """The head and the tail as UTF-8 without a byte order mark, and whether the head is all."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        head = stream.read(HEAD)
        stream.seek(max(0, size - TAIL) // 4 * 4)
        tail = stream.read()
    head = head[mark_length(head, encoding) :]
    if encoding == UTF8:
        tail = tail[tail.find(b"\n") + 1 :]
        return head, tail, size <= HEAD
    codec = codec_of(encoding)
    try:
        text = head.decode(codec, "strict" if size <= HEAD else "ignore")
    except UnicodeDecodeError as fault:
        raise Undecodable(file=file, encoding=encoding, byte=fault.start + 1) from None
    last = tail.decode(codec, "ignore")
    return text.encode(), last[last.find("\n") + 1 :].encode(), size <= HEAD


def _laid_out(
    reading: Reading,
    lines: Sequence[Line],
    end: Sequence[Line],
    file: str,
    known: Callable[[Sequence[str]], int],
    given: Mapping[str, Any],
) -> Reading:
    """The reading with headings and the lines around the records found."""
    width = usual_width(lines)
    if width > MAX_COLUMNS:
        raise TooManyColumns(file=file, found=width, limit=f"{MAX_COLUMNS:,}")
    if "skip" in given:
        above = [line for line in lines if line.number <= int(given["skip"])]
    else:
        above = layout.skipped(lines, width)
    skip = lines[len(above)].number - 1 if len(above) < len(lines) else 0
    inside = [line for line in lines[len(above) :] if not line.is_blank]
    rows = [line.cells for line in inside if len(line.cells) == width]
    first = inside[0].cells if inside else ()
    header = given.get("header", bool(first) and layout.is_header(first, rows[1:30], known))
    if header and inside:
        width = len(first)
        inside, rows = inside[1:], [row for row in rows[1:] if len(row) == width]
    if "trailer" in given:
        filled = [line for line in end if not line.is_blank]
        below = filled[len(filled) - int(given["trailer"]) :] if int(given["trailer"]) else []
    else:
        kind = layout.record_type(inside[: max(1, len(inside) - 1)], width)
        below = [entry for entry in layout.trailing(end, width, kind) if not entry.is_blank]
    numbers = {line.number for line in below} if end is lines else set()
    inside = [line for line in inside if line.number not in numbers]
    rows = [line.cells for line in inside if len(line.cells) == width]
    if not inside:
        found = "only headings" if header else f"{len(above) + len(below)} lines around the records"
        raise NoRecords(file=file, found=found)
    stated = {*layout.stated_numbers(below)}
    return replace(
        reading,
        header=bool(header),
        skip=skip,
        trailer=len(below),
        decimal=given.get("decimal") or layout.decimal_mark(rows[:200], reading.delimiter),
        fields=width,
        names=tuple(field_names(first if header else (), width)),
        sample=tuple(
            tuple(cell[:SHOWN_CHARACTERS] for cell in row) for row in rows[:SHOWN_RECORDS]
        ),
        skipped_lines=tuple(line.text[:500] for line in above if not line.is_blank),
        trailer_lines=tuple(line.text[:500] for line in below),
        records=stated.pop() if len(stated) == 1 else None,
        notes=(*reading.notes, *_odd_lines(inside, width, reading)),
    )


def field_names(headings: Sequence[str], width: int) -> list[str]:
    wanted = [headings[place].strip() if place < len(headings) else "" for place in range(width)]
    return unique_names(name or f"Field {place}" for place, name in enumerate(wanted, start=1))


def _odd_lines(inside: Sequence[Line], width: int, reading: Reading) -> list[str]:
    odd = [line for line in inside if len(line.cells) != width]
    if not odd:
        return []
    separated = NAMES.get(reading.delimiter, repr(reading.delimiter))
    return [
        f"{len(odd)} of the first {len(inside)} records don't have {width} fields separated by "
        f"{separated} (first in line {odd[0].number}); such records are rejected."
    ]
