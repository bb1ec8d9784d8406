"""Pickup of one job and throughput of many: ours beside Django-Q2 as shipped."""

import time

from tests.benchmarks import engines
from tests.benchmarks.engines import Engine, sql
from tests.support.arena import arena

PICKUPS = 200
FEW, MANY = 1_000, 100_000
WARM_SECONDS, WINDOW_SECONDS = 2.0, 8.0
TABLES = "django_q_ormq, jobs_jobevent, jobs_jobitem, jobs_job"


def run(environment: dict) -> None:
    sql("CREATE TABLE IF NOT EXISTS benchmark_start (at float8)")
    measured = [engines.shipped(1), engines.shipped(20)]
    measured += [engines.UNTRACKED_ENGINE, engines.TRACKED_ENGINE]
    results = [(engine, measure(engine, environment)) for engine in measured]
    base = results[0][1]
    print("\nNo-op jobs, 2 workers, durable commits; ratios to as shipped, bulk 1")
    print(f"{'':<30}{'pickup p50 / p99 ms':>24}{f'jobs/s of {FEW:,}':>22}{f'at {MANY:,}':>22}")
    for engine, found in results:
        pickup = "" if found["p50"] is None else f"{found['p50']:.1f} / {found['p99']:.1f}"
        rates = "".join(
            f"{f'{found[key]:,.0f} ({found[key] / base[key]:.2f}x)':>22}" for key in ("few", "many")
        )
        print(f"{engine.name:<30}{pickup:>24}{rates}")


def measure(engine: Engine, environment: dict) -> dict:
    sql(f"TRUNCATE {TABLES}")
    with engine.running(environment):
        p50 = p99 = None
        if engine.enqueue_stamp:
            times = []
            for _ in range(PICKUPS):
                times.append(engine.pickup() * 1000)
                time.sleep(0.02)
            times.sort()
            p50, p99 = times[PICKUPS // 2], times[PICKUPS * 99 // 100]
        few = drain_all(engine, FEW)
        many = drain_rate(engine, MANY)
    sql(f"TRUNCATE {TABLES}")
    return {"p50": p50, "p99": p99, "few": few, "many": many}


def drain_all(engine: Engine, count: int) -> float:
    """Jobs a second until the last of them is done."""
    engine.fill(count)
    begun = time.monotonic()
    while engine.left():
        time.sleep(0.005)
    return count / (time.monotonic() - begun)


def drain_rate(engine: Engine, count: int) -> float:
    """Jobs a second over a window in which the queue stays about as long as it was filled."""
    engine.fill(count)
    sql("ANALYZE django_q_ormq, jobs_job")
    time.sleep(WARM_SECONDS)
    before, begun = engine.left(), time.monotonic()
    time.sleep(WINDOW_SECONDS)
    done, took = before - engine.left(), time.monotonic() - begun
    return done / took


if __name__ == "__main__":
    with arena(durable=True) as child_environment:
        run(child_environment)
