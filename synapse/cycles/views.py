"""The to-do page and the pages of a cycle-report and its phases."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views import View
from django.views.generic import DetailView

from synapse.audit.filters import EntryFilter
from synapse.audit.models import Entry
from synapse.common.views import FilteredListView, PageMixin, ServiceFormView
from synapse.cycles import forms, rules, selectors
from synapse.cycles.filters import AssignmentFilter, CycleReportFilter
from synapse.cycles.services import phases
from synapse.cycles.services.cycle_reports import assign_tester

SHOWN_REPORTS = 20


class HomeView(FilteredListView):
    """What waits for this person, then the reports they take part in."""

    filterset_class = AssignmentFilter
    template_name = "cycles/home.html"
    table_template = "cycles/_assignment_table.html"

    def base_queryset(self):
        rows = selectors.visible_assignments(self.request.user)
        rows = rows.filter(assigned_to=self.request.user)
        return rows if self.request.GET.get("status") else rows.filter(status="open")

    def get_context_data(self, **kwargs):
        mine = selectors.visible_cycle_reports(self.request.user)
        mine = mine.filter(completed_at__isnull=True, cycle__status="active")
        rows = mine.prefetch_related("phases")[:SHOWN_REPORTS]
        today = timezone.localdate()
        return super().get_context_data(
            now=timezone.now(),
            rows=[selectors.overview(row, today) for row in rows],
            **kwargs,
        )


class CycleReportListView(FilteredListView):
    filterset_class = CycleReportFilter
    template_name = "cycles/cycle_report_list.html"
    table_template = "cycles/_cycle_report_list_table.html"

    def base_queryset(self):
        return selectors.visible_cycle_reports(self.request.user).prefetch_related("phases")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["rows"] = [selectors.overview(row) for row in context["page_obj"]]
        return context


class CycleReportDetailView(PageMixin, DetailView):
    """The nine phases with state, dates and the next action."""

    template_name = "cycles/cycle_report_detail.html"
    context_object_name = "cycle_report"

    def get_queryset(self):
        rows = selectors.visible_cycle_reports(self.request.user)
        return rows.prefetch_related("phases__started_by", "phases__completed_by")

    def get_context_data(self, **kwargs):
        cycle_report, user, today = self.object, self.request.user, timezone.localdate()
        return super().get_context_data(
            rows=selectors.phase_overviews(cycle_report, user, today),
            overview=selectors.overview(cycle_report, today),
            steps=selectors.steps(cycle_report),
            can_lead=rules.can_lead(user, cycle_report.cycle),
            **kwargs,
        )


class CycleReportHistoryView(FilteredListView):
    """Who did what to this cycle-report and why, for everybody who takes part in it."""

    filterset_class = EntryFilter
    template_name = "cycles/cycle_report_history.html"
    table_template = "audit/_entry_table.html"

    def base_queryset(self):
        rows = selectors.visible_cycle_reports(self.request.user)
        self.cycle_report = get_object_or_404(rows, pk=self.kwargs["pk"])
        entries = Entry.objects.filter(cycle_report_id=self.cycle_report.pk)
        return entries.select_related("content_type")

    def get_context_data(self, **kwargs):
        return super().get_context_data(cycle_report=self.cycle_report, **kwargs)


class TesterAssignView(ServiceFormView):
    form_class = forms.TesterForm
    template_name = "cycles/simple_form.html"
    extra_context = {"heading": "Assign the tester", "submit": "Assign"}

    def get_cycle_report(self):
        rows = selectors.visible_cycle_reports(self.request.user)
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_initial(self):
        return {"expected": self.get_cycle_report().lock_version}

    def get_context_data(self, **kwargs):
        url = self.get_cycle_report().get_absolute_url()
        return super().get_context_data(cancel_url=url, **kwargs)

    def form_valid(self, form):
        cycle_report = assign_tester(
            cycle_report=self.get_cycle_report(), actor=self.request.user, **form.cleaned_data
        )
        messages.success(self.request, f"{cycle_report.tester} tests this report now.")
        return redirect(cycle_report)


class PhaseMixin(PageMixin):
    """One phase of a cycle-report that the person may see."""

    template_name = "cycles/simple_form.html"

    def get_phase(self):
        return get_object_or_404(selectors.visible_phases(self.request.user), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        url = self.get_phase().cycle_report.get_absolute_url()
        return super().get_context_data(cancel_url=url, **kwargs)

    def done(self, phase, text: str):
        messages.success(self.request, f"{phase.get_kind_display()} {text}.")
        return redirect(phase.cycle_report)


class PhaseStartView(PhaseMixin, View):
    def post(self, request, pk):
        phase = phases.start_phase(phase=self.get_phase(), actor=request.user)
        messages.success(request, f"{phase.get_kind_display()} was started.")
        return redirect(phase)


class PhaseCompleteView(PhaseMixin, View):
    def post(self, request, pk):
        phase = phases.complete_phase(phase=self.get_phase(), actor=request.user)
        return self.done(phase, "is complete")


class PhaseSkipView(PhaseMixin, ServiceFormView):
    form_class = forms.ReasonForm
    extra_context = {
        "heading": "Skip the phase",
        "submit": "Skip",
        "danger": True,
        "intro": "The next phases go on without it; the reason stays in the file.",
    }

    def form_valid(self, form):
        phase = phases.skip_phase(
            phase=self.get_phase(), actor=self.request.user, **form.cleaned_data
        )
        return self.done(phase, "was skipped")


class PhaseReopenView(PhaseMixin, ServiceFormView):
    form_class = forms.ReasonForm
    extra_context = {
        "heading": "Reopen the phase",
        "submit": "Reopen",
        "danger": True,
        "intro": "What was approved stays approved until a newer version replaces it.",
    }

    def form_valid(self, form):
        phase = phases.reopen_phase(
            phase=self.get_phase(), actor=self.request.user, **form.cleaned_data
        )
        return self.done(phase, "was reopened")


class PhasePlanView(PhaseMixin, ServiceFormView):
    form_class = forms.PhasePlanForm
    extra_context = {"heading": "Planned dates"}

    def get_initial(self):
        phase = self.get_phase()
        return {
            "planned_start": phase.planned_start,
            "planned_end": phase.planned_end,
            "expected": phase.lock_version,
        }

    def form_valid(self, form):
        phase = phases.plan_phase(
            phase=self.get_phase(), actor=self.request.user, **form.cleaned_data
        )
        return self.done(phase, "has new dates")
