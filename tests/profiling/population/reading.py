"""Attributes without a database, and a file's whole way into Parquet."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from synapse.planning.dictionary.reading import read_dictionary
from synapse.profiling.population import (
    ChunkResult,
    Column,
    Match,
    Reading,
    RejectedRow,
    Totals,
    combine,
    detect,
    match,
    plan_chunks,
    prepare,
    read_chunk,
)


@dataclass
class Field:
    """What an attribute of a plan has for reading."""

    pk: int
    name: str
    data_type: str = "string"
    technical_name: str = ""
    item_code: str = ""
    line: str = ""
    format: str = ""
    length: int | None = None
    scale: int | None = None
    allowed_values: list = field(default_factory=list)
    position: int = 0


LOANS = (
    Field(1, "Loan ID"),
    Field(2, "Amount", "decimal", scale=2, allowed_values=[{"code": "NA", "meaning": ""}]),
    Field(3, "Opened", "date", format="YYYYMMDD"),
)
HEAD = "Loan ID,Amount,Opened\n"


def dictionary(path: Path) -> list[Field]:
    read = read_dictionary(path.read_bytes(), path.name)
    return [
        Field(
            number, entry.name, entry.data_type, entry.technical_name, entry.item_code,
            entry.line, entry.format, entry.length, entry.scale, entry.allowed_values, number,
        )
        for number, entry in enumerate(read.fields, start=1)
    ]  # fmt: skip


@dataclass
class Imported:
    reading: Reading
    match: Match
    results: list[ChunkResult]
    totals: Totals
    parts: list[Path]

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.totals.columns

    @property
    def rejected(self) -> list[RejectedRow]:
        return [row for result in self.results for row in result.rejected]

    def sql(self, query: str) -> list[tuple]:
        """Rows of a query over the table `parts`."""
        files = [str(part) for part in self.parts]
        source = duckdb.read_parquet(files)
        return source.query("parts", query).fetchall()

    def texts(self, name: str) -> list[str | None]:
        quoted = name.replace('"', '""')
        return [row[0] for row in self.sql(f'SELECT "{quoted}" FROM parts ORDER BY record_no')]


def take(
    path: Path,
    folder: Path,
    attributes: Sequence[Field] = (),
    *,
    name: str = "",
    given: Mapping[str, Any] | None = None,
    chosen: Mapping[int, int | None] | None = None,
    records: int = 100_000,
) -> Imported:
    reading = detect(path, name or path.name, attributes=attributes, given=given)
    matched = match(reading, attributes, chosen=chosen)
    prepared = prepare(path, reading, folder)
    # Each taking has parts of its own, so that two of one file can be compared.
    folder = Path(tempfile.mkdtemp(dir=folder))
    results, parts = [], []
    for chunk in plan_chunks(prepared, reading, records=records):
        parts.append(folder / f"part-{chunk.key}.parquet")
        results.append(read_chunk(prepared, reading, chunk, matched.columns, parts[-1]))
    totals = combine(results, matched.columns, reading=reading, file=path.name)
    return Imported(reading, matched, results, totals, parts)
