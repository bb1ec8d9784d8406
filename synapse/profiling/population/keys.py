"""A column that tells the records of a file apart, where nobody named a key."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from synapse.common.workfolders import work_folder
from synapse.profiling.population import parquet
from synapse.profiling.population.blocks import read_block
from synapse.profiling.population.chunks import BLOCK, Shape, plan_chunks
from synapse.profiling.population.preparing import prepare
from synapse.profiling.population.records import blocks
from synapse.profiling.population.schema import PARQUET, Column, Reading

UNIQUE = 0.99
_NAMED = re.compile(
    r"\b(?:id|ids|uid|uuid|guid|identifier|identification|key|number|num|no|nr|reference|ref|"
    r"uli|nuli|lei|isin|cusip|account|acct|loan)\b"
)
_OTHER = re.compile(r"\b(?:date|amount|amt|balance|rate|income|ratio|percent|price|value|zip)\b")


def identifier_column(
    path: Path,
    reading: Reading,
    columns: Sequence[Column],
    names: Mapping[int, str] | None = None,
) -> str | None:
    """The first identifier-like column that is 99 % unique over the file; blanks count against it.

    A few missing or repeated identifiers are errors of the file, and no reason to pass it over.
    `names` are those of the attributes by id: “UTI” alone doesn't say that it is an identifier.
    """
    called = names or {}
    candidates = [
        column
        for column in columns
        if is_identifier_like(column, called.get(column.attribute_id or 0, ""))
    ]
    for column in candidates:
        if _tells_apart(path, reading, column):
            return column.name
    return None


def is_identifier_like(column: Column, name: str = "") -> bool:
    """By its names; never money, a date or a yes-or-no."""
    if column.data_type not in ("", "string", "integer"):
        return False
    words = " ".join(map(_words, (column.heading, column.name, name)))
    return bool(_NAMED.search(words)) and not _OTHER.search(words)


def _words(name: str) -> str:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return re.sub(r"[^A-Za-z0-9]+", " ", spaced).casefold()


def _tells_apart(path: Path, reading: Reading, column: Column) -> bool:
    texts, count = [], 0
    for text in _texts(path, reading, column.position - 1):
        count += len(text)
        texts.append(text.filter(pc.invert(pc.fill_null(_is_blank(text), True))))
        if len(texts) == 1 and _distinct(texts) < UNIQUE * count:
            return False
    return bool(count) and _distinct(texts) >= UNIQUE * count


def _is_blank(text: pa.Array) -> pa.Array:
    return pc.or_(pc.equal(text, ""), pc.utf8_is_space(text))


def _distinct(texts: list[pa.Array]) -> int:
    return pc.count_distinct(
        pa.chunked_array([text.cast(pa.large_string()) for text in texts])
    ).as_py()


def _texts(path: Path, reading: Reading, place: int) -> Iterator[pa.Array]:
    """One column of the file, block by block."""
    if reading.kind == PARQUET:
        for table in parquet.text_batches(path, path.name, 0, reading.records or 0):
            yield table.column(place).combine_chunks()
        return
    shape = Shape.of(reading)
    with work_folder("keys") as folder:
        prepared = prepare(path, reading, folder)
        chunks = plan_chunks(prepared, reading)
        with prepared.open("rb") as stream:
            start, end = chunks[0].payload["start"], chunks[-1].payload["end"]
            for block in blocks(stream, shape.style, start=start, end=end, size=BLOCK):
                yield read_block(*block, shape).table.column(place + shape.inner).combine_chunks()
