"""One job: what it does, what became of its items, what happened to it, what one may do."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.views.generic import TemplateView

from jobs import facts, listing, seen, selectors, timeline
from jobs.errors import NotAllowed
from jobs.models import Job, JobItem

ITEM_ROWS = 50


class JobPageMixin(LoginRequiredMixin):
    """One job, as far as this user may know of it: a foreign one is not found."""

    controls = False  # only for those who may act on it

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            self.job = self.find_job(kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def find_job(self, pk: int) -> Job:
        job = Job.objects.select_related("owner", "worker").filter(pk=pk).first()
        if job is None or not selectors.may_watch(self.request.user, job):
            raise Http404("No such job")
        if self.controls and not selectors.may_control(self.request.user, job):
            raise PermissionDenied(NotAllowed.message)
        return job

    def get_context_data(self, **kwargs):
        return super().get_context_data(job=self.job, **kwargs)


class JobDetailView(JobPageMixin, TemplateView):
    template_name = "jobs/job_detail.html"

    def get(self, request, *args, **kwargs):
        seen.mark_seen(self.job, request.user)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        job, user = self.job, self.request.user
        state = self.request.GET.get("items", "")
        known = state if state in JobItem.Status.values else ""
        items = listing.listed_items(job, known)
        may_control = selectors.may_control(user, job)
        history = timeline.history(job, until=self.request.GET.get("until", ""))
        return super().get_context_data(
            # Beside its items, what happened to it stands in the panel.
            shows_items=bool(job.total or known),
            items=Paginator(items, ITEM_ROWS).get_page(self.request.GET.get("page")),
            item_state=state,
            item_states=[("", "All"), *JobItem.Status.choices],
            history=history,
            pause=timeline.last_pause(history) if job.is_live else None,
            facts=facts.of_job(job, user),
            may_cancel=may_control and job.is_live and not job.cancel_requested,
            may_pause=may_control and selectors.can_pause(job),
            may_resume=may_control and selectors.can_resume(job),
            may_retry=may_control and listing.can_retry(job),
            shows_arguments=may_control,
            **kwargs,
        )


class JobBarView(JobPageMixin, TemplateView):
    """The bar alone, for the page's script when the state has changed."""

    template_name = "jobs/_job_bar.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(compact="compact" in self.request.GET, **kwargs)
