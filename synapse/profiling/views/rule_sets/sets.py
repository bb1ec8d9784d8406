"""The pages that show a rule set."""

from django.core.paginator import Paginator
from django.views.generic import TemplateView

from synapse.profiling import rule_page as page
from synapse.profiling.views.rule_sets.base import RuleSetMixin

PAGE_SIZE = 100


class RuleSetDetailView(RuleSetMixin, TemplateView):
    """The rules of a version. htmx may ask for the list alone."""

    template_name = "profiling/rule_set_detail.html"
    parts = {"list": "profiling/_rule_table.html"}

    def get_template_names(self):
        return [self.parts.get(self.request.headers.get("HX-Target", ""), self.template_name)]

    def get_context_data(self, **kwargs):
        rows = Paginator(self.filterset.qs, PAGE_SIZE).get_page(self.request.GET.get("page"))
        rows.object_list = page.told(list(rows.object_list))
        return super().get_context_data(filters=self.filterset.form, page_obj=rows, **kwargs)
