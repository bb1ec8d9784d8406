"""What stands between jobs and their models now, in sentences for everybody whose jobs wait."""

from django.db.models import Value
from django.db.models.functions import Now

from llm.failures import clock
from llm.models import Circuit, KillSwitch


def obstacles() -> list[str]:
    """The kill switch, and models that aren't asked because they failed; one query."""
    stopped = KillSwitch.objects.filter(stopped_at__isnull=False)
    failing = Circuit.objects.filter(open_until__gt=Now())
    rows = stopped.values_list(Value(""), Value(""), "stopped_at", "reason").union(
        failing.values_list("model", "provider", "open_until", "last_error")
    )
    return [_sentence(*row) for row in sorted(rows)]


def _sentence(model: str, provider: str, moment, reason: str) -> str:
    if not model:
        return f"Model calls are switched off since {clock(moment)}: {reason}"
    when = f"asked again from {clock(moment)} on"
    return f"{model} at {provider} is failing, and {when}: {reason}"
