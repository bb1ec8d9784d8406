"""A scope of 200 attributes judged by slow calls, ten at a time: its wall time over the ideal.

python -m tests.benchmarks.packing [--attributes 200] [--seconds 2]

The ideal is what the calls alone take when as many are open as a job may have.
"""

import argparse
import math
import os
import time

from tests.benchmarks.bench import benchmark_machine
from tests.benchmarks.open_calls import told

os.environ["DJANGO_SETTINGS_MODULE"] = "synapse.settings.test"
os.environ.update({"WORKERS_DEFAULT": "0", "WORKERS_BATCH": "0"})
RUNS = 3


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--attributes", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=2, help="a call takes so long")
    options = parser.parse_args()
    with benchmark_machine(latency=options.seconds) as machine:
        from synapse.scoping.services.recommendation import MOST_AT_ONCE
        from synapse.scoping.tasks import CONCURRENCY

        calls = math.ceil(options.attributes / MOST_AT_ONCE)
        ideal = math.ceil(calls / CONCURRENCY) * options.seconds
        scope = scope_of(options.attributes)
        print(
            f"{options.attributes} attributes, {MOST_AT_ONCE} a call of {options.seconds:g} s, "
            f"{CONCURRENCY} calls at once: {calls} calls, ideal {ideal:g} s"
        )
        served = 0
        for run in range(1, RUNS + 1):
            job, waited = recommend(scope)
            ran = (job.finished_at - job.started_at).total_seconds()
            stats = told(machine)
            print(
                f"{run:>3}: {job.status}, {stats['served'] - served} calls, peak {stats['peak']}: "
                f"run {ran:.2f} s ({ran / ideal:.3f} x), from the click {waited:.2f} s "
                f"({waited / ideal:.3f} x)"
            )
            served = stats["served"]


def scope_of(count: int):
    """A draft over a plan with a key and `count` attributes to judge."""
    from tests.factories.scoping import make_scope

    key = {"name": "Reference", "is_key": True, "key_order": 1}
    return make_scope(rows=[key, *({"name": f"Amount {number}"} for number in range(count))])


def recommend(scope):
    """The ended job, and the seconds from its start by the tester to its end."""
    from jobs.models import Job
    from synapse.scoping.states import JudgedBy
    from synapse.scoping.tasks import start_recommendation

    start = time.perf_counter()
    job = start_recommendation(
        scope=scope, actor=scope.cycle_report.tester, everything=True, by=JudgedBy.MODEL
    )
    while not Job.objects.filter(pk=job.pk, finished_at__isnull=False).exists():
        time.sleep(0.02)
    waited = time.perf_counter() - start
    return Job.objects.get(pk=job.pk), waited


if __name__ == "__main__":
    main()
