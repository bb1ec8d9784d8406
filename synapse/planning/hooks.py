"""What planning tells the spine about its phase; imported once the apps are ready."""

from django.urls import reverse

from synapse.cycles import model_calls, phases
from synapse.cycles.phases import PhaseKind
from synapse.planning.models import Attribute, Plan


def register() -> None:
    phases.register(
        PhaseKind.PLANNING,
        url=lambda phase: reverse("planning:phase_detail", args=[phase.pk]),
        version_model=lambda: Plan,
    )
    model_calls.register_results(
        rows=lambda cycle_reports: Attribute.objects.filter(
            version__phase__cycle_report__in=cycle_reports
        ).select_related("version"),
        fact=lambda attribute: (
            f"Attribute, {attribute.version}",
            attribute.name,
            attribute.get_absolute_url(),
        ),
    )
