"""What the job pages read beyond one job: the rows of a filter and their figures."""

from django.db.models import Case, Count, Q, QuerySet, When

from jobs import selectors
from jobs.forms import ALL, LIVE, TROUBLED
from jobs.models import Job, JobItem
from jobs.states import LIVE as LIVE_STATES
from jobs.states import Status

FAILED_ITEMS = Q(status=Status.SUCCEEDED, failed__gt=0)


def listed_jobs(user, *, whose: str = "", status: str = "", task: str = "") -> QuerySet[Job]:
    """The user's own jobs, or all that they may see, newest first."""
    jobs = selectors.visible_jobs(user)
    if whose != ALL:
        jobs = jobs.filter(owner=user)
    if task:
        jobs = jobs.filter(task=task)
    if status == LIVE:
        jobs = jobs.filter(status__in=LIVE_STATES)
    elif status == TROUBLED:
        jobs = jobs.filter(FAILED_ITEMS)
    elif status:
        jobs = jobs.filter(status=status)
    return jobs.order_by("-pk")


def listed_items(job: Job, status: str = "") -> QuerySet[JobItem]:
    """The job's items, the failed ones first: they are what one has come for."""
    items = job.items.filter(status=status) if status else job.items.all()
    is_failed = Case(When(status=JobItem.Status.FAILED, then=0), default=1)
    return items.defer("payload").order_by(is_failed, "position")


def can_retry(job: Job) -> bool:
    """Failed, cancelled or done with failed items; what is wholly done isn't done twice."""
    return not job.is_live and (job.status != Status.SUCCEEDED or job.failed > 0)


def counts(jobs: QuerySet[Job]) -> dict[str, int]:
    """Figures over the list without its state filter, in one query."""
    return jobs.order_by().aggregate(
        all=Count("pk"),
        live=Count("pk", filter=Q(status__in=LIVE_STATES)),
        troubled=Count("pk", filter=FAILED_ITEMS),
        failed=Count("pk", filter=Q(status=Status.FAILED)),
    )
