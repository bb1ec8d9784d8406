"""Starting, completing, skipping and reopening phases, and moving their planned dates."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from synapse.audit.services import record
from synapse.common.errors import Invalid, NotAllowed, Stale, require_reason
from synapse.cycles import rules
from synapse.cycles.errors import GateClosed, NotSkippable, PhaseNotOffered, WrongState
from synapse.cycles.gates import check_completable, closed_because
from synapse.cycles.models import CycleReport, Phase
from synapse.cycles.phases import SKIPPABLE
from synapse.cycles.services.approval import lock_phase
from synapse.cycles.states import CycleStatus, PhaseState


@transaction.atomic
def start_phase(*, phase: Phase, actor) -> Phase:
    """Opens the phase once the gate before it is met."""
    phase = lock_phase(phase.pk)
    _require_runner(actor, phase, "start")
    _require_state(phase, PhaseState.NOT_STARTED, "only a phase not yet started can be started")
    _require_running_cycle(phase)
    _require_gate(phase)
    if phase.hooks is None:
        raise PhaseNotOffered(phase=phase.get_kind_display())
    if phase.hooks.check_start:
        phase.hooks.check_start(phase)
    phase.started_at, phase.started_by = timezone.now(), actor
    _move(phase, PhaseState.IN_PROGRESS, "start", actor)
    if phase.hooks.on_start:
        phase.hooks.on_start(phase, actor)
    return phase


@transaction.atomic
def complete_phase(*, phase: Phase, actor) -> Phase:
    """Closes the phase; what it was to approve must be approved and nothing left open."""
    phase = lock_phase(phase.pk)
    _require_runner(actor, phase, "complete")
    _require_state(phase, PhaseState.IN_PROGRESS, "only a phase in progress can be completed")
    check_completable(phase)
    _close(phase, "complete", actor)
    if phase.hooks.on_complete:
        phase.hooks.on_complete(phase, actor)
    return phase


@transaction.atomic
def skip_phase(*, phase: Phase, actor, reason: str) -> Phase:
    """Closes a phase that may be left out, with the reason for leaving it out."""
    phase = lock_phase(phase.pk)
    _require_runner(actor, phase, "skip")
    if phase.kind not in SKIPPABLE:
        raise NotSkippable(phase=phase.get_kind_display())
    _require_state(phase, PhaseState.NOT_STARTED, "only a phase not yet started can be skipped")
    _require_running_cycle(phase)
    _require_gate(phase)
    phase.skip_reason = require_reason(reason, "the file has to show why the phase was left out")
    _close(phase, "skip", actor, reason=phase.skip_reason)
    return phase


@transaction.atomic
def reopen_phase(*, phase: Phase, actor, reason: str) -> Phase:
    """Puts a completed or skipped phase back; the cycle's executive does that, with a reason."""
    phase = lock_phase(phase.pk)
    if not rules.can_lead(actor, phase.cycle_report.cycle):
        raise NotAllowed(action="reopen a phase; the cycle's executive does")
    _require_state(phase, PhaseState.COMPLETE, "only a completed phase can be reopened")
    reason = require_reason(reason, "the file has to show why the phase was reopened")
    skipped = phase.is_skipped
    phase.completed_at = phase.completed_by = None
    phase.skip_reason = ""
    phase.progress = 0 if skipped else None
    state = PhaseState.NOT_STARTED if skipped else PhaseState.IN_PROGRESS
    _move(phase, state, "reopen", actor, reason=reason)
    CycleReport.objects.filter(pk=phase.cycle_report_id).update(completed_at=None)
    return phase


@transaction.atomic
def plan_phase(
    *, phase: Phase, actor, planned_start: date, planned_end: date, expected: int | None = None
) -> Phase:
    """Moves the planned dates; `expected` is the lock version they were read at."""
    phase = lock_phase(phase.pk)
    _require_runner(actor, phase, "plan")
    if expected is not None and expected != phase.lock_version:
        raise Stale(what=str(phase))
    if planned_end < planned_start:
        raise Invalid(
            reason="The planned end is before the planned start.",
            errors=[
                {"pointer": "/planned_end", "code": "before_start", "detail": "Before the start."}
            ],
        )
    before = {"planned_start": phase.planned_start, "planned_end": phase.planned_end}
    phase.planned_start, phase.planned_end = planned_start, planned_end
    phase.lock_version += 1
    phase.save()
    after = {"planned_start": planned_start, "planned_end": planned_end}
    _record(phase, "plan", actor, before, after)
    return phase


def report_progress(*, phase: Phase, percent: int) -> None:
    """How far the phase's work is; called by the app that does it, inside its own change."""
    Phase.objects.filter(pk=phase.pk, state=PhaseState.IN_PROGRESS).update(
        progress=max(0, min(100, percent))
    )


def _require_runner(actor, phase: Phase, verb: str) -> None:
    if not rules.can_run_phases(actor, phase.cycle_report):
        raise NotAllowed(action=f"{verb} phases of this report")


def _require_running_cycle(phase: Phase) -> None:
    cycle = phase.cycle_report.cycle
    if cycle.status != CycleStatus.ACTIVE:
        raise WrongState(
            what=str(cycle),
            state=cycle.get_status_display(),
            needed="testing needs an active cycle",
        )


def _require_state(phase: Phase, state: str, needed: str) -> None:
    if phase.state != state:
        label = "skipped" if phase.is_skipped else phase.get_state_display()
        raise WrongState(what=phase.get_kind_display(), state=label, needed=needed)


def _require_gate(phase: Phase) -> None:
    why = closed_because(phase, list(phase.cycle_report.phases.all()))
    if why:
        raise GateClosed(phase=phase.get_kind_display(), why=why)


def _close(phase: Phase, action: str, actor, reason: str = "") -> None:
    phase.completed_at, phase.completed_by = timezone.now(), actor
    phase.progress = 100
    _move(phase, PhaseState.COMPLETE, action, actor, reason=reason)
    cycle_report = phase.cycle_report
    if not cycle_report.phases.exclude(state=PhaseState.COMPLETE).exists():
        cycle_report.completed_at = phase.completed_at
        cycle_report.save(update_fields=["completed_at"])


def _move(phase: Phase, state: str, action: str, actor, reason: str = "") -> None:
    before = phase.state
    phase.state = state
    phase.lock_version += 1
    phase.save()
    _record(phase, action, actor, {"state": before}, {"state": state}, reason)


def _record(phase: Phase, action: str, actor, before: dict, after: dict, reason="") -> None:
    record(
        actor=actor,
        action=f"phase.{action}",
        obj=phase,
        before=before,
        after=after,
        reason=reason,
        cycle_report=phase.cycle_report,
    )
