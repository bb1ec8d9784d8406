"""The kill switch: while it is off, no model is called, and jobs wait."""

from django.utils import timezone

from llm.errors import Stopped
from llm.failures import in_seconds
from llm.models import KillSwitch

# Jobs come back to look this often.
LOOK_SECONDS = 60.0


def require_on() -> None:
    """Raises Stopped, with the reason that was given, while staff have switched models off."""
    stop = KillSwitch.objects.filter(pk=1, stopped_at__isnull=False).first()
    if stop is not None:
        moment = in_seconds(LOOK_SECONDS)
        raise Stopped(retry_at=moment, reason=stop.reason or "no reason given")


def stop(*, actor_id: int | None, reason: str) -> None:
    """No call is begun from now on; those that are open end by themselves."""
    KillSwitch.objects.update_or_create(
        pk=1,
        defaults={"stopped_at": timezone.now(), "changed_by": actor_id, "reason": reason[:300]},
    )


def go_on(*, actor_id: int | None) -> None:
    """Calls are made again; jobs that wait look within a minute."""
    KillSwitch.objects.filter(pk=1).update(stopped_at=None, changed_by=actor_id, reason="")
