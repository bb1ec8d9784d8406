"""What model calls cost."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.views.generic import TemplateView

from llm import selectors


class CostReportView(LoginRequiredMixin, TemplateView):
    template_name = "llm/cost_report.html"

    def get_context_data(self, **kwargs):
        calls = selectors.visible_calls(self.request.user)
        return super().get_context_data(totals=selectors.totals(calls), **kwargs)
