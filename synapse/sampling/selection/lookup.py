"""Finds the records that a person names, by their number or by their key."""

from collections.abc import Sequence
from pathlib import Path

from synapse.sampling.selection.engine import connection, source
from synapse.sampling.selection.identity import key_sql

MOST = 1_000


def find(
    parts: Sequence[Path],
    key_columns: tuple[str, ...],
    *,
    record_no: int | None = None,
    key: str = "",
) -> list[tuple[int, str]]:
    """Number and key of the records meant, in the order of the file; a key may be on several."""
    told = key_sql(key_columns)
    condition, value = ("record_no = ?", record_no) if record_no is not None else ("key = ?", key)
    query = (
        f"SELECT record_no, key FROM (SELECT record_no, {told} AS key FROM {source(parts)}) "
        f"WHERE {condition} ORDER BY record_no LIMIT {MOST}"
    )
    with connection() as database:
        return database.execute(query, [value]).fetchall()
