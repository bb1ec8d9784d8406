"""Opening and closing what people have to do, inside the move that causes it."""

from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from synapse.cycles.calendar import add_working_days
from synapse.cycles.models import Assignment, Phase
from synapse.cycles.states import AssignmentKind, AssignmentStatus

DUE_WORKING_DAYS = {AssignmentKind.APPROVAL: 2, AssignmentKind.REWORK: 2}


def due(kind: str) -> datetime:
    now = timezone.now()
    day = add_working_days(now.date(), DUE_WORKING_DAYS[kind])
    return now + timedelta(days=(day - now.date()).days)


def open_assignment(
    *, kind: str, phase: Phase, subject: models.Model, assigned_to, title: str, actor
) -> Assignment:
    return Assignment.objects.create(
        kind=kind,
        phase=phase,
        subject=subject,
        assigned_to=assigned_to,
        title=title[:200],
        url=subject.get_absolute_url(),
        due_at=due(kind),
        created_by=actor,
    )


def close_assignments(
    *,
    subject: models.Model,
    actor,
    kind: str,
    status: str = AssignmentStatus.DONE,
) -> int:
    """Closes what is open for the subject; returns how many there were."""
    return Assignment.objects.filter(
        content_type=ContentType.objects.get_for_model(subject),
        object_id=subject.pk,
        kind=kind,
        status=AssignmentStatus.OPEN,
    ).update(status=status, closed_by=actor, closed_at=timezone.now())
