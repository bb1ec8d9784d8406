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
        query = address(self.get_filters().chosen())
        context = {"action": action, "left": left, "most": acting.MOST, "query": query}
        context["back"] = self.list_address(query)
        if action.asks and ids and not asked["sure"]:
            context |= self.question(ids, action)
            return render(request, "jobs/job_bulk_confirm.html", context)
        outcomes = acting.act_on_many(ids, action, actor=request.user)
        context |= {"outcomes": outcomes, "counts": acting.counts(outcomes)}
        return render(request, "jobs/job_bulk.html", context)

    def matching(self, action: acting.Action) -> tuple[list[int], int]:
        """The newest of the jobs that fit, as many as are acted on at a time, and how many more."""
        chosen = self.get_filters().understood()
        fitting = acting.fitting(listing.listed_jobs(self.request.user, **chosen), action)
        ids = list(fitting.values_list("pk", flat=True)[: acting.MOST])
        return ids, max(fitting.count() - len(ids), 0)

    def question(self, ids: list[int], action: acting.Action) -> dict:
        """How many it is about, the first few by name, and for how many it makes no sense."""
        chosen = listing.listed_jobs(self.request.user, whose=listing.ALL).filter(pk__in=ids)
        fitting = acting.fitting(chosen, action)
        named, count = fitting[:NAMED], fitting.count()
        return {
            "ids": ids,
            "named": named,
            "unnamed": max(count - NAMED, 0),
            "unfit": len(ids) - count,
        }
