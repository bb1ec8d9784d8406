"""The whole life of one delivery: claim the job, run its task, record how it ended."""

import logging
import os
import time
from dataclasses import replace

from django.db import InterfaceError, OperationalError
from django_q.exceptions import TimeoutException

from jobs import conf, endings, registry
from jobs.claim import abort, claim, suspend
from jobs.endings import Ending
from jobs.errors import (
    CancelSeen,
    LeaseLost,
    PauseSeen,
    RunEnded,
    StopSeen,
    SubjectGone,
    TimedOut,
)
from jobs.judging import judge
from jobs.models import Job, Worker
from jobs.moves import try_move
from jobs.pauses import drop_connections
from jobs.queue import settle_stray
from jobs.run import JobRun
from jobs.warden import Warden, alarm

logger = logging.getLogger(__name__)

# Moves that give way to a pause, and how many attempts the job then gets back.
GIVEN_BACK = {"suspend": 1, "release": 1, "hold": 1, "sit_out": 1, "back_off": 0}

_stopping = False
_current: JobRun | None = None
_warden_of = 0  # the process whose warden was started


def run_job(job_id: int, worker: Worker | None = None) -> str:
    """Run the job if it is there to be run; safe to call any number of times for one job.

    Returns its new status, or "skipped" (not to be run now), "stopping" (this process takes no
    more), "lost" (somebody else holds it by now). Task errors never come out of it. If an outcome
    can't be recorded for `RECORD_PATIENCE` seconds it raises SystemExit: the process must go, so
    that its lease ends and another worker takes the job.
    """
    global _current
    if _stopping:
        return "stopping"
    if worker is not None:
        _start_warden()
    job = claim(job_id, worker)
    if job is None:
        settle_stray(job_id)
        return "skipped"
    run = JobRun(job, stopping=is_stopping)
    _current = run
    try:
        ending = _perform(run)
    finally:
        _current = None
    return _record(job, ending) if ending else "lost"


def request_stop() -> None:
    """Give the running job back at its next item boundary, and take no other; signal-safe."""
    global _stopping
    _stopping = True
    run = _current
    if run is not None:
        run.wake()


def resume() -> None:
    """Take jobs again after `request_stop`; for processes that go on, such as tests."""
    global _stopping
    _stopping = False


def is_stopping() -> bool:
    return _stopping


def _start_warden() -> None:
    global _warden_of
    if _warden_of != os.getpid():  # a fork has no threads but the one that forked
        _warden_of = os.getpid()
        Warden(lambda: _current, _record_unheeded).start()


def _perform(run: JobRun) -> Ending | None:
    """Run the task; whatever it does, this returns how the run ended. None: the lease was lost."""
    job = run.job
    try:
        with alarm(run):
            _require_subject(job)
            task = registry.get(job.task)
            result = task(run, **job.arguments)
            if run.ended is None:
                return endings.of_return(run, task, result)
            raise run.ended  # the task swallowed it
    except BaseException as error:  # noqa: BLE001  a panic of compiled code is no Exception
        return _broken_off(run, run.ended or error)


def _broken_off(run: JobRun, error: BaseException) -> Ending | None:
    """How a run ends by what was raised in it; a task's error, unless it is a signal."""
    job = run.job
    if run.interrupted or isinstance(error, TimeoutException | KeyboardInterrupt):
        drop_connections()  # it may have come in the middle of a query
    match error:
        case LeaseLost():
            logger.warning("Job %s was taken over; this run has stopped writing", job.pk)
            return None
        case CancelSeen():
            return Ending("abort")
        case PauseSeen():
            return endings.of_pause()
        case StopSeen():
            return endings.of_stop()
        case TimedOut() | TimeoutException():
            return endings.of_timeout(run)
        case KeyboardInterrupt():
            request_stop()
            return endings.of_stop("Interrupted.")
    verdict = judge(error)
    if verdict.retry_at is not None:
        logger.info("Job %s (%s) waits: %s", job.pk, job.task, verdict.message)
    else:
        logger.info("Job %s (%s) ended by an error", job.pk, job.task, exc_info=error)
    return endings.of_error(run, error)


def _record_unheeded(run: JobRun, signal: RunEnded) -> None:
    """For the warden: a task did not heed the signal, and its process is about to be ended."""
    if ending := _broken_off(run, signal):
        reason = "The task did not stop when it was told to; its process was ended."
        _record(run.job, replace(ending, values={**ending.values, "reason": reason}))


def _record(job: Job, ending: Ending) -> str:
    """Make the ending's move, however long the database is away (within reason)."""
    give_up = time.monotonic() + conf.RECORD_PATIENCE
    pause = 0.1
    while True:
        try:
            moved = _move(job, ending)
            return str(moved.status) if moved else "lost"
        except (OperationalError, InterfaceError) as error:
            logger.warning("The outcome of job %s can't be recorded yet: %s", job.pk, error)
            drop_connections()
            if time.monotonic() > give_up:
                raise SystemExit(f"The outcome of job {job.pk} could not be recorded") from error
            time.sleep(pause)
            pause = min(pause * 2, 5.0)


def _move(job: Job, ending: Ending) -> Job | None:
    reason = ending.values.get("reason", "")
    if ending.move == "abort":
        return abort(job, reason)
    moved = None
    if ending.move != "suspend":
        moved = try_move(job.pk, ending.move, fence=job.fence, whole=False, **ending.values)
    # Refused although we hold it: a person asked for something meanwhile, or not this often.
    moved = moved or abort(job, reason)
    if moved is None and ending.move in GIVEN_BACK:
        moved = suspend(job.pk, job.fence, given_back=GIVEN_BACK[ending.move], **ending.values)
    return _move(job, ending.otherwise) if moved is None and ending.otherwise else moved


def _require_subject(job: Job) -> None:
    if job.subject_id is not None and job.subject is None:
        raise SubjectGone(subject=job.subject_label or "unnamed")
