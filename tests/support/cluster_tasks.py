"""Jobs that hold a worker in ways the chaos jobs don't."""

import time

from jobs import JobRun, task


@task("cluster.stubborn", title="Reach no item boundary", timeout=600)
def stubborn(run: JobRun, *, seconds: float) -> None:
    """One piece of work that can't be given back half done."""
    time.sleep(seconds)
