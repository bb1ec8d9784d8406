"""What the list of jobs reads: the rows that its filters leave, and their figures."""

from datetime import date

from django.contrib.auth import get_user_model
from django.db.models import Case, Count, Q, QuerySet, When

from jobs import selectors
from jobs.models import Job, JobItem
from jobs.states import FINAL, Status
from jobs.states import LIVE as LIVE_STATES

LIVE, TROUBLED, UNSEEN = "live", "troubled", "unseen"
STATES = [
    (LIVE, "Under way"),
    *Status.choices,
    (TROUBLED, "With failed items"),
    (UNSEEN, "Ended, not seen"),
]
MINE, ALL, SYSTEM = "mine", "all", "system"
LARGEST_KEY = 2**63 - 1

KINDS = {
    LIVE: Q(status__in=sorted(LIVE_STATES)),
    TROUBLED: Q(status=Status.SUCCEEDED, failed__gt=0),
    # In the words of the partial index, or it isn't used.
    UNSEEN: Q(status__in=sorted(FINAL), seen_at__isnull=True, owner__isnull=False),
}


def listed_jobs(user, *, whose: str = "", **filters) -> QuerySet[Job]:
    """The user's own jobs, or all that they may see, newest first, as far as the filters allow."""
    jobs = selectors.visible_jobs(user)
    if whose == SYSTEM:
        jobs = jobs.filter(owner__isnull=True)
    elif whose != ALL and not filters.get("owner"):
        jobs = jobs.filter(owner=user)
    return narrowed(jobs, **filters)


def narrowed(
    jobs: QuerySet[Job],
    *,
    status: str = "",
    task: str = "",
    queue: str = "",
    owner: str = "",
    search: str = "",
    created_from: date | None = None,
    created_to: date | None = None,
) -> QuerySet[Job]:
    """The jobs that fit; `owner` is a user's name, both days are included."""
    fits = Q()
    if status:
        fits &= of_kind(status)
    if task:
        fits &= Q(task=task)
    if queue:
        fits &= Q(queue=queue)
    if owner:
        fits &= Q(**{f"owner__{get_user_model().USERNAME_FIELD}__iexact": owner})
    if search:
        fits &= _mentions(search)
    # By the day they fall on: the day after the last possible one can't be named.
    if created_from:
        fits &= Q(created_at__date__gte=created_from)
    if created_to:
        fits &= Q(created_at__date__lte=created_to)
    return jobs.filter(fits)


def of_kind(status: str) -> Q:
    """A state of jobs, or one of the kinds that go by several columns."""
    return KINDS.get(status, Q(status=status))


def _mentions(text: str) -> Q:
    found = Q(title__icontains=text) | Q(subject_label__icontains=text) | Q(task__icontains=text)
    number = text.removeprefix("#")
    if number.isascii() and number.isdecimal() and int(number[:20]) <= LARGEST_KEY:
        found |= Q(pk=int(number))
    return found


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
        **{name: Count("pk", filter=fits) for name, fits in KINDS.items()},
        # Last: from here on the word means this figure, and no longer the column.
        failed=Count("pk", filter=Q(status=Status.FAILED)),
    )
