"""Database and workers for one run: those of a Synapse that runs already, else our own."""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from jobs.models import Job
from synapse.common import embedded
from synapse.common.running import Machine, Options, claim
from synapse.common.supervisor import Supervisor
from synapse.sampling.pipeline.request import PipelineStopped

POLL_SECONDS = 0.2
SHOW_SECONDS = 2.0


@contextlib.contextmanager
def engine() -> Iterator[Supervisor]:
    """What tends the workers while jobs run; stopped again at the end."""
    lock = claim()
    if lock is None:
        supervisor = Supervisor([])
        supervisor.stop_on_signals()
        yield supervisor
        return
    lock.close()
    with Machine(Options(web=False)) as machine:
        yield machine.supervisor


def database() -> str:
    return embedded.describe()


@dataclass
class Follower:
    """Waits for jobs, tells how far they are, and keeps the workers alive meanwhile."""

    supervisor: Supervisor
    say: Callable[[str], None]
    jobs: list[Job] = field(default_factory=list)

    def follow(self, job: Job) -> Job:
        """The job once it has succeeded; raises if it failed, was cancelled or we were stopped."""
        shown, told = "", time.monotonic()
        while True:
            self.supervisor.tend()
            if self.supervisor.stopping:
                raise PipelineStopped(reason="Stopped from outside before the end.")
            job.refresh_from_db()
            if job.finished_at:
                break
            text = _progress(job)
            if text != shown and time.monotonic() - told > SHOW_SECONDS:
                self.say(text)
                shown, told = text, time.monotonic()
            time.sleep(POLL_SECONDS)
        self.jobs.append(job)
        self.say(_progress(job))
        if job.status != "succeeded":
            reason = job.error_message or job.message or f"it was {job.status}"
            raise PipelineStopped(reason=f"{job.title} (job {job.pk}) did not succeed: {reason}")
        if job.failed:
            reason = job.error_message or job.message
            self.say(f"  {job.failed} of {job.total} pieces of work failed: {reason}")
        return job


def _progress(job: Job) -> str:
    total = "?" if job.total is None else job.total
    text = f"  {job.title}: {job.done} of {total}, {job.get_status_display().lower()}"
    if job.failed:
        text += f", {job.failed} failed"
    return f"{text}, {job.step}" if job.step and not job.finished_at else text
