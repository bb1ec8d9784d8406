"""Reads of what sockets are told: one query for all jobs of a burst."""

import json
from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from rest_framework.utils.encoders import JSONEncoder

from jobs import selectors, states
from jobs.live.threads import CHECKING, READING, on
from jobs.models import Job

# A job that ended while the connection was down is still reported this long after.
ENDED_MARGIN = timedelta(seconds=60)


def as_text(job: Job) -> str:
    """The snapshot as JSON, encoded as the REST API encodes it."""
    return json.dumps(selectors.snapshot(job), cls=JSONEncoder, separators=(",", ":"))


def as_change(job: Job) -> dict:
    return {
        "job_id": job.pk,
        "owner_id": job.owner_id,
        "version": job.version,
        "is_final": not job.is_live,
        "text": as_text(job),
    }


@on(READING)
def changes(jobs: list[int]) -> list[dict]:
    return [as_change(job) for job in selectors.jobs_for_snapshot().filter(pk__in=jobs)]


@on(READING)
def versions(jobs: list[int], owners: list[int], seconds: float) -> dict[int, int]:
    """Committed versions of these jobs, and of the owners' jobs alive or lately ended."""
    ended = timezone.now() - ENDED_MARGIN - timedelta(seconds=seconds)
    # Each part by an index of its own, so that an owner's many ended jobs are not read.
    alive = Q(owner_id__in=owners, seen_at__isnull=True, status__in=states.LIVE)
    lately = Q(owner_id__in=owners, finished_at__gte=ended)
    found = Job.objects.filter(Q(pk__in=jobs) | alive | lately)
    return dict(found.values_list("pk", "version"))


@on(CHECKING)
def live_of(owner_id: int, limit: int) -> list[dict]:
    """The owner's live jobs, the newest ones if there are more than `limit`.

    Also those that ended a moment ago and were not looked at: between two pages of the owner no
    socket was open to say so.
    """
    fresh = Q(status__in=states.LIVE) | Q(finished_at__gte=Now() - ENDED_MARGIN)
    told = selectors.jobs_for_snapshot().filter(fresh, owner_id=owner_id, seen_at__isnull=True)
    return [as_change(job) for job in told.order_by("-pk")[:limit]]
