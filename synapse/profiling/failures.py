"""Reads failing records back from the files that a profile keeps of them."""

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from synapse.common.workfolders import work_folder

# Failures of all rules over millions of records are sorted; what does not fit goes to disk.
MEMORY = "256MB"
FETCHED = 2_000
FAILURES = "failures"


@dataclass(frozen=True)
class Failure:
    """One record that broke one rule, with the values that did."""

    record_no: int
    key: str
    rule_id: str
    attribute: str
    value: str


def page(
    paths: Iterable[Path], *, rule_id: str | None = None, after: int = 0, limit: int = 100
) -> list[Failure]:
    """`limit` failures after the first `after`, in the order of the records."""
    with _open(paths) as connection:
        if connection is None:
            return []
        rows = connection.execute(
            f"{_chosen(rule_id)} LIMIT {int(limit)} OFFSET {int(after)}", _values(rule_id)
        ).fetchall()
    return [_failure(row) for row in rows]


def each(paths: Iterable[Path], *, rule_id: str | None = None) -> Iterator[Failure]:
    """All failures in the order of the records, a few thousand in memory at a time."""
    with _open(paths) as connection:
        if connection is None:
            return
        found = connection.execute(_chosen(rule_id), _values(rule_id))
        while rows := found.fetchmany(FETCHED):
            yield from map(_failure, rows)


def failing_records(paths: Iterable[Path]) -> int:
    """How many records break at least one rule."""
    with _open(paths) as connection:
        if connection is None:
            return 0
        return connection.execute(
            f"SELECT count(DISTINCT record_no) FROM {FAILURES}"  # noqa: S608  a fixed name
        ).fetchone()[0]


@contextlib.contextmanager
def _open(paths: Iterable[Path]) -> Iterator[duckdb.DuckDBPyConnection | None]:
    """A connection that sees all files as one table; nothing if there is no file."""
    names = [str(path) for path in paths]
    if not names:
        yield None
        return
    with work_folder("failures") as folder:
        connection = duckdb.connect(
            config={
                "memory_limit": MEMORY,
                "temp_directory": str(folder),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )
        with contextlib.closing(connection):
            found = connection.read_parquet(names, hive_partitioning=False)
            found.create_view(FAILURES, replace=True)
            yield connection


def _chosen(rule_id: str | None) -> str:
    where = "WHERE rule_id = ? " if rule_id is not None else ""
    return (
        f"SELECT record_no, key, rule_id, attribute, value FROM {FAILURES} {where}"  # noqa: S608  fixed names
        "ORDER BY record_no, rule_id"
    )


def _values(rule_id: str | None) -> list[str]:
    return [] if rule_id is None else [rule_id]


def _failure(row: tuple) -> Failure:
    record_no, key, rule_id, attribute, value = row
    return Failure(record_no, key or str(record_no), rule_id, attribute or "", value or "")
