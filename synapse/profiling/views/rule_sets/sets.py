"""The pages that show a rule set: its rules, one in focus, comparison, versions, exports."""

from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views import View
from django.views.generic import TemplateView

from synapse.common.queries import number_in
from synapse.common.views import filtered
from synapse.profiling import rule_changes, rule_exports
from synapse.profiling import rule_page as page
from synapse.profiling.rule_panel import panel
from synapse.profiling.selectors import rule_sets as selectors
from synapse.profiling.views.rule_sets.base import RuleSetMixin, RuleSetPageMixin

PAGE_SIZE = 100


class RuleSetDetailView(RuleSetMixin, TemplateView):
    """The rules left, the one in focus right. htmx may ask for the list or the panel alone."""

    template_name = "profiling/rule_set_detail.html"
    parts = {"list": "profiling/_rule_table.html", "panel": "profiling/_rule_panel.html"}

    @property
    def part(self) -> str:
        return self.request.headers.get("HX-Target", "")

    def get_template_names(self):
        return [self.parts.get(self.part, self.template_name)]

    def get_context_data(self, **kwargs):
        around = page.layout if self.part == "panel" else page.review
        context = super().get_context_data(**around(self.rule_set, self.request.user), **kwargs)
        context["query"] = page.list_query(self.request.GET)
        if self.part != "list":
            context |= panel(self.rule_set, self.focus())
        if self.part != "panel":
            rows = Paginator(self.filterset.qs, PAGE_SIZE).get_page(self.request.GET.get("page"))
            rows.object_list = page.told(list(rows), self.rule_set, self.request.GET)
            context |= {"filters": self.filterset.form, "page_obj": rows}
        return context

    def focus(self):
        """The rule that the address names."""
        return self.rule_set.rules.filter(pk=number_in(self.request.GET.get("rule"))).first()


class RuleSetCompareView(RuleSetPageMixin, TemplateView):
    """What changed since the version before this one, or since another one."""

    template_name = "profiling/rule_set_compare.html"

    def get_context_data(self, **kwargs):
        others = selectors.visible_rule_sets(self.request.user).order_by("-number")
        others = others.filter(phase=self.rule_set.phase).exclude(pk=self.rule_set.pk)
        wanted = number_in(self.request.GET.get("with"))
        if wanted is not None:
            other = get_object_or_404(others, number=wanted)
        else:
            other = others.filter(number__lt=self.rule_set.number).first() or others.first()
        return super().get_context_data(
            other=other,
            others=others,
            changes=rule_changes.compare(other, self.rule_set) if other else [],
            **kwargs,
        )


class RuleSetVersionsView(RuleSetPageMixin, TemplateView):
    """All versions of the phase, with who submitted and who decided."""

    template_name = "profiling/rule_set_versions.html"

    def get_context_data(self, **kwargs):
        versions = selectors.rule_sets_of(self.rule_set.phase)
        return super().get_context_data(versions=versions, **kwargs)


class RuleSetExportView(RuleSetMixin, View):
    """Exactly the rules that the filters of the address leave, fit to be imported again."""

    def get(self, request, pk, form):
        rules = list(filtered(self.filterset))
        name = f"rules-{self.rule_set.cycle_report.pk}-version-{self.rule_set.number}.{form}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        if form == "json":
            told = [rule_exports.as_record(rule) for rule in rules]
            body = {"rule_set": self.rule_set.pk, "rules": told}
            return JsonResponse(body, headers=headers)
        # The mark makes spreadsheets read UTF-8.
        text = "\ufeff" + rule_exports.as_csv(rules)
        return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)
