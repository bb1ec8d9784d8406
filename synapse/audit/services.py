"""Writing the trail."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from synapse.audit.models import Entry
from synapse.common.context import origin


def record(
    *,
    actor: models.Model | None,
    action: str,
    obj: models.Model,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
    cycle_report: models.Model | None = None,
) -> Entry:
    """One entry, in the caller's transaction: change and trace commit together or not at all.

    `actor` is None for what the system does by itself.
    """
    where = origin.get()
    return Entry.objects.create(
        actor=actor,
        actor_label=str(actor)[:160] if actor else "system",
        actor_roles=", ".join(sorted(getattr(actor, "role_codes", ()))) if actor else "",
        action=action,
        content_type=ContentType.objects.get_for_model(obj),
        object_id=str(obj.pk),
        object_label=str(obj)[:200],
        cycle_report_id=cycle_report.pk if cycle_report else None,
        before=before,
        after=after,
        reason=reason,
        request_id=where.request_id,
        ip=where.ip,
    )


def changes(obj: models.Model, new: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Before and after of the given values that differ from the object's, foreign keys as ids."""
    before, after = {}, {}
    for name, value in new.items():
        old = getattr(obj, name)
        if old != value:
            before[name] = old.pk if isinstance(old, models.Model) else old
            after[name] = value.pk if isinstance(value, models.Model) else value
    return before, after
