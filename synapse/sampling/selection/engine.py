"""DuckDB as selections use it: bounded memory, own temporary folder, quoted names and values."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

MEMORY_LIMIT = "512MB"
_BLANKS = " \t\r\n\v\f\u00a0"


@contextmanager
def connection(threads: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A private in-memory database that spills to a folder of its own and leaves nothing."""
    with tempfile.TemporaryDirectory(prefix="selection-") as folder:
        settings = {
            "memory_limit": MEMORY_LIMIT,
            "temp_directory": folder,
            "preserve_insertion_order": "false",
        }
        if threads:
            settings["threads"] = str(threads)
        with duckdb.connect(":memory:", config=settings) as opened:
            yield opened


def name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def texts(values: Iterable[str]) -> str:
    return "(" + ", ".join(text(value) for value in values) + ")"


def source(paths: Iterable[Path]) -> str:
    """Parquet files as a table."""
    return f"read_parquet([{', '.join(text(str(path)) for path in paths)}])"


def stripped(column: str) -> str:
    """A text without surrounding space; one that is blank is NULL."""
    return f"nullif(trim({name(column)}, {text(_BLANKS)}), '')"


def types_of(database: duckdb.DuckDBPyConnection, paths: Iterable[Path]) -> dict[str, str]:
    """The columns of Parquet files with their types."""
    rows = database.execute(f"DESCRIBE SELECT * FROM {source(paths)}").fetchall()
    return {row[0]: row[1] for row in rows}
