"""A whole machine of our own for a benchmark, on a temporary database with fsync on."""

import contextlib
import os
import shutil
import statistics
import tempfile


@contextlib.contextmanager
def benchmark_machine(*, latency: float, model: str = "simulated", **environment: str):
    """Web, workers and simulator; yields the options they run with (`.address`).

    With the model "configured" there is no simulator: the environment says who is asked.

    Django is set up inside, on the machine's database. Set DJANGO_SETTINGS_MODULE before.
    """
    os.environ["SYNAPSE_STATE"] = tempfile.mkdtemp(prefix="syn-")
    os.environ["LOG_LEVEL"] = "ERROR"
    os.environ["LLM_TIMEOUT"] = str(latency + 60)
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from synapse.common.running import Machine, Options, free_port

    options = Options(port=free_port(), model=model, latency=latency, environment=environment)
    try:
        with Machine(options):
            yield options
    finally:
        shutil.rmtree(os.environ["SYNAPSE_STATE"], ignore_errors=True)


def percentiles(values: list[float], *which: int) -> list[float]:
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return [cuts[each - 1] for each in which]
