"""python -m tests.chaos.provider_down: the model's process is killed under jobs, and comes back.

Twelve scopes are being judged when it goes. Printed: what the jobs do meanwhile, which calls were
made, and whether any attempt was lost or any answer paid for twice. Exit code 1 if so.
"""

import argparse
import os
import subprocess
import sys
import time
from collections import Counter

from tests.benchmarks.bench import benchmark_machine

os.environ["DJANGO_SETTINGS_MODULE"] = "synapse.settings.test"
os.environ.update({"WORKERS_DEFAULT": "0", "WORKERS_BATCH": "0"})
EVERY = 15  # seconds between two looks
UNREACHED = ("unreachable", "failed", "timeout")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.provider_down")
    parser.add_argument("--jobs", type=int, default=12)
    parser.add_argument("--attributes", type=int, default=60, help="of each job")
    parser.add_argument("--down", type=float, default=90, help="seconds the model is gone")
    options = parser.parse_args()
    model = Model(latency=2)
    with benchmark_machine(latency=2, model="configured", **model.environment):
        model.start()
        try:
            scopes = [scope_of(options.attributes, number) for number in range(options.jobs)]
            jobs = [started(scope) for scope in scopes]
            time.sleep(5)
            model.kill()
            look(jobs, "the model is killed")
            gone = time.monotonic()
            while (left := options.down - (time.monotonic() - gone)) > 0:
                time.sleep(min(EVERY, left))
                look(jobs, f"{time.monotonic() - gone:.0f} s without it")
            model.start()
            back = time.monotonic()
            while unfinished(jobs) and time.monotonic() - back < 300:
                time.sleep(0.2)
            look(jobs, f"{time.monotonic() - back:.0f} s after it came back")
            return 0 if tell(jobs) else 1
        finally:
            model.kill()


class Model:
    """A simulator of our own on one port, to be killed and started again."""

    def __init__(self, latency: float) -> None:
        from synapse.common.running import free_port

        self.latency, self.port, self.process = latency, free_port(), None
        self.environment = {
            "LLM_BASE_URL": f"http://127.0.0.1:{self.port}/v1",
            "LLM_API_KEY": "simulated",
            "LLM_MODEL": "simulated",
            "LLM_SIMULATED": "1",
        }

    def start(self) -> None:
        command = ["manage.py", "simulator", "--port", str(self.port), "--with-parent"]
        self.process = subprocess.Popen(
            [sys.executable, *command, "--latency", str(self.latency)],
            stdout=subprocess.PIPE,
            text=True,
        )
        self.process.stdout.readline()

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()
        self.process = None


def scope_of(count: int, number: int):
    from tests.factories.scoping import make_scope

    key = {"name": "Reference", "is_key": True, "key_order": 1}
    return make_scope(rows=[key, *({"name": f"Amount {number} {each}"} for each in range(count))])


def started(scope):
    from synapse.scoping.states import JudgedBy
    from synapse.scoping.tasks import start_recommendation

    return start_recommendation(
        scope=scope, actor=scope.cycle_report.tester, everything=True, by=JudgedBy.MODEL
    )


def unfinished(jobs) -> bool:
    from jobs.models import Job

    return Job.objects.filter(pk__in=[job.pk for job in jobs], finished_at=None).exists()


def look(jobs, when: str) -> None:
    from jobs.models import Job
    from llm.models import Circuit, LLMCall

    states = Counter(Job.objects.filter(pk__in=[job.pk for job in jobs]).values_list("status"))
    said = ", ".join(f"{count} {status}" for (status,), count in sorted(states.items()))
    calls = Counter(LLMCall.objects.values_list("outcome", flat=True))
    circuit = Circuit.objects.first()
    print(
        f"{when}: jobs {said}; calls {dict(calls)}; circuit "
        f"{'open' if circuit and circuit.open_until else 'closed'}",
        flush=True,
    )


def tell(jobs) -> bool:
    """Prints what was lost or doubled; True if nothing was."""
    from jobs.models import Job
    from llm.models import LLMCall

    rows = Job.objects.filter(pk__in=[job.pk for job in jobs])
    failed = LLMCall.objects.filter(outcome__in=UNREACHED).order_by("started_at")
    begun = [call.started_at for call in failed]
    paid = Counter(LLMCall.objects.filter(outcome="ok").values_list("job_id", "item_key"))
    ended = Counter(rows.values_list("status", flat=True))
    attempts = Counter(rows.values_list("attempt", flat=True))
    print(f"jobs {dict(ended)}, at attempt {dict(attempts)}")
    print(f"calls not answered at, seconds from the first: {apart(begun)}")
    print(f"answers paid {paid.total()}, for {len(paid)} items: {paid.total() - len(paid)} twice")
    whole = ended == {"succeeded": len(jobs)} and attempts == {1: len(jobs)}
    return whole and paid.total() == len(paid)


def apart(moments: list) -> str:
    return ", ".join(f"{(each - moments[0]).total_seconds():.1f}" for each in moments)


if __name__ == "__main__":
    raise SystemExit(main())
