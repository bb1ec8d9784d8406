"""Pages of reports and test cycles."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import DetailView

from synapse.common.views import FilteredListView, PageMixin, ServiceFormView
from synapse.cycles import forms, rules, selectors
from synapse.cycles.filters import ReportFilter, TestCycleFilter
from synapse.cycles.models import TestCycle
from synapse.cycles.services.cycle_reports import create_cycle_report
from synapse.cycles.services.cycles import create_cycle, update_cycle
from synapse.cycles.services.reports import create_report, update_report


class ReportListView(FilteredListView):
    filterset_class = ReportFilter
    template_name = "cycles/report_list.html"
    table_template = "cycles/_report_table.html"
    sortable = {"number": "number", "name": "name", "owner": "owner__last_name"}

    def base_queryset(self):
        return selectors.visible_reports(self.request.user)

    def get_context_data(self, **kwargs):
        can = rules.can_manage_reports(self.request.user)
        return super().get_context_data(can_manage=can, **kwargs)


class ReportDetailView(PageMixin, DetailView):
    template_name = "cycles/report_detail.html"

    def get_queryset(self):
        return selectors.visible_reports(self.request.user)

    def get_context_data(self, **kwargs):
        rows = selectors.visible_cycle_reports(self.request.user).filter(report=self.object)
        return super().get_context_data(
            cycle_reports=[selectors.overview(row) for row in rows.prefetch_related("phases")],
            can_manage=rules.can_manage_reports(self.request.user),
            **kwargs,
        )


class ReportFormView(ServiceFormView):
    form_class = forms.ReportForm
    template_name = "cycles/simple_form.html"

    def allowed(self, user) -> bool:
        return rules.can_manage_reports(user)


class ReportCreateView(ReportFormView):
    extra_context = {"heading": "New report", "submit": "Create report"}

    def form_valid(self, form):
        report = create_report(actor=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"{report} was created.")
        return redirect(report)


class ReportUpdateView(ReportFormView):
    form_class = forms.ReportEditForm
    extra_context = {"heading": "Edit report"}

    def get_report(self):
        return get_object_or_404(selectors.visible_reports(self.request.user), pk=self.kwargs["pk"])

    def get_initial(self):
        report = self.get_report()
        names = forms.ReportForm.base_fields
        return {name: getattr(report, name) for name in names} | {"expected": report.lock_version}

    def form_valid(self, form):
        report = update_report(
            report=self.get_report(), actor=self.request.user, **form.cleaned_data
        )
        messages.success(self.request, "Saved.")
        return redirect(report)


class CycleListView(FilteredListView):
    filterset_class = TestCycleFilter
    template_name = "cycles/cycle_list.html"
    table_template = "cycles/_cycle_table.html"
    sortable = {"name": "name", "starts_on": "starts_on", "ends_on": "ends_on"}

    def base_queryset(self):
        return selectors.visible_cycles(self.request.user)

    def get_context_data(self, **kwargs):
        can = rules.can_create_cycles(self.request.user)
        return super().get_context_data(can_create=can, **kwargs)


class CycleDetailView(PageMixin, DetailView):
    template_name = "cycles/cycle_detail.html"
    context_object_name = "cycle"

    def get_queryset(self):
        return selectors.visible_cycles(self.request.user)

    def get_context_data(self, **kwargs):
        rows = selectors.visible_cycle_reports(self.request.user).filter(cycle=self.object)
        today = timezone.localdate()
        return super().get_context_data(
            rows=[selectors.overview(row, today) for row in rows.prefetch_related("phases")],
            can_lead=rules.can_lead(self.request.user, self.object),
            waiting=selectors.waiting_in(self.object, self.request.user),
            now=timezone.now(),
            **kwargs,
        )


class CycleCreateView(ServiceFormView):
    form_class = forms.CycleForm
    template_name = "cycles/simple_form.html"
    extra_context = {"heading": "New test cycle", "submit": "Create cycle"}

    def allowed(self, user) -> bool:
        return rules.can_create_cycles(user)

    def form_valid(self, form):
        cycle = create_cycle(actor=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"{cycle} was created.")
        return redirect(cycle)


class CycleFormView(ServiceFormView):
    """A form about one cycle that the person leads."""

    template_name = "cycles/simple_form.html"

    def get_cycle(self) -> TestCycle:
        return get_object_or_404(selectors.visible_cycles(self.request.user), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        url = reverse("cycles:cycle_detail", args=[self.kwargs["pk"]])
        return super().get_context_data(cancel_url=url, **kwargs)


class CycleUpdateView(CycleFormView):
    form_class = forms.CycleEditForm
    extra_context = {"heading": "Edit cycle"}

    def get_initial(self):
        cycle = self.get_cycle()
        names = (*forms.CycleForm.base_fields, "executive", "status")
        return {name: getattr(cycle, name) for name in names} | {"expected": cycle.lock_version}

    def form_valid(self, form):
        data = form.cleaned_data
        if data["executive"] is None:
            del data["executive"]
        cycle = update_cycle(cycle=self.get_cycle(), actor=self.request.user, **data)
        messages.success(self.request, "Saved.")
        return redirect(cycle)


class CycleReportCreateView(CycleFormView):
    form_class = forms.CycleReportForm
    extra_context = {"heading": "Add a report to the cycle", "submit": "Add report"}

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"cycle": self.get_cycle()}

    def form_valid(self, form):
        cycle_report = create_cycle_report(
            cycle=self.get_cycle(), actor=self.request.user, **form.cleaned_data
        )
        messages.success(self.request, f"{cycle_report} was added with its nine phases.")
        return redirect(cycle_report)
