"""python -m tests.benchmarks.data_import: a pipe-delimited file of HMDA width beside bare DuckDB.

All turn the same text into Parquet in the same run: bare DuckDB in one statement that reads every
field as text and casts numbers and dates, once beside their texts, as the import keeps them, and
once in their place; the import as its job does it, chunk by chunk, with hashes, counts and rejected
records besides.
"""

import argparse
import multiprocessing
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb
import numpy as np

from synapse.profiling import population as engine
from tests.profiling.population.reading import Field

CODES, AMOUNTS, COUNTS, DATES, TEXTS, EMPTY = 58, 20, 12, 2, 6, 11
MADE_AT_ONCE = 20_000
MOST_TIMES_BARE, MOST_MEMORY = 1.5, 1024


@dataclass(frozen=True)
class Run:
    """Seconds elapsed and used of processors, peak of memory in MB, and what was found."""

    seconds: float
    processor: float
    peak: float
    found: tuple = ()


def fields() -> list[Field]:
    """110 columns: an identifier, codes, numbers some of them NA, dates, texts, mostly blanks."""
    exempt = ({"code": "NA", "meaning": "not applicable"}, {"code": "Exempt", "meaning": ""})
    kinds = [
        *[dict(name=f"code {n}", data_type="integer", length=2) for n in range(CODES)],
        *[
            dict(name=f"amount {n}", data_type="decimal", scale=2, allowed_values=exempt)
            for n in range(AMOUNTS)
        ],
        *[
            dict(name=f"count {n}", data_type="integer", length=9, allowed_values=exempt)
            for n in range(COUNTS)
        ],
        *[dict(name=f"date {n}", data_type="date", format="YYYYMMDD") for n in range(DATES)],
        *[dict(name=f"text {n}") for n in range(TEXTS)],
        *[dict(name=f"other {n}") for n in range(EMPTY)],
    ]
    columns = [dict(name="loan id"), *kinds]
    return [Field(place, position=place, **column) for place, column in enumerate(columns, start=1)]


def make_file(path: Path, rows: int) -> None:
    """Values that follow from the seed alone; in a process of its own, so its memory isn't ours."""
    chance = np.random.default_rng(20240101)
    words = np.array([f"{a}{b} Street".upper() for a in "bcdfg" for b in ("ain", "oak", "elm")])
    with path.open("w", encoding="ascii", newline="") as out:
        out.write("|".join(field.name for field in fields()) + "\n")
        for start in range(0, rows, MADE_AT_ONCE):
            size = min(MADE_AT_ONCE, rows - start)
            make = partial(_column, chance=chance, size=size, words=words, start=start)
            columns = [make(field) for field in fields()]
            out.writelines("|".join(row) + "\n" for row in zip(*columns, strict=True))


def _column(
    field: Field, *, chance: np.random.Generator, size: int, words: np.ndarray, start: int
) -> list[str]:
    kind = field.name.split(" ")[0]
    if kind == "loan":
        return [f"549300SYNTHETICBANK{start + n:012d}" for n in range(size)]
    if kind == "code":
        return chance.choice(["1", "2", "3", "4", "5", "6", ""], size).tolist()
    if kind == "amount":
        told = np.char.mod("%.3f", chance.lognormal(5, 2, size))
    elif kind == "count":
        told = np.char.mod("%d", chance.integers(0, 500_000, size))
    elif kind == "date":
        return (
            (20240000 + chance.integers(1, 13, size) * 100 + chance.integers(1, 29, size))
            .astype(str)
            .tolist()
        )
    elif kind == "text":
        return np.char.add(
            np.char.mod("%d ", chance.integers(1, 9_999, size)), chance.choice(words, size)
        ).tolist()
    else:
        return np.where(chance.random(size) < 0.03, "free text", "").tolist()
    return np.where(chance.random(size) < 0.3, "NA", told).tolist()


def bare(path: Path, folder: Path, told, *, with_texts: bool) -> None:
    shown = []
    for field in fields():
        name = f'"{field.name}"'
        if with_texts or field.data_type == "string":
            shown.append(name)
        if field.data_type == "date":
            shown.append(f"try_strptime({name}, '%Y%m%d')::date AS \"{field.name}#date\"")
        elif field.data_type != "string":
            kind = "decimal(18, 0)" if field.data_type == "integer" else "decimal(38, 12)"
            # Without nullif, DuckDB casts while it parses, and stops at the first NA.
            text = name if with_texts else f"nullif({name}, 'NA')"
            shown.append(f'try_cast({text} AS {kind}) AS "{field.name}#number"')
    out = folder / "bare.parquet"
    started = time.perf_counter()
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute(
            f"COPY (SELECT {', '.join(shown)} FROM read_csv('{path}', delim = '|', quote = '', "
            f"header = true, all_varchar = true)) TO '{out}' (FORMAT parquet, COMPRESSION snappy)"
        )
    seconds = time.perf_counter() - started
    told.send(Run(seconds, processor_seconds(), peak_memory()))


def ours(path: Path, folder: Path, told) -> None:
    started = time.perf_counter()
    reading = engine.detect(path, path.name, attributes=fields())
    columns = engine.match(reading, fields()).columns
    prepared = engine.prepare(path, reading, folder)
    facts = []
    for chunk in engine.plan_chunks(prepared, reading):
        out = folder / f"{chunk.key}.parquet"
        facts.append(engine.read_chunk(prepared, reading, chunk, columns, out).facts())
    totals = engine.combine(facts, columns, reading=reading, file=path.name)
    seconds = time.perf_counter() - started
    unreadable = sum(column.unreadable for column in totals.columns)
    found = (totals.rows, unreadable, totals.content_sha256)
    told.send(Run(seconds, processor_seconds(), peak_memory(), found))


def processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak_memory() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


def alone(target, *args, **options) -> None:
    process = multiprocessing.get_context("spawn").Process(target=target, args=args, kwargs=options)
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(f"{target.__name__} ended with {process.exitcode}")


def measured(target, path: Path, folder: Path, **options) -> Run:
    """A run in a process and folder of its own."""
    here, there = multiprocessing.get_context("spawn").Pipe(duplex=False)
    with tempfile.TemporaryDirectory(dir=folder) as own:
        alone(target, path, Path(own), there, **options)
    return here.recv()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.data_import")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    runs = []
    with tempfile.TemporaryDirectory(prefix="import-") as name:
        folder = Path(name)
        path = folder / "records.txt"
        alone(make_file, path, asked.rows)
        for _ in range(asked.runs):
            mine = measured(ours, path, folder)
            same = measured(bare, path, folder, with_texts=True)
            runs.append((mine, same, measured(bare, path, folder, with_texts=False)))
        size = path.stat().st_size / 1e6
    mine, same, typed = zip(*runs, strict=True)
    found = {run.found for run in mine}
    if [(rows, unreadable) for rows, unreadable, _ in found] != [(asked.rows, 0)]:
        print(f"records, unreadable values and hashes of the runs differ: {found}")
        return 1
    print(f"{asked.rows:,} records, {len(fields())} columns, {size:,.0f} MB")
    print(f"{f'medians of {asked.runs}, {os.cpu_count()} cores':<36} elapsed  processor")
    for what, of in (
        ("import", mine),
        ("bare DuckDB, typed beside texts", same),
        ("bare DuckDB, typed in their place", typed),
    ):
        print(f"{what:<36} {_median(of, 'seconds'):>5.2f} s  {_median(of, 'processor'):>7.2f} s")
    for what, of in ("ratio, beside texts", same), ("ratio, in their place", typed):
        told = f"{_ratio(mine, of, 'seconds'):>7.2f}  {_ratio(mine, of, 'processor'):>9.2f}"
        print(f"{what:<36} {told}")
    print(f"the first ratio is to be at most {MOST_TIMES_BARE}")
    ratio = _ratio(mine, same, "seconds")
    peak = max(run.peak for run in mine)
    print(f"peak memory of the import            {peak:.0f} MB (at most {MOST_MEMORY})")
    return int(ratio > MOST_TIMES_BARE or peak > MOST_MEMORY)


def _median(runs: Sequence[Run], of: str) -> float:
    return statistics.median(getattr(run, of) for run in runs)


def _ratio(mine: Sequence[Run], theirs: Sequence[Run], of: str) -> float:
    return statistics.median(
        getattr(a, of) / getattr(b, of) for a, b in zip(mine, theirs, strict=True)
    )


if __name__ == "__main__":
    raise SystemExit(main())
