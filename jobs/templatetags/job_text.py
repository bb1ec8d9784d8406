"""What a job's state is called and how its times are spoken."""

import json
from datetime import datetime, timedelta

from django import template
from django.utils import timezone

from jobs import listing, selectors, standing
from jobs.models import Job, JobItem, Worker
from jobs.states import tone

register = template.Library()

MINUTE, HOUR, DAY = 60, 3600, 86400
ITEM_TONES = {JobItem.Status.DONE: "ok", JobItem.Status.FAILED: "bad"}


@register.simple_tag(takes_context=True)
def job_bar(context, job: Job, compact: bool = False) -> dict:
    """All that the bar shows: the snapshot of the job, its colour, what this user may do."""
    user = getattr(context.get("request"), "user", None)
    shown = selectors.snapshot(job)
    mine = user is not None and user.is_authenticated and job.owner_id == user.pk
    may_control = user is not None and selectors.may_control(user, job)
    # In a list, the rows of one's own jobs share one socket.
    socket = "/ws/jobs/" if compact and mine else f"/ws/jobs/{job.pk}/"
    return shown | {
        "tone": tone(job.status, job.failed),
        "is_live": job.is_live,
        "socket": socket if job.is_live else "",
        "took": took(job),
        "subject": job.subject_label,
        "settled": job.done + job.failed,
        "may_cancel": may_control and shown["can_cancel"],
        "may_pause": may_control and shown["can_pause"],
        "may_resume": may_control and shown["can_resume"],
        "may_retry": may_control and listing.can_retry(job),
    }


@register.filter
def took(job: Job) -> timedelta | None:
    """From the first start to the end, or until now."""
    if job.started_at is None:
        return None
    return (job.finished_at or timezone.now()) - job.started_at


@register.filter
def state_label(job: Job) -> str:
    """Its state in a word, with what it has been asked for: "Cancelling"."""
    return selectors.status_label(job)


@register.simple_tag
def job_standing(job: Job) -> str:
    """Why a job that could start has not yet; nothing for one that will in a moment."""
    found = standing.of_job(job)
    if found is None:
        return ""
    if found.queue_paused_at:
        since = moment(found.queue_paused_at)
        return f"Its queue is paused since {since}; it starts once staff resume the queue"
    if not found.is_served:
        return "No worker serves its queue now; it starts once one does"
    return ""


@register.filter
def is_news(job: Job, user) -> bool:
    """Whether it is this user's own, and ended without their having looked."""
    return job.owner_id == user.pk and not job.is_live and job.seen_at is None


@register.filter
def retry_label(job: Job) -> str:
    """What another try would do: its failed items, or whatever is left of it."""
    settled = job.done + job.failed
    return "Retry failed only" if job.failed and settled == job.total else "Run again"


@register.filter
def eta(job: Job) -> int | None:
    """Seconds to go, if there is a pace to judge by."""
    return selectors.eta_seconds(job)


@register.filter
def left(seconds: float | None) -> str:
    """Time left, as roughly as it is known; the page's script says it in the same words."""
    if seconds is None:
        return ""
    if seconds < 5:
        return "a few seconds left"
    if seconds < MINUTE:
        return f"about {round(seconds / 5) * 5} s left"
    if seconds < HOUR:
        return f"about {round(seconds / MINUTE)} min left"
    return f"about {round(seconds / HOUR)} h left"


@register.filter
def span(value: timedelta | None) -> str:
    """A length of time: "0.4 s", "40 s", "3 min 5 s", "2 h 10 min", "3 d 4 h"."""
    if value is None:
        return ""
    seconds = value.total_seconds()
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    units = [(whole // DAY, "d"), (whole // HOUR % 24, "h"), (whole // MINUTE % 60, "min")]
    units.append((whole % MINUTE, "s"))
    return " ".join([f"{count} {unit}" for count, unit in units if count][:2])


@register.filter
def ago(moment: datetime | None) -> str:
    """How long ago, in one unit: "just now", "40 s ago", "3 min ago", "2 h ago", "5 d ago"."""
    if moment is None:
        return ""
    seconds = (timezone.now() - moment).total_seconds()
    if seconds < 5:
        return "just now"
    for size, unit in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min")):
        if seconds >= size:
            return f"{int(seconds // size)} {unit} ago"
    return f"{int(seconds)} s ago"


@register.filter
def moment(when: datetime) -> str:
    """A time as "14:05:07"; with its day where that isn't today."""
    local = timezone.localtime(when)
    today = local.date() == timezone.localdate()
    return f"{local:%H:%M:%S}" if today else f"{local:%Y-%m-%d %H:%M}"


@register.filter
def item_tone(item: JobItem) -> str:
    """The colour of an item's tag."""
    return ITEM_TONES.get(item.status, "")


@register.filter
def host_name(worker: Worker) -> str:
    """The machine without what tells two boots of it apart."""
    return worker.host.partition("/")[0]


@register.filter
def pretty_json(value) -> str:
    """JSON as a person reads it: indented, and exact in its numbers."""
    return json.dumps(value, indent=2, ensure_ascii=False)
