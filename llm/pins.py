"""Pins a version of a prompt in this environment; one that did worse only for a reason."""

from django.db import transaction
from django.utils import timezone

from llm.evaluation import gate
from llm.evaluation.errors import OverrideNeedsReason, PinRefused
from llm.models import PromptPin, PromptVersion


def pin(
    version: PromptVersion, *, actor_id: int | None, reason: str, override: bool = False
) -> PromptPin:
    """Use this version here from now on, whatever its file says by then.

    VersionWorse or VersionNotEvaluated, if it was evaluated as worse than the one in use, or not as
    that one was. `override` pins it all the same, for a reason, and the pin says so.
    """
    if override and not reason.strip():
        raise OverrideNeedsReason()
    with transaction.atomic():
        # One pin at a time: each is held against the version that is in use by then.
        same = PromptVersion.objects.filter(operation=version.operation, scope=version.scope)
        list(same.select_for_update().order_by("pk").values_list("pk"))
        overrides = _refused(version, override)
        found, _ = PromptPin.objects.update_or_create(
            operation=version.operation,
            scope=version.scope,
            defaults={
                "version": version,
                "pinned_by": actor_id,
                "pinned_at": timezone.now(),
                "reason": reason[:300],
                "overrides": overrides,
            },
        )
    return found


def _refused(version: PromptVersion, override: bool) -> bool:
    """Whether the gate refuses it; raised, unless that is overridden."""
    try:
        gate.require_no_worse(version)
    except PinRefused:
        if not override:
            raise
        return True
    return False


def unpin(operation: str, scope: str) -> None:
    """Follow the file again."""
    PromptPin.objects.filter(operation=operation, scope=scope).delete()
