"""python -m tests.benchmarks.data_rules: 220 rules over 110 columns beside bare DuckDB.

Both see the same Parquet parts in the same run: bare DuckDB counts what breaks the same
predicates, written by hand, in one query over all parts; the rule book does it part by part, counts
what passes, fails, does not apply and can't be read, and writes a file of failures for each part.
"""

import argparse
import resource
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

from synapse.profiling.rulebook import Rule, add_up, evaluate_part, evaluate_whole

PART = 100_000
CODES, NUMBERS, DATES, TEXTS = 40, 40, 10, 20
MOST_TIMES_BARE = 1.5


@dataclass(frozen=True)
class Column:
    name: str
    data_type: str = "string"
    number: str = ""
    date: str = ""
    codes: tuple[str, ...] = ()


def columns() -> list[Column]:
    return [
        Column("key"),
        *(Column(f"code {n}") for n in range(1, CODES)),
        *(Column(f"number {n}", "decimal", f"number {n}#number") for n in range(NUMBERS)),
        *(Column(f"date {n}", "date", "", f"date {n}#date") for n in range(DATES)),
        *(Column(f"text {n}") for n in range(TEXTS)),
    ]


def rules() -> list[tuple[Rule, str]]:
    """Each rule with the predicate that bare DuckDB counts: what breaks it."""
    told = []

    def add(kind: str, name: str, broken: str, **parameters) -> None:
        rule_id = f"{len(told) + 1:03d}"
        given = {"rule_id": rule_id, "kind": kind, "attributes": [name], "parameters": parameters}
        told.append((Rule.from_dict(given), broken))

    for column in columns():
        name = f'"{column.name}"'
        add("not_blank", column.name, f"({name} IS NULL OR trim({name}) = '')")
    for n in range(1, CODES):
        name = f'"code {n}"'
        broken = f"({name} IS NOT NULL AND trim({name}) <> '' AND trim({name}) NOT IN "
        add(
            "in_set",
            f"code {n}",
            broken + "('1','2','3','4','5'))",
            values=["1", "2", "3", "4", "5"],
        )
    for n in range(NUMBERS - 10):
        broken = f'coalesce("number {n}#number" NOT BETWEEN 0 AND 9990, false)'
        add("range", f"number {n}", broken, min=0, max="9990")
    for n in range(NUMBERS - 10, NUMBERS):
        broken = f'coalesce(NOT ("number {n}#number" <= "number 0#number" * 100 + 9900), false)'
        add("compare", f"number {n}", broken, op="<=", right="number 0", factor=100, offset=9900)
    for n in range(DATES):
        broken = f'("date {n}" IS NOT NULL AND try_strptime("date {n}", \'%Y%m%d\') IS NULL)'
        add("date_format", f"date {n}", broken, format="YYYYMMDD")
    for n in range(TEXTS):
        broken = f"coalesce(NOT regexp_full_match(\"text {n}\", '[A-Z]{{2}}[0-9]{{4,8}}'), false)"
        add("regex", f"text {n}", broken, pattern="[A-Z]{2}[0-9]{4,8}")
    add("length", "key", '(length("key") > 18)', max=18)
    return told


def make_parts(folder: Path, records: int) -> list[Path]:
    """Records whose values follow from their number alone, so every run has the same."""

    def mixed(n: int) -> str:
        return f"(hash(i * 131 + {n}) % 10000)"

    shown = ["i AS record_no", "i + 1 AS line_no", "'K' || lpad(i::varchar, 12, '0') AS key"]
    for n in range(1, CODES):
        value = f"CASE WHEN {mixed(n)} < 500 THEN NULL WHEN {mixed(n)} < 502 THEN '9' "
        shown.append(value + f'ELSE (1 + {mixed(n)} % 5)::varchar END AS "code {n}"')
    for n in range(NUMBERS):
        number = f"({mixed(100 + n)} || '.' || lpad(({mixed(n)} % 100)::varchar, 2, '0'))"
        shown.append(f'{number} AS "number {n}"')
        shown.append(f'{number}::decimal(18, 2) AS "number {n}#number"')
    for n in range(DATES):
        day = f"date '2015-01-01' + ({mixed(200 + n)} % 3650)::int"
        shown.append(f"strftime({day}, '%Y%m%d') AS \"date {n}\"")
        shown.append(f'({day})::date AS "date {n}#date"')
    for n in range(TEXTS):
        right = f"'AB' || lpad({mixed(300 + n)}::varchar, 6, '0')"
        text = f"CASE WHEN {mixed(300 + n)} < 2 THEN 'a1' ELSE {right} END"
        shown.append(f'{text} AS "text {n}"')
    parts = []
    for start in range(0, records, PART):
        part = folder / f"part-{start // PART + 1:05d}.parquet"
        end = min(start + PART, records)
        query = f"SELECT {', '.join(shown)} FROM range({start + 1}, {end + 1}) AS t(i)"
        duckdb.sql(query).write_parquet(str(part))
        parts.append(part)
    return parts


def bare(parts: list[Path], told: list[tuple[Rule, str]]) -> tuple[float, list[int]]:
    shown = ", ".join(f"count(*) FILTER (WHERE {broken})" for _, broken in told)
    started = time.perf_counter()
    with duckdb.connect() as connection:
        connection.read_parquet([str(part) for part in parts]).create_view("records")
        [counts] = connection.sql(f"SELECT {shown} FROM records").fetchall()
    return time.perf_counter() - started, [*counts]


def ours(parts: list[Path], told: list[tuple[Rule, str]], folder: Path) -> tuple[float, list[int]]:
    started = time.perf_counter()
    counts = []
    for part in parts:
        some = [rule for rule, _ in told]
        counts += evaluate_part(part, columns(), some, ["key"], folder / f"failures-{part.name}")
    return time.perf_counter() - started, [count.failed for count in add_up(counts)]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.data_rules")
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    told = rules()
    with tempfile.TemporaryDirectory(prefix="rules-") as name:
        folder = Path(name)
        parts = make_parts(folder, rows)
        times = []
        for _ in range(3):
            ours_seconds, failed = ours(parts, told, folder)
            bare_seconds, expected = bare(parts, told)
            if failed != expected:
                print("the counts differ")
                return 1
            times.append((ours_seconds / bare_seconds, ours_seconds, bare_seconds))
        ratio, ours_seconds, bare_seconds = sorted(times)[1]
        whole = Rule.from_dict({"rule_id": "key", "kind": "unique", "attributes": ["key"]})
        started = time.perf_counter()
        evaluate_whole(parts, columns(), [whole], ["key"], folder / "whole.parquet")
        unique_seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(told)} rules, {len(columns())} columns, {rows:,} records, {len(parts)} parts")
    print(f"failures found by both          {sum(failed):,}")
    print(f"rule book, with failure files   {ours_seconds:.2f} s")
    print(f"bare DuckDB, counts only        {bare_seconds:.2f} s")
    print(f"ratio (median of 3)             {ratio:.2f} (at most {MOST_TIMES_BARE})")
    print(f"unique key over the whole file  {unique_seconds:.2f} s")
    print(f"peak memory of the process      {peak:.0f} MB")
    return int(ratio > MOST_TIMES_BARE)


if __name__ == "__main__":
    raise SystemExit(main())
