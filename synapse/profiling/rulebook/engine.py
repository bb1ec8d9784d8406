"""DuckDB connections of the rule book: in memory, without extensions from elsewhere."""

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
import ibis

from synapse.common.workfolders import work_folder
from synapse.profiling.rulebook.columns import RECORDS

# What does not fit spills to a temporary folder, so that a worker's memory stays flat.
MEMORY = "768MB"


@contextlib.contextmanager
def connect() -> Iterator[duckdb.DuckDBPyConnection]:
    with work_folder("rulebook") as folder:
        connection = duckdb.connect(
            config={
                "memory_limit": MEMORY,
                "temp_directory": str(folder),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )
        with contextlib.closing(connection):
            connection.execute("SET enable_progress_bar = false")
            yield connection


def show_records(connection: duckdb.DuckDBPyConnection, parts: Iterable[Path]) -> None:
    """The records of some parts as the one view that compiled rules read."""
    paths = [str(part) for part in parts]
    # A folder named "a=b" is no column.
    records = connection.read_parquet(paths, hive_partitioning=False)
    records.create_view(RECORDS, replace=True)


def rendered(expression: ibis.Expr) -> str:
    return str(ibis.to_sql(expression, dialect="duckdb", pretty=False))
