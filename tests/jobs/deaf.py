"""Tasks that don't hear what they are told, each in its own way."""

import contextlib
import signal
import time

from jobs import JobRun, task


@task("deaf.work_on", title="Reach no item boundary")
def work_on(run: JobRun) -> None:
    while True:
        time.sleep(0.05)


@task("deaf.swallow_signals", title="Swallow whatever is raised at a boundary")
def swallow_signals(run: JobRun) -> None:
    while True:
        with contextlib.suppress(BaseException):
            run.check()
            time.sleep(0.05)


@task("deaf.sleep_in_compiled_code", title="Take no signals", timeout=1)
def sleep_in_compiled_code(run: JobRun) -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    time.sleep(600)
