"""python -m tests.benchmarks.data_sampling: 500 records of 1 M x 110 beside a bare DuckDB scan.

The bare scan reads the same columns of the same Parquet parts once (filled, least and greatest
value of each); the selection finds thresholds, pools every part and chooses.
"""

import argparse
import multiprocessing
import resource
import tempfile
import time
from pathlib import Path

import duckdb

from synapse.sampling.selection import (
    Context,
    Options,
    PoolCount,
    RunRule,
    ScopedAttribute,
    choose,
    pool_part,
    survey,
)
from tests.benchmarks.data_rules import columns, make_parts

SIZE = 500
RULES = 20


def context() -> Context:
    attributes = tuple(
        ScopedAttribute(
            column=each.name,
            label=each.name,
            risk=20 + at % 60,
            data_type=each.data_type,
            number=each.number,
            date=each.date,
            codes=("1", "2", "3", "4", "5") if each.name.startswith("code") else (),
            is_key=each.name == "key",
        )
        for at, each in enumerate(columns())
    )
    rules = tuple(
        RunRule(f"R{n}", "compare", "high", (f"number {n}", f"date {n % 10}")) for n in range(RULES)
    )
    return Context("benchmark", attributes, ("key",), rules)


def make_failures(folder: Path, rows: int) -> list[Path]:
    path = folder / "failures.parquet"
    duckdb.sql(
        f"SELECT i AS record_no, '' AS key, 'R' || (i // 97 % {RULES}) AS rule_id, "
        f"'' AS attribute, '' AS value FROM range(1, {rows + 1}) AS t(i) WHERE i % 97 = 0"
    ).write_parquet(str(path))
    return [path]


def make(folder: Path, rows: int) -> None:
    duckdb.execute("SET enable_progress_bar = false")
    make_parts(folder, rows)
    make_failures(folder, rows)


def bare(parts: list[Path]) -> float:
    shown = []
    for each in columns():
        value = f'"{each.number or each.date or each.name}"'
        shown += [f'count("{each.name}")', f"min({value})", f"max({value})"]
    started = time.perf_counter()
    with duckdb.connect() as connection:
        connection.read_parquet([str(part) for part in parts]).create_view("records")
        connection.sql(f"SELECT {', '.join(shown)} FROM records").fetchall()
    return time.perf_counter() - started


def ours(parts: list[Path], failures: list[Path], folder: Path) -> dict[str, float | int]:
    asked, options = context(), Options(SIZE, seed=1)
    started = time.perf_counter()
    found = survey(parts, asked)
    surveyed = time.perf_counter()
    pools, counts = [], []
    for part in parts:
        pools.append(folder / f"pool-{part.name}")
        counts.append(pool_part(part, asked, options, found, failures, pools[-1]))
    pooled = time.perf_counter()
    selection = choose(pools, asked, options, found, counts)
    total = sum(counts, PoolCount())
    return {
        "thresholds": surveyed - started,
        "pools": pooled - surveyed,
        "choice": time.perf_counter() - pooled,
        "seconds": time.perf_counter() - started,
        "found": len(selection.samples),
        "checks": len(found.checks),
        "kept": total.kept,
        "clean": total.clean,
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.data_sampling")
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory(prefix="sampling-") as name:
        folder = Path(name)
        # In a process of its own, so that its memory is not counted as ours.
        maker = multiprocessing.get_context("spawn").Process(target=make, args=(folder, rows))
        maker.start()
        maker.join()
        parts = sorted(folder.glob("part-*.parquet"))
        failures = [folder / "failures.parquet"]
        mine = ours(parts, failures, folder)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        scan = bare(parts)
    print(f"{rows:,} records, {len(columns())} columns, {len(parts)} parts")
    print(f"sample                  {mine['found']} of {SIZE}")
    print(
        f"kept of {mine['checks']} checks      {mine['kept']:,} records ({mine['clean']:,} clean)"
    )
    for step in ("thresholds", "pools", "choice"):
        print(f"{step:<12}            {mine[step]:.2f} s")
    print(f"selection               {mine['seconds']:.2f} s")
    print(f"bare DuckDB scan        {scan:.2f} s")
    print(f"ratio                   {mine['seconds'] / scan:.2f}")
    print(f"peak memory             {peak:.0f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
