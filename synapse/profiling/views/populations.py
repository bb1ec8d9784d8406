"""Pages of populations: uploaded, shown, imported anew, deleted."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.views import View
from django.views.generic import TemplateView

from synapse.common.errors import DomainError
from synapse.common.streaming import csv_response
from synapse.common.views import FORBIDDEN, ExpectedForm, ServiceFormView
from synapse.cycles.phases import PhaseKind
from synapse.cycles.selectors import visible_phases
from synapse.profiling import population_exports as exports
from synapse.profiling import population_page as page
from synapse.profiling import rules
from synapse.profiling.population_forms import UploadForm
from synapse.profiling.profile_page import frame
from synapse.profiling.selectors import populations as selectors
from synapse.profiling.services import populations, uploading
from synapse.profiling.services.understanding import approved_plan, attributes_of
from synapse.profiling.tasks.importing import require_idle, start_import
from synapse.profiling.views.population_mixin import PopulationMixin

PAGE_SIZE = 200


class PopulationUploadView(ServiceFormView):
    """A script sends files in parts; without it, one request takes those that fit into it."""

    form_class = UploadForm
    template_name = "profiling/population_upload.html"

    @cached_property
    def phase(self):
        phases = visible_phases(self.request.user).filter(kind=PhaseKind.PROFILING)
        return get_object_or_404(phases, pk=self.kwargs["pk"])

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            rules.require_upload(request.user, self.phase.cycle_report)
            approved_plan(self.phase.cycle_report)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        begun = self.phase.cycle_report.populations.filter(file="").order_by("-pk")
        unfinished = begun.select_related("uploaded_by")
        return super().get_context_data(
            **frame(self.phase), part_size=uploading.PART_SIZE, unfinished=unfinished, **kwargs
        )

    def form_valid(self, form):
        file = form.cleaned_data["file"]
        try:
            population = populations.take_population(
                cycle_report=self.phase.cycle_report,
                name=file.name,
                content=file,
                actor=self.request.user,
            )
        except DomainError as error:
            if error.http_status == FORBIDDEN:
                raise
            form.add_error("file", error.message)
            return self.render_to_response(
                self.get_context_data(form=form), status=error.http_status
            )
        return redirect("profiling:population_confirm", population.pk)


class PopulationDetailView(PopulationMixin, TemplateView):
    template_name = "profiling/population_detail.html"

    def get_context_data(self, **kwargs):
        population, asked = self.population, self.request.GET
        attributes = attributes_of(population.plan)
        rejected = asked.get("show") == "rejected"
        rows = selectors.rejected_rows(population) if rejected else self._columns(attributes)
        current = selectors.current_population(population.cycle_report)
        return super().get_context_data(
            facts=page.facts(population, attributes),
            missing=page.missing_attributes(population, attributes),
            reading=page.reading_facts(population.reading),
            tabs=page.tabs(population, rejected=rejected),
            rejected=rejected,
            unmatched="unmatched" in asked,
            page_obj=Paginator(rows, PAGE_SIZE).get_page(asked.get("page")),
            is_current=population == current,
            same_file=page.same_file(population),
            parts_missing=len(uploading.missing_parts(population)),
            parts_total=uploading.part_count(population),
            **kwargs,
        )

    def _columns(self, attributes) -> list[dict]:
        columns = page.named_columns(self.population.columns, attributes)
        if "unmatched" in self.request.GET:
            columns = [column for column in columns if not column["attribute"]]
        return columns


class PopulationImportView(PopulationMixin, View):
    """Starts a confirmed import anew."""

    def post(self, request, *args, **kwargs):
        start_import(population=self.population, actor=request.user)
        messages.success(request, "The import was started; you can leave this page.")
        return redirect(self.population)


class PopulationDeleteView(PopulationMixin, ServiceFormView):
    form_class = ExpectedForm
    template_name = "profiling/population_delete.html"

    def get(self, request, *args, **kwargs):
        rules.require_upload(request.user, self.population.cycle_report)
        populations.require_unfinished(self.population)
        require_idle(self.population)
        return super().get(request, *args, **kwargs)

    def get_initial(self):
        return {"expected": self.population.lock_version}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            question=f"Delete “{self.population}”?",
            effect="Its file goes with it and can't be brought back. "
            "The trail keeps who deleted it, its name and its hash.",
            submit="Delete",
            danger=True,
            cancel_url=self.population.get_absolute_url(),
            **kwargs,
        )

    def form_valid(self, form):
        population, phase = self.population, self.phase
        require_idle(population)
        populations.delete_population(
            population=population,
            actor=self.request.user,
            lock_version=form.cleaned_data["expected"],
        )
        messages.success(self.request, f"“{population}” was deleted.")
        return redirect("profiling:phase_detail", phase.pk)


class RejectedRowExportView(PopulationMixin, View):
    def get(self, request, *args, **kwargs):
        return csv_response(request, *exports.rejected_rows(self.population))
