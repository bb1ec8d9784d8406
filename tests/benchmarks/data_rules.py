"""python -m tests.benchmarks.data_rules: 220 rules over 110 columns beside bare DuckDB.

Both see the same Parquet parts in the same run: bare DuckDB counts what breaks the same
predicates, written by hand, in one query over all parts; the rule book does it part by part, counts
what passes, fails, does not apply and can't be read, and writes a file of failures for each part.
Also the rules over the whole file, and the measures of all columns beside the same ones by hand.
"""

import argparse
import contextlib
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb

from synapse.profiling.rulebook import Rule, add_up, evaluate_part, evaluate_whole, measure

PART = 100_000
# About as many records as the importing engine writes at once at this width.
ROW_GROUP = 12_288
CODES, NUMBERS, DATES, TEXTS = 40, 40, 10, 20
# At most: times bare DuckDB for the rules and for the measures; MB.
MOST_TIMES_BARE, MEASURES, MOST_MEMORY = 1.5, 2.0, 1_000
MEASURED_TOGETHER = 20


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
        with quiet() as connection:
            connection.sql(query).write_parquet(str(part), row_group_size=ROW_GROUP)
        parts.append(part)
    return parts


@contextlib.contextmanager
def quiet() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        yield connection


def bare(parts: list[Path], told: list[tuple[Rule, str]]) -> tuple[float, list[int]]:
    shown = ", ".join(f"count(*) FILTER (WHERE {broken})" for _, broken in told)
    started = time.perf_counter()
    with quiet() as connection:
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


def bare_measures(parts: list[Path], some: list[Column]) -> float:
    """Count, blanks, distinct, extremes, quantiles and the top ten of each column, by hand."""
    started = time.perf_counter()
    with quiet() as connection:
        connection.read_parquet([str(part) for part in parts]).create_view("records")
        for column in some:
            name, typed = f'"{column.name}"', f'"{column.number or column.date or column.name}"'
            shown = f"count(*), count({name}), count(DISTINCT {name}), min({typed}), max({typed})"
            if column.number or column.date:
                shown += f", quantile_disc({typed}, [.01, .05, .25, .5, .75, .95, .99])"
            connection.sql(f"SELECT {shown} FROM records").fetchall()
            top = f"SELECT {name}, count(*) FROM records GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10"
            connection.sql(top).fetchall()
    return time.perf_counter() - started


def our_measures(parts: list[Path], some: list[Column]) -> float:
    started = time.perf_counter()
    for first in range(0, len(some), MEASURED_TOGETHER):
        names = [column.name for column in some[first : first + MEASURED_TOGETHER]]
        measure(parts, columns(), only=names)
    return time.perf_counter() - started


def over_the_file(parts: list[Path], folder: Path) -> float:
    rules = [
        Rule.from_dict({"rule_id": kind, "kind": kind, "attributes": [name]})
        for kind, name in (("unique", "key"), ("constant", "code 1"))
    ]
    started = time.perf_counter()
    evaluate_whole(parts, columns(), rules, ["key"], folder / "whole.parquet")
    return time.perf_counter() - started


def peak() -> float:
    """The most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.data_rules")
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    told = rules()
    with tempfile.TemporaryDirectory(prefix="rules-") as name:
        folder = Path(name)
        # Elsewhere, so that the memory counted here is the rule book's own.
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            parts = pool.submit(make_parts, folder, rows).result()
        ours(parts, told, folder)
        rules_peak = peak()
        whole_seconds, measured = over_the_file(parts, folder), our_measures(parts, columns())
        all_peak = peak()
        bare_measured = bare_measures(parts, columns())
        times, busy = [], []
        for _ in range(3):
            begun = time.process_time()
            ours_seconds, failed = ours(parts, told, folder)
            between = time.process_time()
            bare_seconds, expected = bare(parts, told)
            busy.append((between - begun) / (time.process_time() - between))
            if failed != expected:
                print("the counts differ")
                return 1
            times.append((ours_seconds / bare_seconds, ours_seconds, bare_seconds))
        ratio, ours_seconds, bare_seconds = sorted(times)[1]
    print(f"{len(told)} rules, {len(columns())} columns, {rows:,} records, {len(parts)} parts")
    print(f"failures found by both          {sum(failed):,}")
    print(f"rule book, with failure files   {ours_seconds:.2f} s")
    print(f"bare DuckDB, counts only        {bare_seconds:.2f} s")
    print(f"ratio (median of 3)             {ratio:.2f} (at most {MOST_TIMES_BARE})")
    print(f"ratio of processor time         {sorted(busy)[1]:.2f}")
    print(f"peak memory of the rule book    {rules_peak:.0f} MB (at most {MOST_MEMORY:,})")
    print(f"unique and constant, whole file {whole_seconds:.2f} s")
    print(f"measures of all columns         {measured:.2f} s")
    print(f"bare DuckDB, the same measures  {bare_measured:.2f} s")
    print(f"ratio                           {measured / bare_measured:.2f} (at most {MEASURES})")
    print(f"peak memory with all of these   {all_peak:.0f} MB (at most {MOST_MEMORY:,})")
    return int(
        ratio > MOST_TIMES_BARE or measured / bare_measured > MEASURES or all_peak > MOST_MEMORY
    )


if __name__ == "__main__":
    raise SystemExit(main())
