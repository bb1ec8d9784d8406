"""Pages of a profile: its rules, its columns, its failing records, and what may be taken away."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.views import View
from django.views.generic import TemplateView

from synapse.common.queries import number_in
from synapse.common.streaming import csv_lines, csv_response
from synapse.common.views import PageMixin, filtered
from synapse.cycles.phases import PhaseKind
from synapse.cycles.selectors import approved_version, visible_phases
from synapse.profiling import profile_exports as exports
from synapse.profiling import profile_page as page
from synapse.profiling.errors.profiles import NoApprovedRules, NoPopulation
from synapse.profiling.models import Population, RuleSet
from synapse.profiling.profile_filters import AttributeProfileFilter, ResultFilter
from synapse.profiling.selectors import failures
from synapse.profiling.selectors import profiles as selectors
from synapse.profiling.tasks.profiling import latest_job, start_profile

PAGE_SIZE = 100
SORTS = {
    "rule": "rule__position",
    "severity": "severity_rank",
    "checked": "checked",
    "failed": "failed",
    "share": "share",
    "error": "error",
}
COLUMN_SORTS = {
    "position": "position",
    "column": "column",
    "blank": "blank",
    "distinct": "distinct",
    "unreadable": "unreadable",
    "quality": "quality",
}


class ProfileStartView(PageMixin, View):
    """Profiles a population with the approved rules: the one chosen, else the newest."""

    def post(self, request, pk):
        phases = visible_phases(request.user).filter(kind=PhaseKind.PROFILING)
        phase = get_object_or_404(phases, pk=pk)
        rule_set = approved_version(RuleSet, phase)
        if rule_set is None:
            raise NoApprovedRules()
        imported = Population.objects.filter(
            cycle_report=phase.cycle_report_id, imported_at__isnull=False
        )
        population = imported.order_by("-pk").first()
        if population is None:
            raise NoPopulation()
        if chosen := request.POST.get("population"):
            population = get_object_or_404(imported, pk=number_in(chosen))
        job = start_profile(rule_set=rule_set, population=population, actor=request.user)
        messages.success(request, "Profiling was started.")
        return redirect(job.subject)


class ProfileMixin(PageMixin):
    """One profile that the person may see, and what the layout shows of it."""

    request: HttpRequest
    tab: str
    table: str

    @cached_property
    def profile(self):
        profiles = selectors.visible_profiles(self.request.user)
        return get_object_or_404(profiles, pk=self.kwargs["pk"])

    @cached_property
    def results(self) -> ResultFilter:
        rows = selectors.results_of(self.profile)
        return ResultFilter(self.request.GET, self.sorted(rows, SORTS, "rule__position"))

    @cached_property
    def columns(self) -> AttributeProfileFilter:
        rows = self.profile.attribute_profiles.select_related("attribute")
        return AttributeProfileFilter(self.request.GET, self.sorted(rows, COLUMN_SORTS, "position"))

    def sorted(self, rows, sorts: dict[str, str], otherwise: str):
        asked = self.request.GET.get("sort", "")
        column = sorts.get(asked.removeprefix("-"))
        if column is None:
            return rows.order_by(otherwise, "pk")
        return rows.order_by(f"-{column}" if asked.startswith("-") else column, otherwise, "pk")

    def get_context_data(self, **kwargs):
        profile = self.profile
        return super().get_context_data(
            **page.frame(page.phase_of(profile)),
            profile=profile,
            tabs=page.tabs(profile, self.tab),
            facts=page.facts(profile) if profile.is_finished else [],
            live_job=latest_job(profile),
            unmeasured=selectors.unmeasured(profile) if profile.is_finished else [],
            **kwargs,
        )


class ProfileDetailView(ProfileMixin, TemplateView):
    """What each rule found. htmx may ask for the list alone."""

    tab = "profile_detail"
    template_name = "profiling/profile_detail.html"

    def get_template_names(self):
        part = self.request.headers.get("HX-Target") == "list"
        return ["profiling/_result_table.html" if part else self.template_name]

    def get_context_data(self, **kwargs):
        rows = Paginator(self.results.qs, PAGE_SIZE).get_page(self.request.GET.get("page"))
        rows.object_list = page.explained(list(rows.object_list))
        return super().get_context_data(filters=self.results.form, page_obj=rows, **kwargs)


class ProfileAttributesView(ProfileMixin, TemplateView):
    """How the values of each column are spread; the one in focus beside the list."""

    tab = "profile_attributes"
    template_name = "profiling/profile_attributes.html"
    parts = {"list": "profiling/_column_table.html", "panel": "profiling/_column_panel.html"}

    def get_template_names(self):
        return [self.parts.get(self.request.headers.get("HX-Target", ""), self.template_name)]

    def get_context_data(self, **kwargs):
        rows = Paginator(self.columns.qs, PAGE_SIZE).get_page(self.request.GET.get("page"))
        rows.object_list = page.described(list(rows.object_list))
        return super().get_context_data(
            filters=self.columns.form,
            page_obj=rows,
            **page.panel(self.profile, self.focus(rows)),
            **kwargs,
        )

    def focus(self, rows):
        """The column of the address, else the first of the list."""
        wanted = number_in(self.request.GET.get("column"))
        if wanted is not None:
            found = self.profile.attribute_profiles.select_related("attribute")
            return found.filter(pk=wanted).first()
        return rows.object_list[0] if rows.object_list else None


class ProfileFailuresView(ProfileMixin, TemplateView):
    """Failing records, of all rules or of the one in the address."""

    tab = "profile_failures"
    template_name = "profiling/profile_failures.html"

    def get_template_names(self):
        part = self.request.headers.get("HX-Target") == "list"
        return ["profiling/_failure_table.html" if part else self.template_name]

    def get_context_data(self, **kwargs):
        rule_id = self.request.GET.get("rule") or None
        results = selectors.results_of(self.profile).filter(failed__gt=0)
        choices = list(results.order_by("-failed", "pk"))
        found = [each for each in choices if rule_id in (None, each.rule.rule_id)]
        rows = None
        if self.profile.is_finished:
            total = sum(each.failed for each in found)
            failing = failures.FailureRows(self.profile, rule_id, total)
            rows = Paginator(failing, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            page_obj=rows,
            choices=choices,
            chosen=page.explained(found)[0] if rule_id and found else None,
            rule_id=rule_id,
            **kwargs,
        )


class ExportView(ProfileMixin, View):
    """A CSV of exactly the rows that the address leaves."""

    what: str

    def get(self, request, *args, **kwargs):
        failures.require_finished(self.profile)
        number = self.profile.number
        name = f"profile-{self.profile.cycle_report_id}-{number}-{self.what}.csv"
        return csv_response(request, name, csv_lines(*self.content()))


class ResultExportView(ExportView):
    what = "results"

    def content(self):
        # Read before the answer begins: a stream must not hold a connection of the pool.
        return exports.RESULTS, exports.result_rows(list(filtered(self.results)))


class AttributeExportView(ExportView):
    what = "columns"

    def content(self):
        return exports.ATTRIBUTES, exports.attribute_rows(list(filtered(self.columns)))


class FailureExportView(ExportView):
    what = "failures"

    def content(self):
        rule_id = self.request.GET.get("rule") or None
        found = failures.each_failure(self.profile, rule_id)
        return exports.FAILURES, exports.failure_rows(found)
