"""Reads the rows of chosen records as they stand in the file."""

from collections.abc import Sequence
from pathlib import Path

from synapse.sampling.selection.engine import connection, name, source


def rows_of(
    parts: Sequence[Path], record_nos: Sequence[int], columns: Sequence[str]
) -> dict[int, dict[str, str | None]]:
    """The texts of `columns` by record number; a number that no part has is left out."""
    if not record_nos or not parts:
        return {}
    wanted = ", ".join(name(column) for column in columns)
    with connection() as database:
        database.execute(
            "CREATE TEMP TABLE wanted AS SELECT DISTINCT unnest($1::BIGINT[]) AS record_no",
            [list(record_nos)],
        )
        # The span lets whole pieces of the file be passed over: few records are read at once.
        rows = database.execute(
            f"SELECT record_no{', ' + wanted if wanted else ''} FROM {source(parts)} "
            "SEMI JOIN wanted USING (record_no) "
            f"WHERE record_no BETWEEN {min(record_nos):d} AND {max(record_nos):d} "
            "ORDER BY record_no"
        ).fetchall()
    return {row[0]: dict(zip(columns, row[1:], strict=True)) for row in rows}
