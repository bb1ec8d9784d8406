"""python -m tests.chaos: the full storm, with what it killed and what was left, printed."""

import argparse
import time

from tests.support.arena import arena


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=20260)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--freezes", type=int, default=2)
    parser.add_argument("--idle-kills", type=int, default=20, help="for each size of cluster")
    parser.add_argument("--clusters", type=int, default=2, help="of two workers each")
    options = parser.parse_args()
    with arena() as environment:
        whole = [storm_report(options, environment), idle_report(options, environment)]
    print("All as promised." if all(whole) else "NOT as promised.")
    return 0 if all(whole) else 1


def storm_report(options, environment: dict) -> bool:
    from contextlib import ExitStack

    from django.db import connection

    from tests.chaos.storm import Storm, count, rows
    from tests.chaos.tasks import EFFECTS_TABLE
    from tests.support.workers import Workers

    with connection.cursor() as cursor:
        cursor.execute(EFFECTS_TABLE)
    begun = time.monotonic()
    with ExitStack() as stack:
        clusters = [
            stack.enter_context(Workers(environment, workers=2)) for _ in range(options.clusters)
        ]
        storm = Storm(clusters, options.seed, options.kills, freezes=options.freezes).run(
            patience=300
        )
    found = count(storm)
    times = found.recoveries
    print(
        f"Seed {options.seed}, {options.clusters} clusters of 2 workers, 200-item jobs, "
        f"{time.monotonic() - begun:.0f} s"
    )
    print(
        f"  kills        {sum(storm.killed.values())}  "
        + ", ".join(f"{name} {number}" for name, number in sorted(storm.killed.items()))
    )
    print(f"  jobs         {found.jobs}, succeeded {found.succeeded}, attempts {found.attempts}")
    print(
        f"  effects      wanted {found.wanted}, rows {found.found}, distinct {found.distinct}, "
        f"lost {found.lost}, doubled {found.doubled}"
    )
    if times:
        print(
            f"  runs again   p50 {times[len(times) // 2]:.2f} s, max {times[-1]:.2f} s, "
            f"timed {len(times)} of {len(storm.struck)}"
        )
    for status, number in rows("SELECT status, count(*) FROM jobs_job GROUP BY status"):
        print(f"  {status:<12} {number}")
    return found.lost == found.doubled == 0 and found.jobs == found.succeeded


def idle_report(options, environment: dict) -> bool:
    from tests.chaos.idle import kill_idle_workers
    from tests.support.workers import Workers

    good = True
    for size in (1, 2):
        with Workers(environment, workers=size) as cluster:
            waits = kill_idle_workers(cluster, options.idle_kills)
        print(
            f"Idle worker of {size} killed {len(waits)} times: next job starts after "
            f"p50 {waits[len(waits) // 2] * 1000:.0f} ms, max {waits[-1] * 1000:.0f} ms"
        )
        good &= waits[-1] < 5
    return good


if __name__ == "__main__":
    raise SystemExit(main())
