"""Asks the cases of a golden set, a few at once; what fails is counted and never stops the rest."""

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

import llm
from llm import prompt_versions, providers
from llm.conf import Conf
from llm.errors import DeadlinePassed, LLMError, Timeout
from llm.evaluation.golden import Golden
from llm.evaluation.registry import Case, Complete
from llm.prompts import Prompt

# Whose data the cases are: their answers are never taken for anybody's real ones.
DATA_OWNER = "evaluation"
TRIES = 3
# Seconds to wait for an endpoint that asks for it, at most.
LONGEST_WAIT = 90.0


@dataclass(frozen=True)
class Variant:
    """What is evaluated: a prompt version with a provider."""

    prompt: Prompt
    provider: Conf

    @property
    def title(self) -> str:
        return f"prompt {self.prompt.version}, {self.provider.name}"


@dataclass(frozen=True)
class Failure:
    """A case without an answer; `of_endpoint`: no fault of prompt or model, as far as is known."""

    case: str
    code: str
    message: str
    of_endpoint: bool


@dataclass
class Run:
    """What came of it; `key` begins the item key of each of its calls."""

    key: str
    started_at: datetime
    finished_at: datetime | None = None
    answers: list[Any] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)


def choose(golden: Golden, *, provider: str = "", prompt: str = "") -> Variant:
    """The named ones, else those in use; an LLMError if there are none such."""
    operation = golden.evaluated.operation
    conf = providers.named(provider) if provider else providers.routed(operation)[0]
    return Variant(prompt_versions.chosen(operation, golden.scope, prompt), conf)


def run(
    golden: Golden,
    cases: Sequence[Case],
    variant: Variant,
    *,
    concurrency: int,
    run_by: int | None = None,
) -> Run:
    """Asks every case anew, by the guarded client, over the endpoint."""
    found = Run(f"evaluation {uuid.uuid4().hex[:12]}: ", timezone.now())
    asyncio.run(_ask_all(golden, cases, variant, found, concurrency, run_by))
    found.finished_at = timezone.now()
    return found


async def _ask_all(golden, cases, variant, found: Run, concurrency: int, run_by) -> None:
    gate = asyncio.Semaphore(concurrency)

    def complete_for(case: Case) -> Complete:
        async def complete(operation, variables, schema, *, items=None) -> llm.Answer:
            """Doesn't tell how many things are asked about: that sizes the batches of real jobs."""
            return await llm.complete(
                operation,
                variables,
                schema,
                item_key=found.key + case.key,
                owner_id=run_by,
                data_owner=DATA_OWNER,
                fresh=True,
                scope=golden.scope,
                provider_name=variant.provider.name,
                prompt_version=variant.prompt.version,
            )

        return complete

    async def ask(case: Case) -> Any | Failure:
        async with gate:
            return await _ask(golden, case, complete_for(case))

    for outcome in await asyncio.gather(*(ask(case) for case in cases)):
        (found.failures if isinstance(outcome, Failure) else found.answers).append(outcome)


async def _ask(golden: Golden, case: Case, complete: Complete) -> Any | Failure:
    for number in range(1, TRIES + 1):
        try:
            return await golden.evaluated.ask(case, complete)
        except LLMError as error:
            wait = _wait(error, number)
            if wait is None:
                of_endpoint = error.retryable or error.stops_job
                return Failure(case.key, error.code, error.message, of_endpoint)
        await asyncio.sleep(wait)
    raise AssertionError("the last try returns")


def _wait(error: LLMError, number: int) -> float | None:
    """Seconds until the next try; None if there is to be none.

    What took too long once would again, at the same price.
    """
    if not error.retryable or number == TRIES or isinstance(error, (Timeout, DeadlinePassed)):
        return None
    wait = (error.retry_at - timezone.now()).total_seconds() if error.retry_at else 2.0**number
    return max(wait, 0.0) if wait <= LONGEST_WAIT else None
