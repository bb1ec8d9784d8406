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
# So many failures are sorted at once; a page behind them is looked for among `SPAN` records.
NEAR = 5_000
SPAN = 1_000
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
    """`limit` failures after the first `after`, in the order of the records.

    A deep page costs a count of all failures by their record and a sort of few, never of all.
    """
    with _open(paths) as connection:
        if connection is None:
            return []
        span, skipped = "TRUE", 0
        if after > NEAR:
            first, end, skipped = _span(connection, rule_id, after, limit)
            span = f"record_no >= {first:d} AND record_no < {end:d}"
        rows = connection.execute(
            f"{_chosen(rule_id, span)} LIMIT {int(limit)} OFFSET {int(after) - skipped}",
            _values(rule_id),
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


def _span(
    connection: duckdb.DuckDBPyConnection, rule_id: str | None, after: int, limit: int
) -> tuple[int, int, int]:
    """The record numbers that a page lies between, the end exclusive, and the failures before."""
    counts = connection.execute(
        f"SELECT record_no // {SPAN} AS span, count(*) FROM {FAILURES} "  # noqa: S608  fixed names
        f"WHERE {_of_rule(rule_id)} GROUP BY span ORDER BY span",
        _values(rule_id),
    ).fetchall()
    first = skipped = seen = end = 0
    for span, count in counts:
        if seen + count <= after:
            first, skipped = span + 1, seen + count
        seen, end = seen + count, span + 1
        if seen >= after + limit:
            break
    return first * SPAN, end * SPAN, skipped


def _chosen(rule_id: str | None, span: str = "TRUE") -> str:
    return (
        f"SELECT record_no, key, rule_id, attribute, value FROM {FAILURES} "  # noqa: S608  fixed names
        f"WHERE {_of_rule(rule_id)} AND {span} ORDER BY record_no, rule_id"
    )


def _of_rule(rule_id: str | None) -> str:
    return "TRUE" if rule_id is None else "rule_id = ?"


def _values(rule_id: str | None) -> list[str]:
    return [] if rule_id is None else [rule_id]


def _failure(row: tuple) -> Failure:
    record_no, key, rule_id, attribute, value = row
    return Failure(record_no, key or str(record_no), rule_id, attribute or "", value or "")
