"""One pool from the pools of all parts: every key once, and only what may still be chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from synapse.sampling.selection import engine
from synapse.sampling.selection.cover import Candidate
from synapse.sampling.selection.keeping import best_of_key, keep_sql
from synapse.sampling.selection.options import Options

_COLUMNS = "record_no, key, category, rank, ord, pinned, soiled, reasons"


@dataclass(frozen=True)
class Pool:
    """`available` counts keys a category, exact wherever there are fewer than were asked for."""

    candidates: tuple[Candidate, ...]
    available: dict[str, int]


def merged(pool_files: Sequence[Path], options: Options, *, threads: int | None = None) -> Pool:
    with engine.connection(threads) as database:
        database.execute(f"CREATE TEMP TABLE pool AS SELECT * FROM {engine.source(pool_files)}")
        database.execute(
            "CREATE TEMP TABLE single AS SELECT * FROM pool "
            f"WHERE NOT twin OR record_no IN ({best_of_key('pool')})"
        )
        database.execute(
            "CREATE TEMP TABLE reason AS SELECT record_no, told.attribute AS attribute "
            "FROM (SELECT record_no, unnest(reasons) AS told FROM single)"
        )
        available = dict(
            database.execute("SELECT category, count(*) FROM single GROUP BY 1").fetchall()
        )
        kept = keep_sql("single", "reason", options, is_whole=True)
        rows = database.execute(f"SELECT {_COLUMNS} FROM ({kept}) ORDER BY record_no").fetchall()
    return Pool(tuple(_candidate(row) for row in rows), available)


def _candidate(row: tuple) -> Candidate:
    record_no, key, category, rank, order, pinned, soiled, reasons = row
    return Candidate(
        record_no=record_no,
        key=key,
        category=category,
        rank=rank,
        order=order,
        attributes=frozenset(told["attribute"] for told in reasons),
        reasons=tuple((told["slot"], told["value"] or "") for told in reasons),
        is_pinned=pinned,
        is_soiled=soiled,
    )
