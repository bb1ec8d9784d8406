"""Says when a model's name has come to stand for another model, as names without a date do."""

import logging
from datetime import datetime, timedelta

from llm import answering
from llm.answering import Change
from llm.models import LLMCall

logger = logging.getLogger(__name__)

# As long as a change is told of where an operator looks.
TOLD_FOR = timedelta(days=7)

# What answered last in this process, by provider and name.
_last: dict[tuple[str, str], str] = {}


def watch(call: LLMCall) -> None:
    """A warning in the log when the answer comes from another model than the one before."""
    name, returned = (call.provider, call.model_asked), call.model_returned
    if not returned or _last.get(name) == returned:
        return
    before = _last[name] if name in _last else _before(call)
    _last[name] = returned
    if before:
        logger.warning(
            "%s at %s now answers as %s, before as %s: see call %s",
            call.model_asked,
            call.provider,
            returned,
            before,
            call.uuid,
        )


def _before(call: LLMCall) -> str:
    """What answered before this very call; empty if another has told of the change already."""
    change = answering.change_of(call, answering.changes(answering.models_seen()))
    return change.before if change and change.call_id == call.pk else ""


def since(moment: datetime) -> list[Change]:
    """The changes from then on, the oldest first."""
    return [each for each in answering.changes(answering.models_seen()) if each.at >= moment]
