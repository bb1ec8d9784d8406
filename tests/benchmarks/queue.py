"""Pickup of one job, throughput of many, and what an idle engine costs: ours beside its peers.

python -m tests.benchmarks.queue [--engines shipped-1,tracked] [--many 2000] [--most 0]
"""

import argparse
import contextlib
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext

import psutil

from synapse.common import embedded
from tests.benchmarks import engines
from tests.benchmarks.engines import Engine
from tests.benchmarks.measuring import Scale
from tests.benchmarks.peers import setting_up
from tests.benchmarks.peers.setting_up import NotInstallable
from tests.support.arena import arena

ENGINES: dict[str, Callable[[], AbstractContextManager[Engine]]] = {
    "shipped-1": lambda: nullcontext(engines.shipped(1)),
    "shipped-20": lambda: nullcontext(engines.shipped(20)),
    "untracked": lambda: nullcontext(engines.untracked()),
    "tracked": lambda: nullcontext(engines.tracked()),
    "procrastinate": setting_up.procrastinate,
    "celery": setting_up.celery,
}
MEGABYTE = 1024 * 1024
NAME, CELL = 30, 18


def run(environment: dict, names: list[str], scale: Scale) -> None:
    """Measure each in turn; a row is printed when it is there."""
    print("\nNo-op jobs, 2 workers, durable commits where there are any; jobs a second,")
    print("their ratio to the first row; memory: PSS of all its processes, shared by its workers\n")
    sizes = [f"{size:,} queued" for size in (scale.few, scale.many, scale.most) if size]
    heads = ["pickup p50 / p99 ms", *sizes, "idle queries/s", "MB a worker"]
    print(f"{'':<{NAME}}" + "".join(f"{head:>{max(CELL, len(head) + 2)}}" for head in heads))
    base: dict[str, float] = {}
    for name in names:
        try:
            with ENGINES[name]() as engine:
                label, found = engine.name, measured(engine, environment, scale)
        except NotInstallable as error:
            print(f"{name:<{NAME}}  not installable: {error}", flush=True)
            continue
        base = base or found
        print(f"{label:<{NAME}}" + cells(found, base, scale, heads), flush=True)


def cells(found: dict, base: dict, scale: Scale, heads: list[str]) -> str:
    shown = [f"{found['p50']:.1f} / {found['p99']:.1f}" if "p50" in found else "-"]
    for key in ("few", "many", "most"):
        if getattr(scale, key):
            ratio = f" ({found[key] / base[key]:.2f}x)" if key in found and key in base else ""
            shown.append(f"{found[key]:,.0f}{ratio}" if key in found else "-")
    shown += [f"{found['idle']:.2f}", f"{found['memory']:.0f}"]
    return "".join(
        f"{text:>{max(CELL, len(head) + 2)}}" for text, head in zip(shown, heads, strict=True)
    )


def measured(engine: Engine, environment: dict, scale: Scale) -> dict[str, float]:
    with running(engine, environment) as processes:
        found = engine.measure(scale)
        return found | {"memory": megabytes(processes) / engine.workers}


@contextlib.contextmanager
def running(engine: Engine, environment: dict) -> Iterator[list[psutil.Process]]:
    """The engine's programs; whatever they leave behind is ended with them."""
    started = [
        psutil.Popen(
            command,
            cwd=embedded.BASE_DIR,
            env=environment | {"SYNAPSE_PROCESS": "worker"} | engine.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for command in engine.commands
    ]
    try:
        yield started
    finally:
        tree = family(started)
        for process in started:
            process.terminate()
        _, late = psutil.wait_procs(tree, timeout=30)
        for process in late:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(late, timeout=10)


def family(processes: list[psutil.Process]) -> list[psutil.Process]:
    found = []
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            found += [process, *process.children(recursive=True)]
    return found


def megabytes(processes: list[psutil.Process]) -> float:
    return sum(each.memory_full_info().pss for each in family(processes)) / MEGABYTE


def options() -> argparse.Namespace:
    default = Scale()
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.queue")
    parser.add_argument("--engines", default=",".join(ENGINES), help="of %(default)s")
    parser.add_argument("--pickups", type=int, default=default.pickups)
    parser.add_argument("--few", type=int, default=default.few)
    parser.add_argument("--many", type=int, default=default.many)
    parser.add_argument("--most", type=int, default=default.most, help="0: not measured")
    parser.add_argument("--idle", type=float, default=default.idle, help="seconds")
    chosen = parser.parse_args()
    chosen.engines = chosen.engines.split(",")
    if unknown := {*chosen.engines} - {*ENGINES}:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    if not 1 <= chosen.few <= chosen.many or chosen.most > engines.Queue.longest:
        parser.error("sizes grow from --few over --many to --most")
    return chosen


if __name__ == "__main__":
    wanted = options()
    with arena(durable=True) as child_environment:
        run(
            child_environment,
            wanted.engines,
            Scale(
                pickups=wanted.pickups,
                few=wanted.few,
                many=wanted.many,
                most=wanted.most,
                idle=wanted.idle,
            ),
        )
