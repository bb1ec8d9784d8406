"""What model calls cost: by day, operation, report, user or provider."""

from functools import cached_property

from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import redirect
from django.views import View
from django.views.generic import TemplateView

from llm import costs, exporting, selectors
from llm.forms import CostForm, address, usual_data


class CostMixin(LoginRequiredMixin):
    """Reads the period and the group of the address."""

    def read(self) -> CostForm:
        return CostForm(usual_data() | self.request.GET.dict())

    @cached_property
    def calls(self):
        return selectors.visible_calls(self.request.user)


class CostReportView(CostMixin, TemplateView):
    """Of the calls that one may see."""

    def get_template_names(self):
        # A filter changed by htmx needs the part alone.
        part = self.request.htmx and not self.request.htmx.boosted
        return ["llm/_cost_table.html" if part else "llm/cost_report.html"]

    def get_context_data(self, **kwargs):
        form = self.read()
        asked = form.asked()
        period = {name: asked[name] for name in ("started_from", "started_to")}
        lines = costs.lines(self.calls, **asked)
        return super().get_context_data(
            filters=form,
            group=costs.GROUPS[asked["by"]],
            period=period,
            query=address(asked),
            lines=[(line, self.calls_of(asked["by"], line, period)) for line in lines],
            sums=costs.total(self.calls, **period),
            budgets=costs.budgets_today(self.request.user),
            most=costs.MOST,
            **kwargs,
        )

    def calls_of(self, by: str, line: costs.Line, period: dict) -> str:
        """The address of the calls that a line adds up; empty where no filter names them."""
        filters = costs.filters_of(by, line)
        url = redirect("llm:call_list").url
        return "" if filters is None else f"{url}?{address(period, **filters)}"


class CostExportView(CostMixin, View):
    """The same as a file for a spreadsheet."""

    def get(self, request):
        asked = self.read().understood()
        return exporting.costs_csv(asked["by"], costs.lines(self.calls, **asked))
