"""Pages of populations: uploaded, looked at, confirmed, imported, deleted."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.views import View
from django.views.generic import TemplateView

from synapse.common.errors import NotAllowed
from synapse.common.streaming import csv_response
from synapse.common.views import ExpectedForm, PageMixin, ServiceFormView
from synapse.cycles.phases import PhaseKind
from synapse.cycles.selectors import visible_phases
from synapse.profiling import population_exports as exports
from synapse.profiling import population_page as page
from synapse.profiling import rules
from synapse.profiling.columns import names_of
from synapse.profiling.population_forms import MatchForm, ReadingForm, UploadForm
from synapse.profiling.profile_page import frame
from synapse.profiling.selectors import populations as selectors
from synapse.profiling.services import populations, uploading
from synapse.profiling.services.understanding import approved_plan, attributes_of, look_again
from synapse.profiling.tasks.importing import latest_job, require_idle, start_import

PAGE_SIZE = 200


class PopulationUploadView(ServiceFormView):
    """Large files go in parts by script; without it, in one request."""

    form_class = UploadForm
    template_name = "profiling/population_upload.html"

    @cached_property
    def phase(self):
        phases = visible_phases(self.request.user).filter(kind=PhaseKind.PROFILING)
        return get_object_or_404(phases, pk=self.kwargs["pk"])

    def get(self, request, *args, **kwargs):
        rules.require_upload(request.user, self.phase.cycle_report)
        approved_plan(self.phase.cycle_report)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        unfinished = self.phase.cycle_report.populations.filter(file="")
        return super().get_context_data(
            **frame(self.phase), part_size=uploading.PART_SIZE, unfinished=unfinished, **kwargs
        )

    def form_valid(self, form):
        file = form.cleaned_data["file"]
        population = populations.take_population(
            cycle_report=self.phase.cycle_report,
            name=file.name,
            content=file,
            actor=self.request.user,
        )
        return redirect("profiling:population_confirm", population.pk)


class PopulationMixin(PageMixin):
    """One population that the person may see, and what the layout shows of it."""

    request: HttpRequest

    @cached_property
    def population(self):
        rows = selectors.visible_populations(self.request.user)
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @cached_property
    def phase(self):
        phases = visible_phases(self.request.user).filter(kind=PhaseKind.PROFILING)
        return get_object_or_404(phases, cycle_report=self.population.cycle_report_id)

    def get_context_data(self, **kwargs):
        population, job = self.population, latest_job(self.population)
        may = rules.can_upload(self.request.user, self.phase) and not population.is_imported
        return super().get_context_data(
            **frame(self.phase),
            population=population,
            live_job=job if job and (job.is_live or job.error_code or job.failed) else None,
            can_change=may and not (job and job.is_live),
            **kwargs,
        )


class PopulationDetailView(PopulationMixin, TemplateView):
    template_name = "profiling/population_detail.html"

    def get_context_data(self, **kwargs):
        population, asked = self.population, self.request.GET
        attributes = attributes_of(population.plan)
        rejected = asked.get("show") == "rejected"
        rows = selectors.rejected_rows(population) if rejected else self._columns(attributes)
        tabs = [
            {"label": "Columns", "count": len(population.columns), "url": "?show=columns",
             "current": not rejected},
            {"label": "Rejected rows", "count": population.rejected_count,
             "url": "?show=rejected", "current": rejected},
        ]  # fmt: skip
        return super().get_context_data(
            facts=page.facts(population) if population.file else [],
            missing=page.missing_attributes(population, attributes) if population.file else [],
            tabs=tabs,
            rejected=rejected,
            page_obj=Paginator(rows, PAGE_SIZE).get_page(asked.get("page")),
            parts_missing=len(uploading.missing_parts(population)),
            parts_total=uploading.part_count(population),
            **kwargs,
        )

    def _columns(self, attributes) -> list[dict]:
        columns = page.named_columns(self.population.columns, attributes)
        if self.request.GET.get("unmatched"):
            columns = [column for column in columns if not column["attribute"]]
        return columns


class PopulationConfirmView(PopulationMixin, ServiceFormView):
    """How the file is read and what its columns hold, to be mended and confirmed."""

    form_class = ReadingForm
    template_name = "profiling/population_confirm.html"

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            rules.require_upload(request.user, self.population.cycle_report)
            populations.require_whole(self.population)
            populations.require_unfinished(self.population)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def attributes(self):
        return attributes_of(approved_plan(self.population.cycle_report))

    @cached_property
    def look(self):
        return look_again(self.population)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"reading": self.look.reading}

    def get_context_data(self, **kwargs):
        look = kwargs.pop("look", self.look)
        typed, errors = kwargs.pop("typed", None), kwargs.pop("errors", None)
        names = names_of(self.attributes)
        missing = [each for each in self.attributes if each.pk in set(look.match.missing)]
        return super().get_context_data(
            look=look,
            rows=page.looked_at(look, names, typed, errors),
            names=names.values(),
            missing=missing,
            missing_keys=[each for each in missing if each.is_key],
            seen=page.signature(look.reading),
            wrong=len(errors or {}),
            **kwargs,
        )

    def form_valid(self, form):
        changes, sent = form.changes(), self.request.POST
        look = look_again(self.population, changes=changes)
        same = form.cleaned_data["seen"] == page.signature(look.reading)
        if sent.get("action") == "look" or not same:
            asked = sent.get("action") == "look"
            return self._again(form, look=look, reread=not asked)
        matched = MatchForm(sent, look.match.columns, self.attributes)
        if matched.errors:
            return self._again(form, look=look, typed=sent, errors=matched.errors)
        require_idle(self.population)
        confirmed = populations.confirm(
            population=self.population,
            actor=self.request.user,
            lock_version=form.cleaned_data["expected"],
            reading=changes,
            matches=matched.chosen,
        )
        start_import(population=confirmed, actor=self.request.user)
        messages.success(self.request, "The import was started; you can leave this page.")
        return redirect(confirmed)

    def _again(self, form, **context):
        return self.render_to_response(self.get_context_data(form=form, **context))


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
        if not rules.can_upload(request.user, self.phase):
            raise NotAllowed(action="delete populations of this report")
        populations.require_unfinished(self.population)
        return super().get(request, *args, **kwargs)

    def get_initial(self):
        return {"expected": self.population.lock_version}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            question=f"Delete “{self.population}”?",
            effect="Its file goes with it. The trail shows who deleted it.",
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
