"""Whether owners have looked at how their jobs ended: the unread mark."""

from django.db.models import QuerySet
from django.db.models.functions import Now

from jobs.models import Job
from jobs.states import FINAL

# Beyond this the mark says "99+", and nobody's page waits for a count.
MOST_COUNTED = 100


def unseen_jobs(user) -> QuerySet[Job]:
    """The user's own jobs that have ended and that they have not looked at since."""
    # In the words of the partial index, or it isn't used.
    return Job.objects.filter(owner=user.pk, status__in=sorted(FINAL), seen_at__isnull=True)


def unseen_count(user) -> int:
    """How many those are, counted up to MOST_COUNTED; one query."""
    if not user.is_authenticated:
        return 0
    return unseen_jobs(user).order_by()[:MOST_COUNTED].count()


def mark_seen(job: Job, user) -> bool:
    """Note that its owner has seen the end of this job; False if there is nothing to note.

    A look by anybody else, or at a job that still lives, is not that.
    """
    if job.owner_id != user.pk or job.status not in FINAL or job.seen_at is not None:
        return False
    return bool(unseen_jobs(user).filter(pk=job.pk).update(seen_at=Now()))


def mark_all_seen(user) -> int:
    """Note that the user has seen all that ended; returns how many jobs were new."""
    return unseen_jobs(user).update(seen_at=Now())
