"""The plan: its facts, its attributes, the one in focus, and its exports."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views import View
from django.views.generic import TemplateView

from synapse.common.queries import number_in
from synapse.common.views import FilteredListView, PageMixin, filtered
from synapse.cycles import rules as spine
from synapse.cycles.selectors import steps, visible_phases
from synapse.planning import content, exports, selectors
from synapse.planning.filters import AttributeFilter, PlanFilter
from synapse.planning.services.plans import start_plan
from synapse.planning.services.sources import has_text
from synapse.planning.views.base import PlanMixin

# All fields of a usual report on one page; more only for very large ones.
PAGE_SIZE = 200


class PlanListView(FilteredListView):
    filterset_class = PlanFilter
    template_name = "planning/plan_list.html"
    table_template = "planning/_plan_table.html"

    def base_queryset(self):
        return selectors.visible_plans(self.request.user).order_by("-pk")


class PhaseDetailView(PageMixin, TemplateView):
    """The newest plan of a planning phase, or the way to a first one."""

    template_name = "planning/phase_detail.html"

    def get(self, request, *args, **kwargs):
        self.phase = get_object_or_404(
            visible_phases(request.user), pk=kwargs["pk"], kind="planning"
        )
        plan = selectors.latest_plan(self.phase)
        return redirect(plan) if plan else super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        cycle_report = self.phase.cycle_report
        return super().get_context_data(
            phase=self.phase,
            cycle_report=cycle_report,
            steps=steps(cycle_report),
            can_start=self.phase.is_in_progress
            and spine.can_work_on(self.request.user, cycle_report),
            **kwargs,
        )


class PlanStartView(PageMixin, View):
    def post(self, request, pk):
        phase = get_object_or_404(visible_phases(request.user), pk=pk, kind="planning")
        plan = start_plan(phase=phase, actor=request.user)
        messages.success(request, f"{plan} was started.")
        return redirect(plan)


class PlanDetailView(PlanMixin, TemplateView):
    """The work: list left, the attribute in focus right."""

    template_name = "planning/plan_detail.html"
    parts = {"list": "planning/_attribute_list.html", "panel": "planning/_attribute_panel.html"}

    def get_template_names(self):
        target = self.request.headers.get("HX-Target", "")
        return [self.parts.get(target, self.template_name)]

    def get_context_data(self, **kwargs):
        plan = self.plan
        filterset = AttributeFilter(self.request.GET or None, plan.items())
        page = Paginator(filterset.qs, PAGE_SIZE).get_page(self.request.GET.get("page"))
        focus, refused = self._focus(page), selectors.refused_drafts(plan)
        told = [draft.llm_call_id for draft in refused] + ([focus.llm_call_id] if focus else [])
        calls = selectors.visible_calls(self.request.user, told)
        return super().get_context_data(
            filters=filterset.form,
            page_obj=page,
            focus=focus,
            has_text=focus and has_text(focus),
            calls=calls,
            call_visible=focus and focus.llm_call_id in calls,
            facts=selectors.facts(plan),
            versions=selectors.versions(plan),
            refused=refused,
            documents=selectors.documents(plan),
            note=content.BY_NUMBER if plan.keyless else "",
            missing=content.missing_for_submission(plan) if plan.is_draft else [],
            **kwargs,
        )

    def _focus(self, page):
        """The attribute of the address, else the first of the list."""
        wanted = number_in(self.request.GET.get("attribute"))
        if wanted is None:
            wanted = page.object_list[0].pk if page.object_list else 0
        attributes = self.plan.attributes.select_related("document", "noted_by")
        attributes = attributes.prefetch_related("issues")
        return attributes.filter(pk=wanted).first()


class PlanExportView(PlanMixin, View):
    """Exactly the attributes that the filters of the address leave."""

    def get(self, request, pk, form):
        filters = AttributeFilter(request.GET, self.plan.items())
        rows = exports.exported(filtered(filters))
        name = f"plan-{self.plan.pk}-version-{self.plan.number}.{form}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        if form == "json":
            body = {"plan": self.plan.pk, "attributes": [exports.as_record(row) for row in rows]}
            return JsonResponse(body, headers=headers)
        # The mark makes spreadsheets read UTF-8.
        text = "\ufeff" + exports.as_csv(rows)
        return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)
