"""What profiling tells the spine about its phase; imported once the apps are ready."""

from django.urls import reverse

from synapse.cycles import phases
from synapse.cycles.phases import PhaseKind
from synapse.profiling.errors.profiles import ProfileMissing
from synapse.profiling.models import Profile, RuleSet


def register() -> None:
    phases.register(
        PhaseKind.PROFILING,
        url=lambda phase: reverse("profiling:phase_detail", args=[phase.pk]),
        version_model=lambda: RuleSet,
        check_complete=_require_profile,
    )


def _require_profile(phase) -> None:
    """What is approved must have been run: rules that nobody ran say nothing of the data."""
    approved = RuleSet.objects.filter(phase=phase, status=RuleSet.Status.APPROVED).first()
    if (
        approved
        and not Profile.objects.filter(rule_set=approved, finished_at__isnull=False).exists()
    ):
        raise ProfileMissing(number=approved.number)
