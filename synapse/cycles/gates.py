"""When a phase may start and when it may be completed."""

from collections.abc import Sequence

from synapse.common.errors import DomainError
from synapse.common.versions import OPEN, VersionStatus
from synapse.cycles.errors import ApprovedVersionMissing, OpenVersionExists, PhaseNotOffered
from synapse.cycles.models import Phase
from synapse.cycles.phases import ITEM_GATED, SKIPPABLE, PhaseKind, earlier


def closed_because(phase: Phase, phases: Sequence[Phase]) -> str:
    """Why the phase can't start yet, "" when it can; `phases` are all nine of its cycle-report."""
    others = {other.kind: other for other in phases}
    if phase.kind == PhaseKind.REPORT:
        unfinished = [p for p in phases if p.kind != PhaseKind.REPORT and not p.is_complete]
        return f"{_names(unfinished)} must be complete" if unfinished else ""
    before = earlier(phase.kind)
    if before is None or others[before].is_complete:
        return ""
    if phase.kind in ITEM_GATED:
        hooks = others[before].hooks
        if hooks and hooks.has_ready_item and hooks.has_ready_item(others[before]):
            return ""
        return f"{before.label} has nothing ready yet"
    skippable = " or skipped with a reason" if before in SKIPPABLE else ""
    return f"{before.label} must be complete{skippable}"


def check_completable(phase: Phase) -> None:
    """Raises unless what the phase is to approve is approved and nothing of it is open."""
    hooks = phase.hooks
    if hooks is None:
        raise PhaseNotOffered(phase=phase.get_kind_display())
    if hooks.version_model:
        versions = hooks.version_model().objects.filter(phase=phase)
        open_one = versions.filter(status__in=OPEN).first()
        if open_one:
            raise OpenVersionExists(number=open_one.number, status=open_one.get_status_display())
        if not versions.filter(status=VersionStatus.APPROVED).exists():
            raise ApprovedVersionMissing(phase=phase.get_kind_display())
    if hooks.check_complete:
        hooks.check_complete(phase)


def completion_obstacle(phase: Phase) -> str:
    """What keeps the phase from being completed, in words; "" when nothing does."""
    try:
        check_completable(phase)
    except DomainError as error:
        return error.message
    return ""


def _names(phases: Sequence[Phase]) -> str:
    labels = [phase.get_kind_display() for phase in phases]
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} and {labels[-1]}"
