"""What the pages of one population share."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from jobs.states import Status
from synapse.common.views import PageMixin
from synapse.cycles.phases import PhaseKind
from synapse.cycles.selectors import visible_phases
from synapse.profiling import rules
from synapse.profiling.profile_page import frame
from synapse.profiling.selectors import populations as selectors
from synapse.profiling.tasks.importing import latest_job


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
        running = bool(job and job.is_live)
        may = rules.can_upload(self.request.user, self.phase) and not population.is_imported
        return super().get_context_data(
            **frame(self.phase),
            population=population,
            live_job=job if job and (running or job.status != Status.SUCCEEDED) else None,
            running=running,
            can_change=may and not running,
            **kwargs,
        )
