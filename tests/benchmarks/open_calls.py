"""Connections of the llm cluster while N model calls are open, and how many idle in transactions.

python -m tests.benchmarks.open_calls [--calls 16] [--samples 10]
"""

import argparse
import json
import os
import time
import urllib.request

from tests.benchmarks.bench import benchmark_machine

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.earlier.settings"
os.environ.update({"WORKERS_DEFAULT": "0", "WORKERS_BATCH": "0"})


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--calls", type=int, default=16)
    parser.add_argument("--samples", type=int, default=10)
    options = parser.parse_args()
    with benchmark_machine(latency=options.samples + 6) as machine:
        from tests.benchmarks import load
        from tests.benchmarks.earlier.__main__ import job

        load.Visitor(machine.address)
        time.sleep(3)
        before = load.activity("synapse-worker%")["all"]
        print(f"connections of the llm cluster before: {before}")
        job(options.calls)()
        while in_flight(machine) < options.calls:
            time.sleep(0.1)
        for sample in range(options.samples):
            now = load.activity("synapse-worker%")
            print(
                f"{sample + 1:>3}: {in_flight(machine)} calls open, {now['all']} connections, "
                f"{now['idle in transaction']} idle in transaction"
            )
            time.sleep(1)


def in_flight(machine) -> int:
    address = machine.model_address.removesuffix("/v1")
    with urllib.request.urlopen(address + "/_stats", timeout=5) as answer:  # noqa: S310
        return json.load(answer)["in_flight"]


if __name__ == "__main__":
    main()
