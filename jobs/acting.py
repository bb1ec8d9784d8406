"""What people do to jobs: to one, or to many with a result for each."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from jobs import control, selectors
from jobs.errors import JobsError, NotAllowed, NotFound
from jobs.models import Job
from jobs.states import LIVE, Status

# So many at a time: each is a statement of its own, and somebody waits for the page.
MOST = 500


@dataclass(frozen=True)
class Action:
    """Something to do to jobs; `fits` are those it makes sense for, `said` what became of one."""

    name: str
    label: str
    run: Callable[..., Job]
    fits: Q
    said: Callable[[Job], str]
    asks: bool = False  # the page asks before it is done


@dataclass(frozen=True)
class Outcome:
    """What became of one job: its new state, or the reason why nothing was done."""

    job_id: int
    job: Job | None = None
    said: str = ""
    refusal: JobsError | None = None


def _after_cancel(job: Job) -> str:
    return "Cancelling: it stops after what is in hand" if job.is_live else "Cancelled"


def _after_pause(job: Job) -> str:
    if job.status == Status.PAUSED:
        return "Paused"
    return "Pausing: it stops after what is in hand"


def _after_resume(job: Job) -> str:
    words = {Status.QUEUED: "Queued again", Status.WAITING: "Waits as before"}
    return words.get(job.status, "Goes on")


ACTIONS = {
    action.name: action
    for action in [
        Action(
            name="retry",
            label="Retry",
            run=control.retry,
            fits=Q(status__in=[Status.FAILED, Status.CANCELLED])
            | Q(status=Status.SUCCEEDED, failed__gt=0),
            said=lambda job: "Queued again",
        ),
        Action(
            name="cancel",
            label="Cancel",
            run=control.cancel,
            fits=Q(status__in=sorted(LIVE), cancel_requested_at__isnull=True),
            said=_after_cancel,
            asks=True,
        ),
        Action(
            name="pause",
            label="Pause",
            run=control.pause,
            fits=Q(
                status__in=sorted(LIVE - {Status.PAUSED}),
                pause_requested_at__isnull=True,
                cancel_requested_at__isnull=True,
            ),
            said=_after_pause,
        ),
        Action(
            name="resume",
            label="Resume",
            run=control.resume,
            fits=Q(status=Status.PAUSED)
            | Q(
                status=Status.RUNNING,
                pause_requested_at__isnull=False,
                cancel_requested_at__isnull=True,
            ),
            said=_after_resume,
        ),
    ]
}


def act(job: Job, action: Action, *, actor) -> str:
    """Do it to one job, and say what became of it; raises a JobsError where it can't be done."""
    return action.said(action.run(job, actor=actor))


def act_on_many(ids: Iterable[int], action: Action, *, actor) -> list[Outcome]:
    """Do it to each by itself, in the order given; a refusal is told and stops no other."""
    ordered = list(dict.fromkeys(ids))
    jobs = selectors.jobs_for_snapshot().in_bulk(ordered)
    return [_outcome(number, jobs.get(number), action, actor) for number in ordered]


def counts(outcomes: list[Outcome]) -> list[tuple[str, int]]:
    """How many jobs came to each end, the refused last; in the words of `said`."""
    said = Counter(each.said for each in outcomes if not each.refusal)
    refused = len(outcomes) - said.total()
    return [*said.items(), *([("Refused", refused)] if refused else [])]


def fitting(jobs: QuerySet[Job], action: Action) -> QuerySet[Job]:
    """Those of the jobs that the action makes sense for."""
    return jobs.filter(action.fits)


def _outcome(number: int, job: Job | None, action: Action, actor) -> Outcome:
    if job is None or not selectors.may_watch(actor, job):
        return Outcome(number, refusal=NotFound(job_id=number))
    if not selectors.may_control(actor, job):
        return Outcome(number, job, refusal=NotAllowed())
    try:
        changed = action.run(job, actor=actor)
    except JobsError as error:
        return Outcome(number, job, refusal=error)
    return Outcome(number, changed, action.said(changed))
