"""python -m tests.chaos: a storm of events over running jobs; what it did and left is printed.

Exit code 1 unless nothing was lost, doubled, hung or orphaned. Needs no server: it makes its own.
"""

import argparse
import logging
import os
import sys
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from tests.support.arena import arena

# Few enough that they can all be taken, and enough for two clusters of six workers.
CONNECTIONS = 60
PROGRAM = ["-m", "tests.chaos.program"]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--events", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=20260)
    parser.add_argument("--clusters", type=int, default=2)
    parser.add_argument("--workers", type=int, default=4, help="of each cluster")
    parser.add_argument("--items", type=int, default=100, help="of a job, at most")
    parser.add_argument("--gap", type=float, default=0.4, help="seconds between events, mean")
    parser.add_argument("--retry", type=float, default=5, help="seconds before a second try")
    parser.add_argument("--patience", type=float, default=180, help="for the last jobs, seconds")
    parser.add_argument("--idle-kills", type=int, default=20, help="for each size of cluster")
    parser.add_argument("--slowest", action="store_true", help="tell of the slowest recoveries")
    parser.add_argument("--log", type=Path, help="where the clusters' log lines go")
    options = parser.parse_args()
    with arena(connections=CONNECTIONS) as environment:
        environment["CHAOS_RETRY"] = str(options.retry)
        good = storm_report(options, environment)
        if options.idle_kills:
            good &= idle_report(options, environment)
    print("All as promised." if good else "NOT as promised.")
    return 0 if good else 1


def storm_report(options, environment: dict) -> bool:
    from tests.chaos import asking
    from tests.chaos.closing import close
    from tests.chaos.counting import count
    from tests.chaos.server import Server
    from tests.chaos.storm import Storm
    from tests.chaos.tasks import EFFECTS_TABLE
    from tests.support.workers import Workers

    # Its own sweepers say again what those of the clusters say.
    logging.getLogger("jobs").setLevel(logging.ERROR)
    asking.rows(EFFECTS_TABLE)
    with ExitStack() as stack:
        log = stack.enter_context(Path(options.log or os.devnull).open("w"))
        clusters = [
            stack.enter_context(
                Workers(environment, workers=options.workers, log=log, program=PROGRAM)
            )
            for _ in range(options.clusters)
        ]
        # One worker of all is left idle, or there would be none to kill.
        live_jobs = options.clusters * options.workers - 1
        storm = Storm(clusters, options.seed, Server(), options.items, live_jobs=live_jobs)
        begun = time.monotonic()
        storm.run(options.events, options.gap)
        lasted = time.monotonic() - begun
        closing = close(storm, options.patience)
    found = count(storm)
    print(f"Seed {options.seed}, {options.clusters} clusters of {options.workers} workers")
    return tell(options, storm, found, closing, lasted)


def tell(options, storm, found, closing, lasted: float) -> bool:
    line("events", f"{storm.happened.total()} in {lasted:.0f} s: {named(storm.happened)}")
    line("frozen", f"{storm.zombies} were let go after others had taken their job")
    line("jobs", f"{found.jobs} in {found.attempts} attempts: {named(found.ends)}")
    line("effects", f"wanted {found.wanted}, rows {found.rows}, distinct {found.distinct}")
    for kind, recoveries in found.recoveries.items():
        timed = [each for each in recoveries if each.end == "claim"]
        others = named(Counter(each.end for each in recoveries if each.end != "claim"))
        rescued = sorted(each.rescued for each in recoveries if each.rescued is not None)
        again = [each.seconds for each in timed]
        line(f"{kind} rescued", f"{spread(rescued)}; of {len(rescued)}")
        line(f"{kind} again", f"{spread(again)}; of {len(again)}, not timed: {others or 'none'}")
        by_rescue = sorted(recoveries, key=lambda each: each.rescued or 0)
        for slow in dict.fromkeys([*by_rescue[-3:], *timed[-3:]]) if options.slowest else ():
            line("", f"job {slow.job}: {slow.story}")
    wrong = {
        "not struck": [f"{kind} {number}" for kind, number in storm.missed.items()],
        "ended wrongly": found.wrong,
        "hung": closing.hung,
        "orphaned": closing.orphans,
    }
    harm = {
        "lost": found.lost,
        "doubled": found.doubled,
        "stray": found.stray,
        "gone": found.gone,
        "early": found.early,
    }
    line("harm", ", ".join(f"{name} {number}" for name, number in harm.items()))
    for what, which in wrong.items():
        line(what, "; ".join(which) or "0")
    return not any(harm.values()) and not any(wrong.values())


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


def line(name: str, text: str) -> None:
    print(f"  {name:<15} {text}")


def named(counts) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(counts.items()))


def spread(times: list[float]) -> str:
    """Of seconds, the shortest first."""
    if not times:
        return "-"
    p99 = times[min(len(times) * 99 // 100, len(times) - 1)]
    return f"p50 {times[len(times) // 2]:.2f} s, p99 {p99:.2f} s, max {times[-1]:.2f} s"


if __name__ == "__main__":
    sys.exit(main())
