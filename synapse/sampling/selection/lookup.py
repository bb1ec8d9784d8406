"""Finds the records that a person names, by their key or by their number."""

from collections.abc import Sequence
from pathlib import Path

from synapse.sampling.selection.engine import connection, name, source
from synapse.sampling.selection.identity import key_sql

MOST = 1_000


def numbers_of(parts: Sequence[Path], key_columns: tuple[str, ...], key: str) -> list[int]:
    """The numbers of the records with this key in the order of the file, the first 1,000.

    Reads the columns of the key in all parts: nothing tells in which a key is.
    """
    query = (
        f"SELECT record_no FROM {source(parts)} WHERE {key_sql(key_columns)} = ? "
        f"ORDER BY record_no LIMIT {MOST}"
    )
    with connection() as database:
        return [row[0] for row in database.execute(query, [key]).fetchall()]


def record_at(
    part: Path, key_columns: tuple[str, ...], record_no: int, columns: Sequence[str]
) -> tuple[str, dict[str, str | None]] | None:
    """Key and texts of one record; nothing if the part doesn't have it.

    Reads only the row group whose least and greatest number the record's lies between.
    """
    wanted = ", ".join(name(column) for column in columns)
    query = (
        f"SELECT {key_sql(key_columns)}, {wanted} FROM {source([part])} "
        f"WHERE record_no = {record_no:d}"
    )
    with connection() as database:
        found = database.execute(query).fetchone()
    return found and (found[0], dict(zip(columns, found[1:], strict=True)))
