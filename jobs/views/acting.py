"""What people do to jobs from their pages: to one at a time, or to many ticked in the list."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views import View
from django.views.generic import TemplateView

from jobs import acting, listing
from jobs.forms import BulkForm, address
from jobs.views.detail import JobPageMixin
from jobs.views.listing import JobFilterMixin

NAMED = 5


class JobActView(JobPageMixin, View):
    """One thing done to one job; the job's page then shows what became of it."""

    controls = True
    action = ""

    def post(self, request, pk):
        said = acting.act(self.job, acting.ACTIONS[self.action], actor=request.user)
        messages.success(request, f"{self.job.title}: {said}.")
        return redirect("jobs:job_detail", pk)


class JobCancelView(JobActView, TemplateView):
    """Asks, naming the job and the effect; then cancels."""

    template_name = "jobs/job_cancel.html"
    action = "cancel"


class JobBulkView(JobFilterMixin, View):
    """Something done to the ticked jobs, or to all that fit the filter in the address."""

    def post(self, request):
        asked = BulkForm(request.POST).understood()
        action, ids, left = asked["action"], asked["item"], 0
        if asked["matching"]:
            ids, left = self.matching(action)
        back = self.list_address(address(self.get_filters().chosen()))
        context = {"action": action, "left": left, "back": back}
        if action.asks and not asked["sure"]:
            return render(request, "jobs/job_bulk_confirm.html", context | self.question(ids))
        outcomes = acting.act_on_many(ids, action, actor=request.user)
        context |= {"outcomes": outcomes, "counts": acting.counts(outcomes)}
        return render(request, "jobs/job_bulk.html", context)

    def matching(self, action: acting.Action) -> tuple[list[int], int]:
        """The newest of the jobs that fit, as many as are acted on at a time, and how many more."""
        chosen = self.get_filters().understood()
        fitting = acting.fitting(listing.listed_jobs(self.request.user, **chosen), action)
        ids = list(fitting.values_list("pk", flat=True)[: acting.MOST])
        return ids, fitting.count() - len(ids)

    def question(self, ids: list[int]) -> dict:
        """How many it is about, and the first few by name."""
        jobs = listing.listed_jobs(self.request.user, whose=listing.ALL).filter(pk__in=ids)
        return {"ids": ids, "named": jobs[:NAMED], "unnamed": max(len(ids) - NAMED, 0)}
