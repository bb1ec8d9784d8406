"""The list of jobs: every filter in its address, some of them kept under a name."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views import View
from django.views.generic import TemplateView

from jobs import acting, exporting, listing, saved, seen
from jobs.forms import JobFilterForm, address
from jobs.listing import ALL, LIVE, MINE, SYSTEM, TROUBLED, UNSEEN

ROWS = 50
# Whose jobs are shown is a place to be, not a filter to clear.
PLACE = {"whose"}


class JobFilterMixin(LoginRequiredMixin):
    """Reads the filters of the address."""

    def get_filters(self) -> JobFilterForm:
        return JobFilterForm(self.request.GET, user=self.request.user)

    def list_address(self, query: str) -> str:
        url = redirect("jobs:job_list").url
        return f"{url}?{query}" if query else url


class JobListView(JobFilterMixin, TemplateView):
    """One's own jobs, or all one may see."""

    def get_template_names(self):
        # A filter changed by htmx needs the part alone.
        part = self.request.htmx and not self.request.htmx.boosted
        return ["jobs/_job_table.html" if part else "jobs/job_list.html"]

    def get_context_data(self, **kwargs):
        form = self.get_filters()
        chosen = form.chosen()
        rows = listing.listed_jobs(self.request.user, **chosen)
        page = Paginator(rows.select_related("owner"), ROWS).get_page(self.request.GET.get("page"))
        unfiltered = listing.listed_jobs(self.request.user, **chosen | {"status": ""})
        query = address(chosen)
        return super().get_context_data(
            filters=form,
            page_obj=page,
            facts=self.facts(chosen, listing.counts(unfiltered)),
            tabs=self.tabs(chosen.get("whose", "")),
            is_filtered=bool(chosen.keys() - PLACE),
            query=query,
            actions=acting.ACTIONS.values(),
            most=acting.MOST,
            most_exported=exporting.MOST,
            saved=[
                {"name": kept.name, "query": kept.query, "current": kept.query == query}
                for kept in saved.saved_filters(self.request.user)
            ],
            unseen=seen.unseen_count(self.request.user),
            **kwargs,
        )

    def facts(self, chosen: dict, counts: dict) -> list[dict]:
        """Each figure links to the rows it counts."""
        kinds = [
            ("all", "", "jobs", ""),
            (LIVE, LIVE, "under way", ""),
            (TROUBLED, TROUBLED, "done with failed items", "warn"),
            ("failed", "failed", "failed", "bad"),
            (UNSEEN, UNSEEN, "ended, not seen", ""),
        ]
        return [
            {
                "value": counts[name],
                "label": label,
                "url": self.list_address(address(chosen, status=status)),
                "colour": colour if counts[name] else "",
            }
            for name, status, label, colour in kinds
        ]

    def tabs(self, whose: str) -> list[dict]:
        if not self.request.user.is_staff:
            return []
        places = [("Mine", MINE, ""), ("All", ALL, ALL), ("The system's", SYSTEM, SYSTEM)]
        return [
            {
                "label": label,
                "url": self.list_address(address({"whose": value})),
                "current": (whose or MINE) == name,
            }
            for label, name, value in places
        ]


class JobExportView(JobFilterMixin, View):
    """The jobs that the filters of the address leave, as a file for a spreadsheet."""

    def get(self, request):
        chosen = self.get_filters().understood()
        text = exporting.as_csv(listing.listed_jobs(request.user, **chosen))
        name = f"jobs-{timezone.localdate():%Y-%m-%d}.csv"
        return HttpResponse(
            text,
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


class JobsSeenView(JobFilterMixin, View):
    """Takes the unread mark from all of one's jobs that have ended."""

    def post(self, request):
        count = seen.mark_all_seen(request.user)
        one = "1 job that had ended is marked as seen."
        many = f"{count} jobs that had ended are marked as seen."
        messages.success(request, one if count == 1 else many)
        return redirect(self.list_address(address(self.get_filters().chosen())))
