"""`complete`: one structured answer from the model, guarded, cached and audited."""

import asyncio
from dataclasses import dataclass

from pydantic import BaseModel

from llm import (
    answers,
    cache,
    conf,
    database,
    failover,
    guard,
    outgoing,
    prompt_versions,
    provider,
    providers,
    request,
    steps,
)
from llm.answers import Unfit
from llm.calls import Settlement
from llm.conf import Conf
from llm.errors import DeadlinePassed, InvalidAnswer, LLMError
from llm.models import LLMCall
from llm.prompts import Prompt
from llm.provider import Reply
from llm.request import Links, Request
from llm.steps import Attempt, Cached
from llm.timing import Stopwatch, Times

# How often a caller looks whether another's identical request was answered.
FIRST_LOOK, LONGEST_LOOK = 0.05, 1.0


@dataclass(frozen=True)
class Usage:
    """What the answer cost, over all attempts; nothing when it came from the cache."""

    calls: int
    tokens_in: int
    tokens_out: int


@dataclass(frozen=True)
class Answer:
    """A validated answer and where it came from; `call` is its settled audit row."""

    parsed: BaseModel
    usage: Usage
    call: LLMCall
    cached: bool
    simulated: bool
    model: str
    provider: str  # the name it has in settings or admin

    @property
    def call_id(self) -> int:
        return self.call.pk


async def complete(
    operation: str,
    variables: dict,
    schema: type[BaseModel],
    *,
    job_id: int | None = None,
    item_key: str = "",
    owner_id: int | None = None,
    data_owner: str = "",
    items: int | None = None,
    fresh: bool = False,
    scope: str = "",
    provider_name: str = "",
    prompt_version: str = "",
) -> Answer:
    """The model's answer to an operation, valid by `schema`; an LLMError otherwise.

    Refused while a database transaction is open where it is called, and where a variable holds
    what the operation may not send (llm/outgoing.py). `fresh` asks anew instead
    of reading the cache, which never answers one `data_owner` with what was asked for another.
    `items` is how many things are asked about, which is how their tokens are measured.
    `scope` is the report, or report/schedule, that may have a prompt of its own. `provider_name`
    and `prompt_version` ask that one, instead of the approved route and the pinned version.
    """
    watch = Stopwatch()
    guard.refuse_open_transaction(operation)
    outgoing.require_allowed(operation, variables)
    settings = conf.current()
    links = Links(job_id, item_key[:200], owner_id)

    async def ask(chosen: Conf) -> Answer:
        sent = outgoing.masked(variables)
        masked = sent != variables
        asked = request.build(prompt, sent, schema, chosen, data_owner, items, masked=masked)
        return await _answer(asked, links, chosen, fresh, watch)

    try:
        async with asyncio.timeout(settings.deadline) as limit:
            route, prompt = await database.run(
                _choose, operation, variables, scope, provider_name, prompt_version
            )
            return await failover.first_able(route, ask)
    except TimeoutError:
        if not limit.expired():
            raise
        raise DeadlinePassed(operation=operation, seconds=settings.deadline) from None


def _choose(
    operation: str, variables: dict, scope: str, provider_name: str, version: str
) -> tuple[list[Conf], Prompt]:
    outgoing.refuse_secrets(operation, variables, providers.keys())
    prompt = prompt_versions.chosen(operation, scope, version)
    if provider_name:
        return [providers.named(provider_name)], prompt
    return providers.routed(operation), prompt


async def _answer(
    asked: Request, links: Links, settings: Conf, fresh: bool, watch: Stopwatch
) -> Answer:
    begun = await _begin(asked, links, settings, fresh, watch)
    while isinstance(begun, Cached):
        try:
            return _from_cache(begun, asked)
        except Unfit:
            await database.run(cache.drop, asked.key)
            begun = await _begin(asked, links, settings, fresh, watch)
    return await _ask(asked, links, settings, begun, watch)


async def _begin(
    asked: Request, links: Links, settings: Conf, fresh: bool, watch: Stopwatch
) -> Cached | Attempt:
    """Waits, holding nothing, while somebody else asks the same; their answer is ours."""
    pause = FIRST_LOOK
    while True:
        begun = await database.run(
            steps.begin, asked, links, settings, fresh, watch, undo=steps.abandon
        )
        if begun is not None:
            return begun
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_LOOK)
        fresh = False


def _from_cache(cached: Cached, asked: Request) -> Answer:
    """Unfit if the schema's validators, which its hash does not cover, changed meanwhile."""
    return Answer(
        parsed=answers.check(cached.answer, asked.schema),
        usage=Usage(0, 0, 0),
        call=cached.call,
        cached=True,
        simulated=cached.call.simulated,
        model=cached.call.model_returned or cached.call.model_asked,
        provider=asked.conf.name,
    )


async def _ask(
    asked: Request, links: Links, settings: Conf, attempt: Attempt, watch: Stopwatch
) -> Answer:
    """The attempts of one answer: the first, and at most `reasks` that name the errors."""
    messages, number, replies = asked.messages, 1, []
    while True:
        reply, times = await _send(asked, settings, attempt, messages, watch)
        replies.append(reply)
        if reply.error:
            settlement = _settlement(reply, times, reply.error)
            await database.run(steps.fail, attempt, settlement, reply.error, True)
            raise reply.error
        try:
            parsed = answers.read(reply.content, asked.schema)
        except Unfit as unfit:
            last = number > settings.reasks
            error = InvalidAnswer(
                operation=asked.operation, attempts=number, problems=str(unfit)[:1000]
            )
            settlement = _settlement(reply, times, error, unfit.problems)
            await database.run(
                steps.fail,
                attempt,
                settlement,
                None,
                last,
                undo=cache.release,
            )
            if last:
                raise error from None
            messages, number = answers.reask(asked.messages, reply.content, unfit), number + 1
            attempt = await database.run(
                steps.begin_again,
                asked,
                links,
                settings,
                attempt,
                messages,
                number,
                undo=steps.abandon,
            )
            continue
        settlement = Settlement(LLMCall.Outcome.OK, reply, times)
        stored = parsed.model_dump(mode="json", by_alias=True)
        call = await database.run(steps.finish, attempt, settlement, stored)
        return Answer(
            parsed,
            _usage(replies),
            call,
            False,
            reply.simulated,
            call.model_returned,
            settings.name,
        )


async def _send(
    asked: Request, settings: Conf, attempt: Attempt, messages: list[dict], watch: Stopwatch
) -> tuple[Reply, Times]:
    queue_ms = watch.lap()
    try:
        reply = await provider.send(asked.operation, asked.body(messages), settings)
    except BaseException:
        # Cancelled, or a fault of ours: the row must not stay open.
        await database.run(steps.abandon, attempt, Times(queue_ms, watch.lap()))
        raise
    return reply, Times(queue_ms, watch.lap())


def _settlement(
    reply: Reply, times: Times, error: LLMError, problems: list[str] | None = None
) -> Settlement:
    return Settlement(error.outcome, reply, times, error.code, error.message, problems or [])


def _usage(replies: list[Reply]) -> Usage:
    return Usage(
        calls=len(replies),
        tokens_in=sum(reply.tokens_in or 0 for reply in replies),
        tokens_out=sum(reply.tokens_out or 0 for reply in replies),
    )
