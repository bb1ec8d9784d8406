"""What the pages of a sample set share: the set the person may see, and its filtered rows."""

from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from synapse.common.views import PageMixin
from synapse.cycles.phases import PhaseKind
from synapse.cycles.selectors import visible_phases
from synapse.sampling import page, selectors
from synapse.sampling.filters import SampleFilter
from synapse.sampling.models import Sample


class PhaseMixin(PageMixin):
    """The sampling phase of a report that the person takes part in."""

    @cached_property
    def phase(self):
        phases = visible_phases(self.request.user).filter(kind=PhaseKind.SAMPLING)
        return get_object_or_404(phases, pk=self.kwargs["pk"])


class SampleSetMixin(PageMixin):
    """One sample set that the person may see, and its filtered rows."""

    @cached_property
    def sample_set(self):
        return get_object_or_404(
            selectors.visible_sample_sets(self.request.user), pk=self.kwargs["pk"]
        )

    @cached_property
    def filterset(self):
        rows = selectors.samples_of(self.sample_set, self.request.GET.get("sort", ""))
        return SampleFilter(self.request.GET, rows, request=self.request)

    @cached_property
    def sample(self) -> Sample:
        """The sample in focus; one of another set is not there."""
        rows = selectors.samples_of(self.sample_set)
        sample = get_object_or_404(rows, pk=self.kwargs["sample_pk"])
        sample.version = self.sample_set
        return sample

    def part_asked_for(self) -> str:
        return self.request.headers.get("HX-Target", "")

    def panel_context(self, **more) -> dict:
        return page.panel(self.sample_set, self.sample, self.request.user) | more
