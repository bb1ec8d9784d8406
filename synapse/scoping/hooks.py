"""What scoping tells the spine about its phase; imported once the apps are ready."""

from django.urls import reverse

from synapse.cycles import model_calls, phases, rules
from synapse.cycles.phases import PhaseKind
from synapse.scoping.models import Scope, ScopeItem
from synapse.scoping.services.drafting import start_scope


def register() -> None:
    phases.register(
        PhaseKind.SCOPING,
        url=lambda phase: reverse("scoping:phase_detail", args=[phase.pk]),
        version_model=lambda: Scope,
        on_start=_begin_first_version,
    )
    model_calls.register_results(
        rows=lambda cycle_reports: ScopeItem.objects.filter(
            version__phase__cycle_report__in=cycle_reports
        ).select_related("version", "attribute"),
        fact=lambda item: (
            f"Judgement, {item.version}",
            item.attribute.name,
            item.get_absolute_url(),
        ),
    )


def _begin_first_version(phase, actor) -> None:
    """The tester who starts the phase finds a draft with every attribute of the plan."""
    if rules.can_work_on(actor, phase.cycle_report):
        start_scope(phase=phase, actor=actor)
