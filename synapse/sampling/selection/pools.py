"""From one part of a population the records that can still be chosen, with their reasons.

Of the millions only those are kept which may end in the sample, by rules that hold for any cut
into parts: the best by rank of each category, the best of each attribute, the first clean ones in
seeded order, and everything that shares its key or is asked for by name.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from synapse.sampling.selection import engine, kinds
from synapse.sampling.selection.checks import condition
from synapse.sampling.selection.context import Context
from synapse.sampling.selection.errors import RuleUnknown
from synapse.sampling.selection.identity import identity_sql, key_sql, order_sql
from synapse.sampling.selection.keeping import keep_sql
from synapse.sampling.selection.options import Options
from synapse.sampling.selection.slots import Slot, slots_of
from synapse.sampling.selection.survey import Survey

COUNTS = ("records", "excluded", *kinds.PRECEDENCE, "spotless", "kept")


@dataclass(frozen=True)
class PoolCount:
    """How many records of a part (or, summed, of all) fall where, before keys are made one.

    `spotless` are the clean ones that fail no rule outside the scope either.
    """

    records: int = 0
    excluded: int = 0
    anomaly: int = 0
    boundary: int = 0
    clean: int = 0
    spotless: int = 0
    kept: int = 0
    by_attribute: dict[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "PoolCount":
        return cls(**data)

    def __add__(self, other: "PoolCount") -> "PoolCount":
        both = {word: getattr(self, word) + getattr(other, word) for word in COUNTS}
        columns = dict.fromkeys([*self.by_attribute, *other.by_attribute])
        shares = {
            each: self.by_attribute.get(each, 0) + other.by_attribute.get(each, 0)
            for each in columns
        }
        return PoolCount(**both, by_attribute=shares)


def pool_part(
    part: Path,
    context: Context,
    options: Options,
    survey: Survey,
    failures: Sequence[Path],
    out: Path,
    *,
    threads: int | None = None,
) -> PoolCount:
    """Writes the pool of one part to `out`; the same part always writes the same rows."""
    options.check()
    slots = slots_of(context, survey)
    with engine.connection(threads) as database:
        _read(database, part, context, options, survey)
        _judge(database, part, context, slots)
        _break(database, context, failures, slots)
        _rank(database)
        database.execute(f"CREATE TEMP TABLE kept AS {keep_sql('candidate', 'reason', options)}")
        _write(database, part, context, out)
        return _count(database, context)


def _read(
    database: duckdb.DuckDBPyConnection,
    part: Path,
    context: Context,
    options: Options,
    survey: Survey,
) -> None:
    """Who each record is, its place in seeded order, and whether the tester named it."""
    database.execute(
        f"CREATE TEMP TABLE record AS SELECT record_no, {key_sql(context.key_columns)} AS key, "
        f"{identity_sql(context.key_columns)} AS identity FROM {engine.source([part])}"
    )
    low, high = database.execute("SELECT min(record_no), max(record_no) FROM record").fetchone()
    twins = [twin for twin in survey.twins if low is not None and low <= twin <= high]
    database.execute("CREATE TEMP TABLE twin AS SELECT unnest($1::BIGINT[]) AS record_no", [twins])
    for table, keys in (("excluded", options.exclude), ("included", options.include)):
        database.execute(
            f"CREATE TEMP TABLE {table} AS SELECT DISTINCT unnest($1::VARCHAR[]) AS key",
            [list(keys)],
        )
    database.execute(
        "CREATE TEMP TABLE person AS SELECT record_no, key, identity, "
        f"{order_sql(options.seed, context.population_hash)} AS ord, "
        "record_no IN (SELECT record_no FROM twin) AS twin, "
        "key IN (SELECT key FROM included) AS pinned "
        "FROM record WHERE key NOT IN (SELECT key FROM excluded)"
    )


def _judge(
    database: duckdb.DuckDBPyConnection, part: Path, context: Context, slots: list[Slot]
) -> None:
    """Every reason as a row; a record and a slot meet at most once."""
    database.execute(
        "CREATE TEMP TABLE slot (slot INTEGER, attribute INTEGER, rule_id VARCHAR, "
        "points BIGINT, category VARCHAR, kind VARCHAR)"
    )
    if slots:
        rows = ", ".join(
            f"({slot.number}, {slot.attribute}, "
            f"{engine.text(slot.rule.rule_id) if slot.rule else 'NULL'}, {slot.points}, "
            f"'{slot.category}', '{slot.kind}')"
            for slot in slots
        )
        database.execute(f"INSERT INTO slot VALUES {rows}")
    database.execute("CREATE TEMP TABLE hit (record_no BIGINT, slot INTEGER)")
    checks = [slot for slot in slots if slot.check]
    for some in engine.batches(checks, lambda slot: slot.check.column):
        flags = ", ".join(
            f"{condition(slot.check, context.attributes[slot.attribute])} AS c{slot.number}"
            for slot in some
        )
        source = engine.source([part])
        database.execute(f"CREATE TEMP TABLE flag AS SELECT record_no, {flags} FROM {source}")
        branches = " UNION ALL ".join(
            f"SELECT record_no, {slot.number} FROM flag WHERE c{slot.number}" for slot in some
        )
        database.execute(f"INSERT INTO hit {branches}")
        database.execute("DROP TABLE flag")


def _break(
    database: duckdb.DuckDBPyConnection,
    context: Context,
    failures: Sequence[Path],
    slots: list[Slot],
) -> None:
    """What the rules found in these records; a failure beside the scope only soils."""
    database.execute("CREATE TEMP TABLE soiled (record_no BIGINT)")
    if not failures:
        return
    span = "record_no BETWEEN (SELECT min(record_no) FROM record) AND "
    span += "(SELECT max(record_no) FROM record)"
    database.execute(
        f"CREATE TEMP TABLE failure AS SELECT DISTINCT record_no, rule_id "
        f"FROM {engine.source(failures)} WHERE {span} "
        "AND record_no IN (SELECT record_no FROM record)"
    )
    database.execute(
        "CREATE TEMP TABLE rule AS SELECT unnest($1::VARCHAR[]) AS rule_id",
        [[rule.rule_id for rule in context.rules]],
    )
    unknown = database.execute(
        "SELECT min(rule_id) FROM failure WHERE rule_id NOT IN (SELECT rule_id FROM rule)"
    ).fetchone()[0]
    if unknown is not None:
        raise RuleUnknown(rule_id=unknown)
    database.execute(
        "INSERT INTO hit SELECT failure.record_no, slot.slot FROM failure JOIN slot USING (rule_id)"
    )
    database.execute("INSERT INTO soiled SELECT DISTINCT record_no FROM failure")


def _rank(database: duckdb.DuckDBPyConnection) -> None:
    order = "CASE min(CASE category WHEN 'anomaly' THEN 0 ELSE 1 END) WHEN 0 THEN 'anomaly' "
    database.execute(
        "CREATE TEMP TABLE reason AS SELECT record_no, slot, attribute, points, category "
        "FROM hit JOIN slot USING (slot) SEMI JOIN person USING (record_no)"
    )
    database.execute(
        "CREATE TEMP TABLE candidate AS "
        "WITH judged AS (SELECT record_no, sum(points)::BIGINT AS rank, "
        f"{order} ELSE 'boundary' END AS category FROM reason GROUP BY record_no) "
        "SELECT person.*, coalesce(judged.rank, 0) AS rank, "
        "coalesce(judged.category, 'clean') AS category, "
        "record_no IN (SELECT record_no FROM soiled) AS soiled "
        "FROM person LEFT JOIN judged USING (record_no)"
    )


def _write(database: duckdb.DuckDBPyConnection, part: Path, context: Context, out: Path) -> None:
    """Kept records with their reasons and the values the reasons are about."""
    values = " ".join(
        f"WHEN {at} THEN part.{engine.name(each.column)}"
        for at, each in enumerate(context.attributes)
    )
    database.execute(
        f"""
        COPY (
            WITH told AS (
                SELECT record_no, list(
                    {{'slot': slot, 'attribute': attribute,
                      'value': CASE attribute {values} END}} ORDER BY slot
                ) AS reasons
                FROM reason SEMI JOIN kept USING (record_no)
                JOIN {engine.source([part])} AS part USING (record_no)
                GROUP BY record_no
            )
            SELECT record_no, key, identity, ord, twin, pinned, rank, category, soiled,
                   coalesce(reasons, []) AS reasons
            FROM kept LEFT JOIN told USING (record_no) ORDER BY record_no
        ) TO {engine.text(str(out))} (FORMAT parquet, COMPRESSION zstd)
        """
    )


def _count(database: duckdb.DuckDBPyConnection, context: Context) -> PoolCount:
    records, people, kept, spotless = database.execute(
        "SELECT (SELECT count(*) FROM record), (SELECT count(*) FROM person), "
        "(SELECT count(*) FROM kept), "
        "(SELECT count(*) FROM candidate WHERE category = 'clean' AND NOT soiled)"
    ).fetchone()
    found = dict(
        database.execute("SELECT category, count(*) FROM candidate GROUP BY category").fetchall()
    )
    rows = database.execute(
        "SELECT attribute, count(DISTINCT record_no) FROM reason GROUP BY attribute ORDER BY 1"
    ).fetchall()
    return PoolCount(
        records=records,
        excluded=records - people,
        kept=kept,
        spotless=spotless,
        by_attribute={context.attributes[at].column: count for at, count in rows},
        **{category: found.get(category, 0) for category in kinds.PRECEDENCE},
    )
