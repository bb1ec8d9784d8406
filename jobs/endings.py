"""How a run ends: which move its job makes next, and what it says about it."""

import logging
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise

from jobs import conf
from jobs.errors import AllItemsFailed, ItemsLeft
from jobs.judging import Judgement, judge
from jobs.models import JobItem
from jobs.payloads import as_json, as_text
from jobs.registry import Task
from jobs.run import JobRun

logger = logging.getLogger(__name__)

# Characters of JSON: a result goes out with every snapshot of its job.
LONGEST_RESULT = 100_000
SOON = 1.0
OUTAGE_PAUSE = 5.0


@dataclass(frozen=True)
class Ending:
    """A move and its values; if a cancel or pause was requested meanwhile, `abort` or `suspend`
    takes its place, and `otherwise` if the job doesn't allow it.
    """

    move: str
    values: Mapping[str, Any] = field(default_factory=dict)
    otherwise: "Ending | None" = None


def of_return(run: JobRun, task: Task, result: Any) -> Ending:
    """The task returned: what its items came to decides. Raises NotJSON if its result isn't."""
    job = run.job
    stored = as_json(result, "The result", LONGEST_RESULT)
    if run.deferred:
        return _back_off(run, run.deferred[-1], f"{_items(len(run.deferred))} failed: ")
    said = _said(task, result)
    if not job.total:
        message = said if job.total is None else "Nothing to do."
    elif job.failed == job.total:
        return _failure(judge(AllItemsFailed(total=job.total, reason=_usual_reason(run))))
    elif left := job.total - job.done - job.failed:
        return _failure(judge(ItemsLeft(left=left, total=job.total)))
    elif job.failed:
        message = f"{job.done} done, {job.failed} failed. {said}".rstrip()
    else:
        message = said or f"{job.done} done."
    return Ending("succeed", {"result": stored, "message": message})


def of_error(run: JobRun, error: BaseException) -> Ending:
    """The task raised: wait, try again later, or fail."""
    verdict = judge(error)
    if verdict.retry_at is not None:
        return _hold(verdict)
    if verdict.outage:
        return _sit_out(run, verdict)
    return _try_again(run, verdict)


def of_timeout(run: JobRun) -> Ending:
    message = f"Timed out after {run.job.timeout} seconds."
    return Ending("fail", {"message": message, "error_code": "timed_out", "error_detail": ""})


def of_stop(reason: str = "The worker is being stopped.") -> Ending:
    return Ending("release", {"reason": reason})


def of_pause() -> Ending:
    # If the request was withdrawn in the last moment, the job goes on at once.
    again = Ending("release", {"reason": "The pause was withdrawn."})
    return Ending("suspend", otherwise=again)


def _said(task: Task, result: Any) -> str:
    """What the task says came of it; its work is done, whether or not it finds the words."""
    if task.says is None:
        return ""
    try:
        said = task.says(result)
    except Exception as error:  # noqa: BLE001  told where the words would stand
        logger.warning("Task %s can't say what came of it", task.name, exc_info=error)
        return f"What came of it can't be told. {judge(error).message}"
    if not isinstance(said, str | Promise):
        return f"What came of it can't be told: {type(said).__name__} is not text."
    return as_text(said, conf.MAX_ERROR)


def _failure(verdict: Judgement) -> Ending:
    return Ending(
        "fail",
        {
            "message": verdict.message,
            "error_code": verdict.code,
            "error_detail": verdict.detail,
            "reason": verdict.message,
        },
    )


def _hold(verdict: Judgement) -> Ending:
    moment = verdict.retry_at
    if timezone.is_naive(moment):
        moment = moment.replace(tzinfo=UTC)
    # By one clock, whose ever it is. A moment that has passed would bring the job straight back, as
    # fast as it can fail.
    wait = max((moment - timezone.now()).total_seconds(), SOON)
    values = {"wait": wait, "message": verdict.message, "reason": verdict.message}
    return Ending("hold", values)


def _sit_out(run: JobRun, verdict: Judgement) -> Ending:
    values = {
        "wait": OUTAGE_PAUSE,
        "message": "The database was away; the work goes on in a moment.",
        "reason": verdict.message,
    }
    return Ending("sit_out", values, otherwise=_try_again(run, verdict))


def _try_again(run: JobRun, verdict: Judgement) -> Ending:
    """Later, if the error may pass and attempts are left."""
    if verdict.retryable and run.job.attempt < run.job.max_attempts:
        return _back_off(run, verdict)
    return _failure(verdict)


def _back_off(run: JobRun, verdict: Judgement, what: str = "") -> Ending:
    attempt, attempts = run.job.attempt, run.job.max_attempts
    message = f"{what}{verdict.message} Trying again ({attempt} of {attempts} attempts used)."
    values = {"wait": _delay(attempt), "message": message, "reason": message}
    return Ending("back_off", values)


def _delay(attempt: int) -> float:
    """60 s, 120 s, 240 s, …, more or less: jobs that failed together don't return together."""
    spread = 1 + conf.RETRY_JITTER * random.uniform(-1, 1)  # noqa: S311  guards nothing
    return conf.RETRY_BASE * 2 ** (attempt - 1) * spread


def _usual_reason(run: JobRun) -> str:
    """The error of the first item stands for all: they mostly share it."""
    failed = JobItem.objects.filter(job_id=run.job.pk, status=JobItem.Status.FAILED)
    return failed.order_by("position").values_list("error_message", flat=True).first() or ""


def _items(count: int) -> str:
    return "1 item" if count == 1 else f"{count} items"
