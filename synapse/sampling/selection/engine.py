"""DuckDB as selections use it: bounded memory, own temporary folder, quoted names and values."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import TypeVar

import duckdb

from synapse.common.workfolders import work_folder

MEMORY_LIMIT = "512MB"
# A scan holds a piece of every column it reads, so wide files are read some columns at a time;
# each column is still read once.
COLUMNS_AT_ONCE = 24
_BLANKS = " \t\r\n\v\f"

Item = TypeVar("Item")


@contextmanager
def connection(threads: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A private in-memory database that spills to a folder of its own and leaves nothing."""
    with work_folder("selection") as folder:
        settings = {
            "memory_limit": MEMORY_LIMIT,
            "temp_directory": str(folder),
            "preserve_insertion_order": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
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
    """Parquet files as a table; a folder named "a=b" is no column of it."""
    files = ", ".join(text(str(path)) for path in paths)
    return f"read_parquet([{files}], hive_partitioning = false)"


def stripped(column: str) -> str:
    """A text without surrounding space; one that is blank is NULL."""
    value = name(column)
    # To trim is slow, and hardly a text needs it: all blanks sort before any other character.
    padded = " OR ".join([f"{value} < '!'", *(f"suffix({value}, {text(b)})" for b in _BLANKS)])
    return f"CASE WHEN {padded} THEN nullif(trim({value}, {text(_BLANKS)}), '') ELSE {value} END"


def types_of(database: duckdb.DuckDBPyConnection, paths: Iterable[Path]) -> dict[str, str]:
    """The columns of Parquet files with their types."""
    rows = database.execute(f"DESCRIBE SELECT * FROM {source(paths)}").fetchall()
    return {row[0]: row[1] for row in rows}


def batches(items: Iterable[Item], column: Callable[[Item], str]) -> Iterator[list[Item]]:
    """Items in their order, those of few columns at a time; items of one column stay together."""
    some: list[Item] = []
    for at, (_, group) in enumerate(groupby(items, key=column), start=1):
        some += group
        if at % COLUMNS_AT_ONCE == 0:
            yield some
            some = []
    if some:
        yield some
