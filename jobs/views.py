"""Pages of jobs: what runs, what failed, what one may do about it."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect
from django.views import View
from django.views.generic import TemplateView

from jobs import control, listing, selectors
from jobs.forms import ALL, LIVE, TROUBLED, JobFilterForm
from jobs.models import Job, JobItem

ROWS = 50
ITEM_ROWS = 100


class JobPageMixin(LoginRequiredMixin):
    """One job, as far as this user may know of it: a foreign one is not found."""

    controls = False  # only for those who may cancel and retry

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            self.job = self.find_job(kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def find_job(self, pk: int) -> Job:
        job = Job.objects.select_related("owner", "worker").filter(pk=pk).first()
        if job is None or not selectors.may_watch(self.request.user, job):
            raise Http404("No such job")
        if self.controls and not selectors.may_control(self.request.user, job):
            raise PermissionDenied("Only its owner and staff may cancel or retry a job.")
        return job

    def get_context_data(self, **kwargs):
        return super().get_context_data(job=self.job, **kwargs)


class JobListView(LoginRequiredMixin, TemplateView):
    """One's own jobs, or all one may see; every filter is in the address."""

    def get_template_names(self):
        # A filter changed by htmx needs the part alone.
        part = self.request.htmx and not self.request.htmx.boosted
        return ["jobs/_job_table.html" if part else "jobs/job_list.html"]

    def get_context_data(self, **kwargs):
        form = JobFilterForm(self.request.GET)
        chosen = form.chosen()
        rows = listing.listed_jobs(self.request.user, **chosen)
        page = Paginator(rows.select_related("owner"), ROWS).get_page(self.request.GET.get("page"))
        unfiltered = listing.listed_jobs(self.request.user, **chosen | {"status": ""})
        return super().get_context_data(
            filters=form,
            page_obj=page,
            facts=self.facts(chosen, listing.counts(unfiltered)),
            tabs=self.tabs(chosen.get("whose", "")),
            is_filtered=bool(chosen.keys() - {"whose"}),
            **kwargs,
        )

    def facts(self, chosen: dict, counts: dict) -> list[dict]:
        """Each figure links to the rows it counts."""
        kinds = [
            ("all", "", "jobs", ""),
            ("live", LIVE, "under way", ""),
            ("troubled", TROUBLED, "done with failed items", "warn"),
            ("failed", "failed", "failed", "bad"),
        ]
        return [
            {
                "value": counts[name],
                "label": label,
                "url": self.address(chosen | {"status": status}),
                "colour": colour if counts[name] else "",
            }
            for name, status, label, colour in kinds
        ]

    def tabs(self, whose: str) -> list[dict]:
        if not self.request.user.is_staff:
            return []
        return [
            {"label": "Mine", "url": self.address({}), "current": whose != ALL},
            {"label": "All", "url": self.address({"whose": ALL}), "current": whose == ALL},
        ]

    def address(self, query: dict) -> str:
        given = {name: value for name, value in query.items() if value}
        return f"{self.request.path}?{urlencode(given)}" if given else self.request.path


class JobDetailView(JobPageMixin, TemplateView):
    template_name = "jobs/job_detail.html"

    def get_context_data(self, **kwargs):
        state = self.request.GET.get("items", "")
        known = state if state in JobItem.Status.values else ""
        items = listing.listed_items(self.job, known)
        may_control = selectors.may_control(self.request.user, self.job)
        return super().get_context_data(
            items=Paginator(items, ITEM_ROWS).get_page(self.request.GET.get("page")),
            item_state=state,
            item_states=[("", "All"), *JobItem.Status.choices],
            events=self.job.events.select_related("actor"),
            may_cancel=may_control and self.job.is_live and not self.job.cancel_requested,
            may_retry=may_control and listing.can_retry(self.job),
            shows_arguments=may_control,
            **kwargs,
        )


class JobBarView(JobPageMixin, TemplateView):
    """The bar alone, for the page's script when the state has changed."""

    template_name = "jobs/_job_bar.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(compact="compact" in self.request.GET, **kwargs)


class JobCancelView(JobPageMixin, TemplateView):
    """Asks, naming the job and the effect; then cancels."""

    template_name = "jobs/job_cancel.html"
    controls = True

    def post(self, request, pk):
        job = control.cancel(self.job, actor=request.user)
        words = "Cancelled" if not job.is_live else "Cancelling: it stops after what is in hand"
        messages.success(request, f"{job.title}: {words}.")
        return redirect("jobs:job_detail", pk)


class JobRetryView(JobPageMixin, View):
    """Failed items again; the whole job where it has none."""

    controls = True

    def post(self, request, pk):
        job = control.retry(self.job, actor=request.user)
        messages.success(request, f"{job.title}: queued again.")
        return redirect("jobs:job_detail", pk)
