"""Jobs that hold a worker, or leave it, in ways the chaos jobs don't."""

import time
from datetime import timedelta

from django.utils import timezone

from jobs import JobRun, task


class Stumble(Exception):
    code = "stumble"
    message = "Stumbled."
    retryable = True


class Busy(Exception):
    """What is asked says when to come back, by the clock of this machine."""

    code = "busy"
    message = "Come back in half a minute."
    retryable = True

    def __init__(self):
        self.retry_at = timezone.now() + timedelta(seconds=30)


@task("cluster.stubborn", title="Reach no item boundary", timeout=600)
def stubborn(run: JobRun, *, seconds: float) -> None:
    """One piece of work that can't be given back half done."""
    time.sleep(seconds)


@task("cluster.stumble", title="Fail in a way that may pass")
def stumble(run: JobRun) -> None:
    raise Stumble


@task("cluster.busy", title="Be asked for patience")
def busy(run: JobRun) -> None:
    raise Busy
