"""What planning tells the spine about its phase; imported once the apps are ready."""

from django.urls import reverse

from synapse.cycles import phases
from synapse.cycles.phases import PhaseKind
from synapse.planning.models import Plan


def register() -> None:
    phases.register(
        PhaseKind.PLANNING,
        url=lambda phase: reverse("planning:phase_detail", args=[phase.pk]),
        version_model=lambda: Plan,
    )
