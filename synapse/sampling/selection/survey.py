"""What only the whole population tells: thresholds, rare values, limits, keys that repeat."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from synapse.sampling.selection import engine, guards, kinds
from synapse.sampling.selection.checks import Check, condition
from synapse.sampling.selection.context import Context
from synapse.sampling.selection.errors import ColumnsMissing, NothingScoped, PopulationEmpty
from synapse.sampling.selection.identity import identity_sql
from synapse.sampling.selection.proposals import Guess, proposals
from synapse.sampling.selection.shapes import shapes_of


@dataclass(frozen=True)
class Survey:
    """The checks worth making with how many records each hits, and the records of shared keys."""

    records: int
    distinct_keys: int
    checks: tuple[Check, ...] = ()
    twins: tuple[int, ...] = ()
    unused: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "records": self.records,
            "distinct_keys": self.distinct_keys,
            "checks": [check.as_json() for check in self.checks],
            "twins": list(self.twins),
            "unused": list(self.unused),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Survey":
        return cls(
            records=data["records"],
            distinct_keys=data["distinct_keys"],
            checks=tuple(Check.from_json(check) for check in data["checks"]),
            twins=tuple(data["twins"]),
            unused=tuple(data["unused"]),
        )


def survey(parts: Sequence[Path], context: Context, *, threads: int | None = None) -> Survey:
    """Reads each column in scope a fixed number of times, however the file is cut into parts."""
    if not parts:
        raise PopulationEmpty()
    with engine.connection(threads) as database:
        types = engine.types_of(database, parts)
        _require_columns(types, context)
        source = engine.source(parts)
        records = database.execute(f"SELECT count(*) FROM {source}").fetchone()[0]
        if not records:
            raise PopulationEmpty()
        shapes = shapes_of(database, source, context, types, records)
        guesses = proposals(context, shapes, records)
        _count_hits(database, source, context, guesses)
        checks, unused = guards.kept(guesses, context, records)
        twins, repeated = _twins(database, source, context)
    return Survey(records, records - repeated, tuple(checks), twins, tuple(unused))


def _require_columns(types: dict[str, str], context: Context) -> None:
    if not context.tested:
        raise NothingScoped()
    wanted = [*context.key_columns]
    for each in context.attributes:
        wanted += [column for column in (each.column, each.number, each.date) if column]
    if missing := [column for column in dict.fromkeys(wanted) if column not in types]:
        raise ColumnsMissing(columns=", ".join(repr(column) for column in missing))


def _count_hits(
    database: duckdb.DuckDBPyConnection, source: str, context: Context, guesses: list[Guess]
) -> None:
    """Counts every proposed check; the values of rare ones were counted before."""
    attributes = {each.column: each for each in context.attributes}
    asked = [guess for guess in guesses if guess.check.kind != kinds.RARE]
    for some in engine.batches(asked, lambda guess: guess.check.column):
        counts = ", ".join(
            f"count(*) FILTER ({condition(guess.check, attributes[guess.check.column])})"
            for guess in some
        )
        row = database.execute(f"SELECT {counts} FROM {source}").fetchone()
        for guess, hits in zip(some, row, strict=True):
            guess.hits = hits


def _twins(
    database: duckdb.DuckDBPyConnection, source: str, context: Context
) -> tuple[tuple[int, ...], int]:
    """Records that share their canonical key with another, and how many are over one a key."""
    if not context.key_columns:
        return (), 0
    identity = identity_sql(context.key_columns)
    # A hash of 64 bits halves the memory; what merely collides is sorted out by the key itself.
    rows = database.execute(
        f"""
        WITH suspects AS (
            SELECT hash({identity}) AS mark FROM {source} GROUP BY mark HAVING count(*) > 1
        ), named AS (
            SELECT record_no, {identity} AS identity FROM {source}
            WHERE hash({identity}) IN (SELECT mark FROM suspects)
        )
        SELECT list(record_no ORDER BY record_no) FROM named GROUP BY identity HAVING count(*) > 1
        """
    ).fetchall()
    twins = sorted(record_no for (group,) in rows for record_no in group)
    return tuple(twins), len(twins) - len(rows)
