"""What planning tells the spine about its phase; imported once the apps are ready."""

from django.urls import reverse

from synapse.cycles import phases, rules
from synapse.cycles.phases import PhaseKind
from synapse.cycles.services.approval import start_version
from synapse.planning.models import Plan


def register() -> None:
    phases.register(
        PhaseKind.PLANNING,
        url=lambda phase: reverse("planning:phase_detail", args=[phase.pk]),
        version_model=lambda: Plan,
        on_start=_begin_first_version,
    )


def _begin_first_version(phase, actor) -> None:
    """The tester who starts the phase finds a draft to work on."""
    if rules.can_work_on(actor, phase.cycle_report):
        start_version(model=Plan, phase=phase, actor=actor)
