"""The moves of a version: drafted, submitted, decided, revised, each under the phase's lock."""

from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from synapse.audit.services import record
from synapse.common.errors import NotAllowed, require_reason
from synapse.common.versions import OPEN, Version, VersionStatus, content_hash
from synapse.cycles import rules
from synapse.cycles.errors import NotApprover, OpenVersionExists, OwnApproval, WrongState
from synapse.cycles.models import Phase
from synapse.cycles.services.assignments import close_assignments, open_assignment
from synapse.cycles.states import REVISABLE, VERSION_MOVES, AssignmentKind, AssignmentStatus

V = TypeVar("V", bound=Version)


def lock_phase(phase_id: int) -> Phase:
    """The phase with its cycle-report and report, all three locked until the transaction ends.

    The tester and the owner are read from them: a move and a handover wait for each other, so no
    to-do is left with the person who handed over.
    """
    return (
        Phase.objects.select_for_update(
            of=("self", "cycle_report", "cycle_report__report"), no_key=True
        )
        # Not the people: a row that waited for its lock is joined with those it had before.
        .select_related("cycle_report__cycle", "cycle_report__report")
        .get(pk=phase_id)
    )


@transaction.atomic
def start_version(*, model: type[V], phase: Phase, actor, **fields: Any) -> V:
    """A new, empty draft; refused while another version of the phase is open."""
    phase = lock_phase(phase.pk)
    _require_worker(actor, phase)
    version = _new_draft(model, phase, actor, **fields)
    _record("start", version, actor, before=None)
    return version


@transaction.atomic
def submit(*, version: V, actor, note: str = "") -> V:
    """Hands the draft to the report's owner and puts it on their list."""
    phase, version = _locked(version)
    _require_worker(actor, phase)
    _require_move("submit", version)
    version.check_submittable()
    version.submitted_by, version.submitted_at = actor, timezone.now()
    version.submission_note = note.strip()
    _move("submit", version, actor, reason=version.submission_note)
    if version.parent_id:
        close_assignments(subject=version.parent, actor=actor, kind=AssignmentKind.REWORK)
    open_assignment(
        kind=AssignmentKind.APPROVAL,
        phase=phase,
        subject=version,
        assigned_to=phase.cycle_report.report.owner,
        title=f"{version.approval_title}: {phase.cycle_report}",
        actor=actor,
    )
    return version


@transaction.atomic
def withdraw(*, version: V, actor) -> V:
    """Takes a submitted version back into draft, before it is decided."""
    phase, version = _locked(version)
    _require_worker(actor, phase)
    _require_move("withdraw", version)
    version.submitted_by = version.submitted_at = None
    version.submission_note = ""
    _move("withdraw", version, actor)
    close_assignments(
        subject=version,
        actor=actor,
        kind=AssignmentKind.APPROVAL,
        status=AssignmentStatus.CANCELLED,
    )
    return version


@transaction.atomic
def approve(*, version: V, actor, note: str = "") -> V:
    """Seals the version with the hash of its items; the one approved before is superseded."""
    phase, version = _locked(version)
    _require_decider(actor, phase, version)
    _require_move("approve", version)
    former = type(version).objects.filter(phase=phase, status=VersionStatus.APPROVED).first()
    if former:
        _move("supersede", former, actor)
    version.content_hash = content_hash(version)
    _decide("approve", version, actor, note.strip())
    return version


@transaction.atomic
def reject(*, version: V, actor, reason: str) -> V:
    """Sends the version back; the tester finds the reason on their list."""
    phase, version = _locked(version)
    _require_decider(actor, phase, version)
    _require_move("reject", version)
    reason = require_reason(reason, "the tester has to know what to change")
    _decide("reject", version, actor, reason)
    open_assignment(
        kind=AssignmentKind.REWORK,
        phase=phase,
        subject=version,
        assigned_to=phase.cycle_report.tester,
        title=f"Revise {version._meta.verbose_name} version {version.number}: {phase.cycle_report}",
        actor=actor,
    )
    return version


@transaction.atomic
def revise(*, version: V, actor) -> V:
    """A new draft with a copy of the decided version's items; the decided one stays as it is."""
    phase, version = _locked(version)
    _require_worker(actor, phase)
    if version.status not in REVISABLE:
        raise WrongState(
            what=str(version),
            state=version.get_status_display(),
            needed="only an approved or rejected version can be revised",
        )
    inherited = {name: getattr(version, name) for name in version.fields_to_copy}
    draft = _new_draft(type(version), phase, actor, parent=version, **inherited)
    version.copy_items_to(draft)
    _record("revise", draft, actor, before=None)
    return draft


def _locked(version: V) -> tuple[Phase, V]:
    """The phase and the version as they are now; the phase first, so that moves queue up."""
    phase = lock_phase(version.phase_id)
    fresh = type(version).objects.select_for_update(of=("self",)).get(pk=version.pk)
    fresh.phase = phase
    return phase, fresh


def _new_draft(model: type[V], phase: Phase, actor, **fields: Any) -> V:
    if not phase.is_in_progress:
        raise WrongState(
            what=phase.get_kind_display(),
            state=phase.get_state_display(),
            needed="start it before working on a version",
        )
    versions = model.objects.filter(phase=phase)
    open_one = versions.filter(status__in=OPEN).first()
    if open_one:
        raise OpenVersionExists(number=open_one.number, status=open_one.get_status_display())
    number = (versions.aggregate(last=Max("number"))["last"] or 0) + 1
    return model.objects.create(phase=phase, number=number, created_by=actor, **fields)


def _require_worker(actor, phase: Phase) -> None:
    if not rules.can_work_on(actor, phase.cycle_report):
        raise NotAllowed(action=f"work on {phase.get_kind_display().lower()} of this report")


def _require_decider(actor, phase: Phase, version: Version) -> None:
    if version.submitted_by_id == actor.pk:
        raise OwnApproval()
    if not rules.can_approve(actor, phase.cycle_report):
        raise NotApprover(owner=phase.cycle_report.report.owner)


def _require_move(move: str, version: Version) -> None:
    sources, _ = VERSION_MOVES[move]
    if version.status not in sources:
        raise WrongState(
            what=str(version),
            state=version.get_status_display(),
            needed=f"only one that is {_words(sources)} can be {_done(move)}",
        )


def _decide(move: str, version: Version, actor, note: str) -> None:
    version.decided_by, version.decided_at = actor, timezone.now()
    version.decision_note = note
    _move(move, version, actor, reason=note)
    close_assignments(subject=version, actor=actor, kind=AssignmentKind.APPROVAL)


def _move(move: str, version: Version, actor, reason: str = "") -> None:
    before = version.status
    version.status = VERSION_MOVES[move][1]
    version.save()
    _record(move, version, actor, before={"status": before}, reason=reason)


def _record(move: str, version: Version, actor, *, before: dict | None, reason: str = "") -> None:
    after = {"status": version.status, "number": version.number}
    if version.content_hash:
        after["content_hash"] = version.content_hash
    record(
        actor=actor,
        action=f"{version._meta.model_name}.{move}",
        obj=version,
        before=before,
        after=after,
        reason=reason,
        cycle_report=version.phase.cycle_report,
    )


def _words(statuses: frozenset[str]) -> str:
    return " or ".join(VersionStatus(status).label for status in sorted(statuses))


def _done(move: str) -> str:
    return {"withdraw": "withdrawn"}.get(
        move,
        f"{move}d" if move.endswith("e") else f"{move}ted" if move == "submit" else f"{move}ed",
    )
