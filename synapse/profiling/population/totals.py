"""Sums over records and parts that do not depend on their order."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from synapse.profiling.population.errors import NoGoodRecords
from synapse.profiling.population.schema import ChunkResult, Column, Reading, RejectedRow, Totals

MODULUS = 1 << 128


def digest_sum(records: Iterable[bytes]) -> int:
    """The sum modulo 2^128 of the first 16 bytes of each record's SHA-256."""
    sha256 = hashlib.sha256
    joined = b"".join([sha256(record).digest()[:16] for record in records])
    # Quarters of 32 bits, summed in 64: no overflow below four thousand million records.
    quarters = np.frombuffer(joined, ">u4").reshape(-1, 4).sum(axis=0, dtype=np.uint64)
    total = 0
    for quarter in quarters.tolist():
        total = (total << 32) + quarter
    return total % MODULUS


def content_hash(rows: int, digest: int) -> str:
    """SHA-256 over the number of records and the sum of their digests."""
    return hashlib.sha256(f"{rows}\n{digest % MODULUS:032x}\n".encode()).hexdigest()


def combine(
    results: Iterable[ChunkResult | Mapping[str, Any]],
    columns: Sequence[Column],
    *,
    reading: Reading | None = None,
    file: str = "",
    first_rejected: RejectedRow | None = None,
) -> Totals:
    """The whole from its parts; raises NoGoodRecords where every record was rejected."""
    rows = rejected = digest = 0
    blank = dict.fromkeys((column.name for column in columns), 0)
    unreadable = dict(blank)
    for result in results:
        facts = result.facts() if isinstance(result, ChunkResult) else result
        rows += facts["rows"]
        rejected += facts["rejected_count"]
        digest = (digest + int(facts["digest"], 16)) % MODULUS
        for name in blank:
            blank[name] += facts["blank"].get(name, 0)
            unreadable[name] += facts["unreadable"].get(name, 0)
        if isinstance(result, ChunkResult) and result.rejected and first_rejected is None:
            first_rejected = result.rejected[0]
    if not rows:
        raise NoGoodRecords(
            file=file or "the file",
            count=rejected,
            line=first_rejected.line_no if first_rejected else "?",
            reason=first_rejected.reason if first_rejected else "See the rejected rows.",
        )
    return Totals(
        rows=rows,
        rejected_count=rejected,
        content_sha256=content_hash(rows, digest),
        columns=tuple(
            column.counted(blank=blank[column.name], unreadable=unreadable[column.name])
            for column in columns
        ),
        notes=(
            *_control_total(rows + rejected, reading),
            *_of_another_type(columns, rows, blank, unreadable),
        ),
    )


def _of_another_type(
    columns: Sequence[Column], rows: int, blank: Mapping[str, int], unreadable: Mapping[str, int]
) -> list[str]:
    """Columns that mostly hold something else than the plan says."""
    notes = []
    for column in columns:
        filled, odd = rows - blank[column.name], unreadable[column.name]
        if odd * 2 > filled:
            notes.append(
                f"“{column.name}” is planned as {column.data_type}, but {odd:,} of its {filled:,} "
                f"values can't be read so. Check its match to “{column.heading}” and its format."
            )
    return notes


def _control_total(records: int, reading: Reading | None) -> list[str]:
    """Whether the count that the file states of itself is the count of its records."""
    if reading is None or reading.records is None:
        return []
    if reading.records == records:
        return [f"The file states {records:,} records, and holds as many."]
    return [f"The file states {reading.records:,}, but holds {records:,} records."]
