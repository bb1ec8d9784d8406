"""What sampling tells the spine about its phase; imported once the apps are ready."""

from django.urls import reverse

from synapse.cycles import phases
from synapse.cycles.phases import PhaseKind
from synapse.sampling.models import SampleSet


def register() -> None:
    phases.register(
        PhaseKind.SAMPLING,
        url=lambda phase: reverse("sampling:phase_detail", args=[phase.pk]),
        version_model=lambda: SampleSet,
    )
