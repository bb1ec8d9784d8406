"""The pages that show a sample set: the review, one record in focus, comparison, exports."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import DetailView, TemplateView, View

from synapse.common.queries import number_in
from synapse.common.streaming import csv_response
from synapse.common.views import filtered
from synapse.sampling import exports, page, rules, selectors
from synapse.sampling.views.base import PhaseMixin, SampleSetMixin

PAGE_SIZE = 100


class PhaseView(PhaseMixin, TemplateView):
    """The phase's newest sample set, or the way to the first one."""

    template_name = "sampling/phase_detail.html"

    def get(self, request, *args, **kwargs):
        newest = selectors.versions_of(self.phase).first()
        return redirect(newest) if newest else super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **page.frame(self.phase),
            **page.standing(self.phase),
            can_start=page.can_start(self.phase, self.request.user),
            **kwargs,
        )


class SampleSetDetailView(SampleSetMixin, TemplateView):
    """The review: facts, list and panel. htmx may ask for the list or the panel alone."""

    template_name = "sampling/sampleset_detail.html"
    parts = {"list": "sampling/_sample_table.html", "panel": "sampling/_panel.html"}

    def get_template_names(self):
        return [self.parts.get(self.part_asked_for(), self.template_name)]

    def get_context_data(self, **kwargs):
        part = self.part_asked_for()
        context = super().get_context_data(
            sample_set=self.sample_set, version=self.sample_set, **kwargs
        )
        context["query"] = self.request.GET.urlencode()
        if part != "panel":
            rows = Paginator(self.filterset.qs, PAGE_SIZE)
            context["page_obj"] = rows.get_page(self.request.GET.get("page"))
            context["can_edit"] = rules.can_edit_sample_set(self.request.user, self.sample_set)
            context["chips"] = self.filterset.chips(self.sample_set.get_absolute_url())
        if part != "list":
            context |= self.focus()
        if part not in self.parts:
            context |= page.review(self.sample_set, self.request.user)
            context["filters"] = self.filterset.form
        return context

    def focus(self) -> dict:
        return {"sample": None}


class SampleDetailView(SampleSetDetailView):
    """The review with one record in focus."""

    def focus(self) -> dict:
        return self.panel_context()


class SampleHistoryView(SampleSetMixin, TemplateView):
    """How a record came to its decision."""

    template_name = "sampling/sample_history.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **page.frame(self.sample_set.phase),
            **page.history(self.sample_set, self.sample),
            **kwargs,
        )


class SampleSetCompareView(SampleSetMixin, DetailView):
    """What changed since the version this one was made from, or since another one."""

    template_name = "sampling/sampleset_compare.html"

    def get_object(self, queryset=None):
        return self.sample_set

    def get_context_data(self, **kwargs):
        others = selectors.visible_sample_sets(self.request.user)
        others = others.filter(phase=self.sample_set.phase).exclude(pk=self.sample_set.pk)
        others = others.order_by("-number")
        wanted = number_in(self.request.GET.get("with"))
        if wanted is not None:
            other = get_object_or_404(others, number=wanted)
        else:
            other = others.filter(number__lt=self.sample_set.number).first() or others.first()
        return super().get_context_data(
            **page.frame(self.sample_set.phase),
            version=self.sample_set,
            other=other,
            others=others,
            changes=selectors.compare(other, self.sample_set) if other else [],
            **kwargs,
        )


class SampleSetVersionsView(SampleSetMixin, TemplateView):
    """All versions of the phase, with who submitted and who decided."""

    template_name = "sampling/sampleset_versions.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **page.frame(self.sample_set.phase),
            version=self.sample_set,
            versions=selectors.versions_of(self.sample_set.phase),
            **kwargs,
        )


class SampleSetExportView(SampleSetMixin, View):
    """The rows that the filter shows, as CSV or JSON."""

    def get(self, request, *args, **kwargs):
        form = self.kwargs["form"]
        name = f"samples-{self.sample_set.pk}-v{self.sample_set.number}.{form}"
        # Read before the answer begins: a stream must not hold a connection of the pool.
        samples = list(filtered(self.filterset))
        if form == "json":
            text = exports.as_json(self.sample_set, samples)
            headers = {"Content-Disposition": f'attachment; filename="{name}"'}
            return HttpResponse(text, content_type="application/json", headers=headers)
        return csv_response(request, name, exports.csv_rows(self.sample_set, samples))
