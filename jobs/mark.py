"""The unread mark of every page: how many of one's own jobs have ended since one looked."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.generic import TemplateView

from jobs import seen
from jobs.models import Job
from jobs.states import FINAL, Status

# An end so fresh that the page before this one may not have told it.
LATELY = timedelta(seconds=60)


@dataclass(frozen=True)
class Mark:
    """`follows`: something is left to be told, so the page opens the socket of one's own jobs."""

    unseen: int
    failed: int
    follows: bool

    @property
    def shown(self) -> str:
        most = seen.MOST_COUNTED
        return f"{most - 1}+" if self.unseen >= most else str(self.unseen)

    @property
    def tone(self) -> str:
        return "bad" if self.failed else "accent"


def mark_of(user, *, lately: timedelta = LATELY) -> Mark:
    """The user's mark, in one query over the newest jobs that live or have ended unseen."""
    newest = Job.objects.filter(owner=user.pk, seen_at__isnull=True).order_by("-pk")
    rows = list(newest.values_list("status", "finished_at")[: seen.MOST_COUNTED])
    ended = [row for row in rows if row[0] in FINAL]
    since = timezone.now() - lately
    return Mark(
        unseen=len(ended),
        failed=sum(status == Status.FAILED for status, _ in ended),
        follows=len(ended) < len(rows) or any(at and at > since for _, at in ended),
    )


def job_mark(request) -> dict[str, object]:
    """Context of every page; asked for when the bar is drawn, so parts of pages cost no query."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"job_mark": SimpleLazyObject(lambda: mark_of(user))}


class JobMarkView(LoginRequiredMixin, TemplateView):
    """The mark alone, for the page's script; takes the jobs whose end this page has shown."""

    template_name = "jobs/_job_mark.html"

    def get_context_data(self, **kwargs):
        # The page that asks has been told of what has just ended.
        mark = mark_of(self.request.user, lately=timedelta(0))
        return super().get_context_data(job_mark=mark, **kwargs)

    def post(self, request):
        shown = [number for number in request.POST.getlist("job") if number.isdecimal()]
        ids = [int(number) for number in shown[: seen.MOST_COUNTED] if len(number) < 19]
        seen.unseen_jobs(request.user).filter(pk__in=ids).update(seen_at=Now())
        return self.get(request)
