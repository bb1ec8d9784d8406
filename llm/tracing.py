"""Where a call stands: among the attempts of its answer, and the prompt it was made of."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet

from llm import conf
from llm.models import LLMCall, PromptVersion

# Attempts of one answer lie within its deadline; older settings may have given more.
LEAST_WINDOW = timedelta(minutes=15)


@dataclass(frozen=True)
class Chain:
    """The attempts of one answer, first to last, and the call that paid if it was cached."""

    attempts: list[LLMCall]
    paid_by: LLMCall | None = None


def chain(call: LLMCall, visible: QuerySet[LLMCall]) -> Chain:
    """Of what is visible; one query, or two."""
    if call.cached:
        return Chain([call], visible.filter(pk=call.cached_from).first())
    window = max(timedelta(seconds=conf.current().deadline), LEAST_WINDOW)
    same = visible.filter(
        cache_key=call.cache_key,
        operation=call.operation,
        started_at__range=(call.started_at - window, call.started_at + window),
        cached=False,
    )
    if call.job_id:
        same = same.filter(job_id=call.job_id, item_key=call.item_key)
    known = {each.pk: each for each in same}
    return Chain(_before(call, known) + [call] + _after(call, known))


def _before(call: LLMCall, known: dict[int, LLMCall]) -> list[LLMCall]:
    found = []
    while call.reask_of in known:
        call = known[call.reask_of]
        found.insert(0, call)
    return found


def _after(call: LLMCall, known: dict[int, LLMCall]) -> list[LLMCall]:
    reasks = {each.reask_of: each for each in known.values() if each.reask_of}
    found = []
    while call.pk in reasks:
        call = reasks[call.pk]
        found.append(call)
    return found


def prompt_of(call: LLMCall) -> PromptVersion | None:
    """The prompt as it was when the call was made; None if that was not kept."""
    return PromptVersion.objects.filter(
        operation=call.operation,
        scope=call.prompt_scope,
        version=call.prompt_version,
        hash=call.prompt_hash,
    ).first()
