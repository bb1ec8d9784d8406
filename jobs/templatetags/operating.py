"""How operators' figures are spoken: memory, ages, shares and rates."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone

from jobs import selectors
from jobs.heartbeat import LEASE_SECONDS
from jobs.models import Job, Worker
from jobs.templatetags.job_text import span

register = template.Library()


@register.filter
def memory(kilobytes: int | None) -> str:
    """Kilobytes as "85 MB" or "1.2 GB"."""
    if kilobytes is None:
        return ""
    megabytes = kilobytes / 1024
    return f"{megabytes:.0f} MB" if megabytes < 1000 else f"{megabytes / 1024:.1f} GB"


@register.filter
def age(seconds: float | None) -> str:
    """Seconds in the words of `span`; a thousandth counts where there is less than one."""
    if seconds is None:
        return ""
    if seconds < 1:
        return f"{max(seconds, 0) * 1000:.0f} ms"
    return span(timedelta(seconds=seconds))


@register.filter
def since(moment: datetime | None) -> str:
    """How long something has lasted by now."""
    return span(max(timezone.now() - moment, timedelta(0))) if moment else ""


@register.filter
def until(moment: datetime | None) -> str:
    """How long until then: "in 5 min 10 s"."""
    return f"in {span(max(moment - timezone.now(), timedelta(0)))}" if moment else ""


@register.filter
def stretch(minutes: float) -> str:
    """Minutes that figures reach back: "60 min", "40 s"."""
    return span(timedelta(minutes=minutes)) if minutes < 5 else f"{minutes:.0f} min"


@register.filter
def share(part: float | None) -> str:
    """A share in percent, never rounded to nothing or to all."""
    if part is None:
        return ""
    if 0 < part < 0.001:
        return "< 0.1 %"
    if 0.999 < part < 1:
        return "> 99.9 %"
    return f"{part * 100:.3g} %"


@register.filter
def pace(rate: float) -> str:
    """Jobs a minute: "0", "0.02", "3.4", "1,250"."""
    if rate == 0:
        return "0"
    return f"{rate:,.0f}" if rate >= 100 else f"{rate:.2g}"


@register.filter
def state(job: Job) -> str:
    """The word for where a job stands."""
    return selectors.status_label(job)


@register.filter
def is_silent(worker: Worker) -> bool:
    """Whether its lease has run out without a word from it."""
    return worker.stopped_at is None and worker.silent_for.total_seconds() > LEASE_SECONDS
