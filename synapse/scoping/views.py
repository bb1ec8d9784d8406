"""The pages of a scope: the review, one attribute in focus, comparison, history, export."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.views.generic import DetailView, TemplateView, View

from synapse.common.queries import number_in
from synapse.common.streaming import csv_response
from synapse.common.views import PageMixin, filtered
from synapse.cycles.phases import PhaseKind
from synapse.cycles.selectors import visible_phases
from synapse.scoping import exports, page, rules, selectors
from synapse.scoping.filters import ScopeItemFilter
from synapse.scoping.models import ScopeItem
from synapse.scoping.submission import approved_plan

PAGE_SIZE = 150


class ScopeMixin(PageMixin):
    """One scope that the person may see, and its filtered rows."""

    @cached_property
    def scope(self):
        return get_object_or_404(selectors.visible_scopes(self.request.user), pk=self.kwargs["pk"])

    @cached_property
    def filterset(self):
        items = selectors.items_of(self.scope, self.request.GET.get("sort", ""))
        return ScopeItemFilter(self.request.GET, items, request=self.request)

    @cached_property
    def item(self) -> ScopeItem:
        """The item in focus; one of another scope is not there."""
        item_id = self.kwargs["item_pk"]
        get_object_or_404(self.scope.scope_items.only("pk"), pk=item_id)
        return selectors.panel_item(self.scope, item_id)

    def part_asked_for(self) -> str:
        return self.request.headers.get("HX-Target", "")

    def panel_context(self, **more) -> dict:
        return page.panel(self.scope, self.item, self.request.user) | more


class PhaseView(PageMixin, TemplateView):
    """The phase's newest scope, or the way to the first one."""

    template_name = "scoping/phase_detail.html"

    @cached_property
    def phase(self):
        phases = visible_phases(self.request.user).filter(kind=PhaseKind.SCOPING)
        return get_object_or_404(phases, pk=self.kwargs["pk"])

    def get(self, request, *args, **kwargs):
        newest = selectors.versions_of(self.phase).first()
        return redirect(newest) if newest else super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **page.frame(self.phase),
            plan=approved_plan(self.phase),
            can_start=page.can_start(self.phase, self.request.user),
            **kwargs,
        )


class ScopeDetailView(ScopeMixin, TemplateView):
    """The review: facts, list and panel. htmx may ask for the list or the panel alone."""

    template_name = "scoping/scope_detail.html"
    parts = {"list": "scoping/_item_table.html", "panel": "scoping/_panel.html"}

    def get_template_names(self):
        return [self.parts.get(self.part_asked_for(), self.template_name)]

    def get_context_data(self, **kwargs):
        part = self.part_asked_for()
        context = super().get_context_data(scope=self.scope, version=self.scope, **kwargs)
        context["query"] = self.request.GET.urlencode()
        if part != "panel":
            rows = Paginator(self.filterset.qs, PAGE_SIZE)
            context["page_obj"] = rows.get_page(self.request.GET.get("page"))
            context["can_edit"] = rules.can_edit_scope(self.request.user, self.scope)
            context["chips"] = self.filterset.chips(self.scope.get_absolute_url())
        if part != "list":
            context |= self.focus()
        if part not in self.parts:
            context |= page.review(self.scope, self.request.user)
            context["filters"] = self.filterset.form
        return context

    def focus(self) -> dict:
        return {"item": None}


class ItemDetailView(ScopeDetailView):
    """The review with one attribute in focus."""

    def focus(self) -> dict:
        return self.panel_context()


class ItemHistoryView(ScopeMixin, TemplateView):
    """How an attribute was judged and decided: the call with its prompt, and the trail."""

    template_name = "scoping/item_history.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **page.frame(self.scope.phase),
            **page.history(self.scope, self.item),
            **kwargs,
        )


class ScopeCompareView(ScopeMixin, DetailView):
    """What changed since the version this one was made from, or since another one."""

    template_name = "scoping/scope_compare.html"

    def get_object(self, queryset=None):
        return self.scope

    def get_context_data(self, **kwargs):
        others = selectors.visible_scopes(self.request.user).filter(phase=self.scope.phase)
        others = others.exclude(pk=self.scope.pk).order_by("-number")
        wanted = number_in(self.request.GET.get("with"))
        if wanted is not None:
            other = get_object_or_404(others, number=wanted)
        else:
            other = others.filter(number__lt=self.scope.number).first() or others.first()
        return super().get_context_data(
            **page.frame(self.scope.phase),
            version=self.scope,
            other=other,
            others=others,
            changes=selectors.compare(other, self.scope) if other else [],
            **kwargs,
        )


class ScopeVersionsView(ScopeMixin, TemplateView):
    """All versions of the phase, with who submitted and who decided."""

    template_name = "scoping/scope_versions.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **page.frame(self.scope.phase),
            version=self.scope,
            versions=selectors.versions_of(self.scope.phase),
            **kwargs,
        )


class ScopeExportView(ScopeMixin, View):
    """CSV of the rows that the filter shows."""

    def get(self, request, *args, **kwargs):
        name = f"scope-{self.scope.pk}-v{self.scope.number}.csv"
        # Read before the answer begins: a stream must not hold a connection of the pool.
        items = list(filtered(self.filterset))
        return csv_response(request, name, exports.rows(items))
