"""The states of cycles, phases, versions and assignments, and the moves between them."""

from django.db import models

from synapse.common.versions import VersionStatus


class CycleStatus(models.TextChoices):
    PLANNED = "planned", "planned"
    ACTIVE = "active", "active"
    COMPLETED = "completed", "completed"
    CANCELLED = "cancelled", "cancelled"


class PhaseState(models.TextChoices):
    NOT_STARTED = "not_started", "not started"
    IN_PROGRESS = "in_progress", "in progress"
    COMPLETE = "complete", "complete"


class ScheduleStatus(models.TextChoices):
    ON_TRACK = "on_track", "on track"
    AT_RISK = "at_risk", "at risk"
    PAST_DUE = "past_due", "past due"
    COMPLETED_LATE = "completed_late", "completed late"


class AssignmentKind(models.TextChoices):
    APPROVAL = "approval", "approval"
    REWORK = "rework", "rework"


class AssignmentStatus(models.TextChoices):
    OPEN = "open", "open"
    DONE = "done", "done"
    CANCELLED = "cancelled", "cancelled"


CYCLE_MOVES = {
    CycleStatus.PLANNED: {CycleStatus.ACTIVE, CycleStatus.CANCELLED},
    CycleStatus.ACTIVE: {CycleStatus.COMPLETED, CycleStatus.CANCELLED},
    CycleStatus.COMPLETED: set(),
    CycleStatus.CANCELLED: set(),
}

# move: (the statuses it starts from, the status it leads to)
VERSION_MOVES: dict[str, tuple[frozenset[str], str]] = {
    "submit": (frozenset({VersionStatus.DRAFT}), VersionStatus.PENDING),
    "withdraw": (frozenset({VersionStatus.PENDING}), VersionStatus.DRAFT),
    "approve": (frozenset({VersionStatus.PENDING}), VersionStatus.APPROVED),
    "reject": (frozenset({VersionStatus.PENDING}), VersionStatus.REJECTED),
    "supersede": (frozenset({VersionStatus.APPROVED}), VersionStatus.SUPERSEDED),
}

# A revision is a new draft copied from one of these.
REVISABLE = frozenset({VersionStatus.APPROVED, VersionStatus.REJECTED})
