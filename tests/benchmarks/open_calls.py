"""Connections and memory of the llm cluster while N model calls are open.

python -m tests.benchmarks.open_calls [--calls 200] [--samples 10]
"""

import argparse
import json
import os
import time
import urllib.request

import psutil

from tests.benchmarks.bench import benchmark_machine

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.earlier.settings"
os.environ.update({"WORKERS_DEFAULT": "0", "WORKERS_BATCH": "0"})


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--samples", type=int, default=10)
    options = parser.parse_args()
    with benchmark_machine(latency=options.samples + 6) as machine:
        from tests.benchmarks import load
        from tests.benchmarks.earlier.__main__ import job

        load.Visitor(machine.address)
        time.sleep(3)
        before = load.activity("synapse-worker%")["all"]
        print(f"before: {before} connections of the llm cluster, its workers {memory()}")
        job(options.calls)()
        while told(machine)["in_flight"] < options.calls:
            time.sleep(0.1)
        for sample in range(options.samples):
            now = load.activity("synapse-worker%")
            print(
                f"{sample + 1:>3}: {told(machine)['in_flight']} calls open, "
                f"{now['all']} connections, {now['idle in transaction']} idle in transaction, "
                f"workers {memory()}"
            )
            time.sleep(1)


def told(machine) -> dict:
    """The simulator's own counts."""
    address = machine.model_address.removesuffix("/v1")
    with urllib.request.urlopen(address + "/_stats", timeout=5) as answer:  # noqa: S310
        return json.load(answer)


def memory() -> str:
    """Resident memory of the workers now, the busiest first."""
    from jobs.models import Worker

    pids = Worker.objects.filter(stopped_at__isnull=True).values_list("pid", flat=True)
    each = sorted((psutil.Process(pid).memory_info().rss >> 20 for pid in pids), reverse=True)
    return " + ".join(map(str, each)) + " MB"


if __name__ == "__main__":
    main()
