"""When a phase may start, judged from the states of the others."""

from collections.abc import Sequence

from synapse.cycles.models import Phase
from synapse.cycles.phases import ITEM_GATED, PhaseKind, earlier


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
    return f"{before.label} must be complete"


def _names(phases: Sequence[Phase]) -> str:
    labels = [phase.get_kind_display() for phase in phases]
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} and {labels[-1]}"
