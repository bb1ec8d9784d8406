"""python -m tests.benchmarks [NAME ...]: each benchmark in a process and database of its own."""

import argparse
import subprocess
import sys

BENCHMARKS = {
    "queue": "pickup, throughput and idle cost beside Django-Q2 as shipped and other engines",
    "open_calls": "connections and memory while 200 model calls are open",
    "packing": "200 attributes judged in batches by slow calls, over the ideal",
    "sockets": "a thousand sockets on one web process: commit to receipt, memory",
    "data_import": "a million records of HMDA width into Parquet beside bare DuckDB",
    "data_rules": "220 rules over a million records beside bare DuckDB",
    "data_sampling": "500 of a million records beside a bare DuckDB scan",
    "earlier": "the earlier system's fault: a model call inside request and transaction",
}


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="\n".join(f"{name:<14} {what}" for name, what in BENCHMARKS.items()),
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="default: all")
    names = parser.parse_args().names or [*BENCHMARKS]
    if unknown := {*names} - {*BENCHMARKS}:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    failed = 0
    for name in names:
        print(f"== {name}: {BENCHMARKS[name]}", flush=True)
        failed |= subprocess.call([sys.executable, "-m", f"tests.benchmarks.{name}"])
    return failed


if __name__ == "__main__":
    raise SystemExit(main())
