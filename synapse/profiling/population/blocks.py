"""A block of whole records as a table of text, its unusable records told apart."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from synapse.profiling.population.chunks import Shape
from synapse.profiling.population.preparing import MARK
from synapse.profiling.population.records import (
    BLANK_LINES,
    LONGEST_RECORD,
    blank_records,
    leaves_open,
    walk,
)
from synapse.profiling.population.schema import RejectedRow

UNIT = b"\x1f"
PARSED_AT_ONCE = 2 << 20
TEXT_KEPT = 2_000


@dataclass
class Block:
    """Records are counted from 1 and lines from 0 within the block."""

    table: pa.Table
    record: np.ndarray
    line: np.ndarray
    records: int
    lines: int
    rejected: list[RejectedRow] = field(default_factory=list)
    # The kept records as they stand in the file, where nothing in them is quoted.
    bare: bytes | None = None


def read_block(block: bytes, ends: np.ndarray, orderly: bool, shape: Shape) -> Block:
    """The quick way for a block without a fault, else record by record."""
    quoted = bool(shape.style.quote) and shape.style.quote in block
    if orderly and _is_plain(block, ends, shape):
        try:
            table = _parsed(block, shape, quoted)
        except pa.ArrowInvalid:
            table = None
        if table is not None and table.num_rows == len(ends):
            lines = block.count(b"\n")
            starts = np.arange(len(ends))
            if lines + (not block.endswith(b"\n")) > len(ends):
                breaks = np.flatnonzero(np.frombuffer(block, np.uint8) == 10)
                starts = np.searchsorted(breaks, np.concatenate(([0], ends[:-1])))
            return Block(
                table,
                np.arange(1, len(ends) + 1),
                starts,
                len(ends),
                lines,
                bare=None if quoted or shape.inner else block,
            )
    return _record_by_record(block, ends, shape)


def _is_plain(block: bytes, ends: np.ndarray, shape: Shape) -> bool:
    if b"\0" in block or not _is_utf8(block):
        return False
    returns = block.count(b"\r")
    if returns and returns != block.count(b"\r\n"):
        return False
    starts = np.concatenate(([0], ends[:-1]))
    if len(ends) and int((ends - starts).max()) > LONGEST_RECORD:
        return False
    if blank_records(block, ends).any():
        return False
    empty = shape.style.delimiter * (shape.width - 1)
    return b"\n" + empty + b"\n" not in b"\n" + block and b"\n" + empty + b"\r" not in (
        b"\n" + block if returns else b""
    )


def _is_utf8(text: bytes) -> bool:
    if text.isascii():
        return True
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _parsed(block: bytes, shape: Shape, quoted: bool) -> pa.Table:
    names = [str(place) for place in range(shape.width)]
    return pa.csv.read_csv(
        pa.BufferReader(block),
        pa.csv.ReadOptions(column_names=names, use_threads=False, block_size=PARSED_AT_ONCE),
        pa.csv.ParseOptions(
            delimiter=shape.style.delimiter.decode(),
            quote_char=shape.style.quote.decode() if quoted else False,
            double_quote=True,
            newlines_in_values=quoted,
            ignore_empty_lines=False,
        ),
        pa.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
            check_utf8=False,
        ),
    )


def _record_by_record(block: bytes, ends: np.ndarray, shape: Shape) -> Block:
    kept, record, line, rejected, bare = [], [], [], [], not shape.inner
    number = lines = start = 0
    for end in ends.tolist():
        text, begun = block[start:end], lines
        lines += text.count(b"\n")
        start = end
        if text in BLANK_LINES:
            continue
        number += 1
        fields, fault = _fields(text, shape)
        if fault:
            shown = text[: TEXT_KEPT * 4].decode("utf-8", "replace").rstrip("\r\n")
            shown = shown.replace("\0", "\N{SYMBOL FOR NULL}")[:TEXT_KEPT]
            rejected.append(RejectedRow(number, begun, *fault, shown))
            continue
        simple = fields is None
        bare = bare and simple
        kept.append(text.rstrip(b"\r\n") if simple else _written(fields, shape))
        record.append(number)
        line.append(begun)
    clean = b"\n".join([*kept, b""])
    return Block(
        _parsed(clean, shape, not bare) if kept else _nothing(shape),
        np.array(record, dtype=np.int64),
        np.array(line, dtype=np.int64),
        number,
        lines,
        rejected,
        clean if bare else None,
    )


def _nothing(shape: Shape) -> pa.Table:
    return pa.table({str(place): pa.array([], pa.string()) for place in range(shape.width)})


def _fields(text: bytes, shape: Shape) -> tuple[list[bytes] | None, tuple[str, str] | None]:
    """The fields where they must be written anew, and why the record is refused, if it is."""
    if len(text) > LONGEST_RECORD:
        return None, ("too_long", f"The record is longer than {LONGEST_RECORD:,} bytes.")
    if b"\0" in text:
        return None, ("nul_bytes", "The record holds NUL bytes; write it again as plain text.")
    try:
        text.decode()
    except UnicodeDecodeError as fault:
        shown = text[fault.start : fault.start + 1].hex()
        return None, (
            "undecodable",
            f"Byte {fault.start + 1} of the record (0x{shown}) isn't UTF-8; save the file as "
            "UTF-8 or choose its encoding.",
        )
    line = text[:-1] if text.endswith(b"\n") else text
    line = line[:-1] if line.endswith(b"\r") else line
    simple = b"\r" not in line and not (shape.style.quote and shape.style.quote in line)
    fields = line.split(shape.style.delimiter) if simple else walk(
        text, 0, shape.style, last=True
    )[0]  # fmt: skip
    if not simple and shape.style.quote and leaves_open(text, shape.style):
        return None, (
            "unclosed_quote",
            "A quotation mark opens a field in this line and closes nowhere; close it, double it "
            "or read the file without quotation marks.",
        )
    if shape.inner and len(fields) == shape.width + 2 and fields[-2].startswith(MARK.encode()):
        return None, (fields[-2][1:].decode(), fields[-1].decode())
    if len(fields) != shape.width:
        return None, _wrong_width(text, fields, shape)
    if shape.fields > 1 and not any(entry.strip() for entry in fields[shape.inner :]):
        return None, ("blank_record", "All fields of the record are blank.")
    return None if simple else fields, None


def _wrong_width(text: bytes, fields: list[bytes], shape: Shape) -> tuple[str, str]:
    found = len(fields) - shape.inner
    code = "too_few_fields" if found < shape.fields else "too_many_fields"
    plural = "" if found == 1 else "s"
    reason = f"The record has {found} field{plural} where {shape.fields} are expected"
    if extra := text.rstrip(b"\r\n").count(b"\n"):
        return code, f"{reason}: a quoted value runs over {extra + 1} lines."
    for other in (b",", b";", b"\t", b"|"):
        if found == 1 and text.count(other) == shape.fields - 1 and other != shape.style.delimiter:
            return code, f"{reason}: it is separated by “{other.decode()}”."
    if found > shape.fields:
        return code, f"{reason}: a value may hold the separator without being quoted."
    return code, f"{reason}."


def _written(fields: list[bytes], shape: Shape) -> bytes:
    mark = shape.style.quote or b'"'
    return shape.style.delimiter.join(
        mark + entry.replace(mark, mark + mark) + mark for entry in fields
    )


def canonical(block: Block, names: list[str], shape: Shape) -> Iterator[bytes]:
    """Each kept record's texts joined by U+001F, a blank as nothing."""
    if not block.table.num_rows:
        return
    if block.bare is not None:
        text = block.bare.replace(b"\r\n", b"\n") if b"\r" in block.bare else block.bare
        yield from text.removesuffix(b"\n").replace(shape.style.delimiter, UNIT).split(b"\n")
        return
    yield from canonical_texts(block.table.select(names))


def canonical_texts(table: pa.Table) -> Iterator[bytes]:
    columns = [column.cast(pa.large_binary()) for column in table.columns]
    joined = pc.binary_join_element_wise(
        *columns,
        pa.scalar(UNIT, pa.large_binary()),
        null_handling="replace",
        null_replacement=b"",
    )
    for chunk in joined.chunks:
        yield from chunk.to_pylist()
