"""The same slow model calls inside requests, then by a job: what pages and the database feel.

python -m tests.benchmarks.earlier [--calls 40] [--seconds 30]
"""

import argparse
import os
import threading

from tests.benchmarks.bench import benchmark_machine, percentiles

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.earlier.settings"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--calls", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=30, help="a model call takes so long")
    options = parser.parse_args()
    with benchmark_machine(latency=options.seconds) as machine:
        from tests.benchmarks import load

        visitor = load.Visitor(machine.address)
        rows = [load.measure("no calls", visitor, lambda: None, 10)]
        rows.append(load.measure("in the request", visitor, calls(machine, options.calls), 10))
        visitor.wait_until_quiet(options.seconds + 40)
        rows.append(load.measure("by our job", visitor, job(options.calls), 10))
    print(f"\n{options.calls} model calls of {options.seconds:.0f} s while 4 people load /jobs/:")
    print(
        f"{'':16}{'pages':>7}{'failed':>8}{'p50 ms':>9}{'p95 ms':>9}{'x':>7}"
        f"{'connections':>13}{'idle in tx':>12}"
    )
    base = None
    for row in rows:
        p50, p95 = percentiles(row.milliseconds, 50, 95)
        base = base or p95
        print(
            f"{row.name:16}{len(row.milliseconds):>7}{row.failed:>8}{p50:>9.0f}{p95:>9.0f}"
            f"{p95 / base:>7.1f}{max(row.connections):>13}{max(row.idle_in_transaction):>12}"
        )


def calls(machine, count: int):
    """Starts `count` requests that call the model themselves; does not wait for them."""
    import httpx

    def request() -> None:
        try:
            httpx.get(machine.address + "/earlier/", timeout=120)
        except httpx.HTTPError as error:
            print(f"  a request that calls the model failed: {type(error).__name__}")

    def start() -> None:
        for _ in range(count):
            threading.Thread(target=request, daemon=True).start()

    return start


def job(count: int):
    def start() -> None:
        from django.contrib.auth import get_user_model

        from jobs import enqueue
        from tests.benchmarks.earlier.tasks import ask

        owner = get_user_model().objects.get(username="visitor")
        enqueue(ask, subject=owner, owner=owner, calls=count, concurrency=count)

    return start


if __name__ == "__main__":
    main()
