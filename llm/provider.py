"""One HTTP attempt at an OpenAI-compatible endpoint, its failures told apart."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import openai
from pydantic import BaseModel, Field, NonNegativeInt

from llm import received
from llm.conf import Conf
from llm.errors import EmptyAnswer, LLMError, ProviderUnreachable, Refused, Timeout, Truncated
from llm.failures import error_from_status, malformed_reply

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}

# A client belongs to the event loop its sockets were opened on.
_clients: dict[asyncio.AbstractEventLoop, AsyncGenerator[dict, None]] = {}


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message = _Message()
    finish_reason: str | None = None


class _Usage(BaseModel):
    prompt_tokens: NonNegativeInt | None = None
    completion_tokens: NonNegativeInt | None = None


class _Completion(BaseModel):
    """What is read of a reply. The SDK's own classes take any JSON for a completion."""

    choices: list[_Choice] = Field(min_length=1)
    id: str | None = None
    model: str | None = None
    system_fingerprint: str | None = None
    usage: _Usage | None = None


@dataclass
class Reply:
    """What came back, filled as far as it was understood before an error, if any."""

    content: str = ""
    model: str = ""
    tokens_in: int | None = None
    tokens_out: int | None = None
    request_id: str = ""
    http_status: int | None = None
    broken_off: bool = False  # after it was asked, so it may have been paid
    simulated: bool = False
    raw: dict | None = None
    error: LLMError | None = field(default=None, repr=False)


async def send(operation: str, body: dict, conf: Conf) -> Reply:
    """One attempt. A failure is in `reply.error`, so that what it cost can still be recorded."""
    reply = Reply(simulated=conf.simulated)
    try:
        async with asyncio.timeout(conf.timeout):
            client = await _client(conf)
            # As the extra body, which is sent as it is: the SDK would take every part of it for an
            # object of its own to look through, and that longer than all else it does.
            answer = await client.chat.completions.with_raw_response.create(
                model=body["model"], messages=[], extra_body=body
            )
        reply.request_id = answer.headers.get("x-request-id", "")
        reply.http_status = answer.status_code
        _read(received.keepable(answer.text, conf.api_key), operation, body, reply)
    except (TimeoutError, openai.APITimeoutError) as error:
        reply.error = _timeout(error, operation, conf)
    except openai.APIStatusError as error:
        reply.request_id = error.request_id or ""
        reply.http_status = error.status_code
        reply.raw = {"text": received.keepable(error.response.text, conf.api_key)[:20_000]}
        reply.error = error_from_status(error, operation=operation, conf=conf)
    except openai.APIConnectionError as error:
        reason = str(error.__cause__ or error) or type(error.__cause__).__name__
        reply.error = ProviderUnreachable(provider=conf.provider, reason=reason)
        reply.broken_off = not type(error.__cause__).__name__.startswith("Connect")
    except openai.OpenAIError as error:
        reply.error = malformed_reply(str(error))
    return reply


def _timeout(error: Exception, operation: str, conf: Conf) -> LLMError:
    """No connection in time is another fault than no answer in time."""
    # By name: which HTTP library the SDK stands on has changed before.
    if type(error.__cause__).__name__ == "ConnectTimeout":
        reason = f"no connection within {conf.connect_timeout:g} s"
        return ProviderUnreachable(provider=conf.provider, reason=reason)
    return Timeout(operation=operation, seconds=conf.timeout)


def _read(text: str, operation: str, body: dict, reply: Reply) -> None:
    """Fills the reply; the finish reason is looked at before the content."""
    try:
        completion = _Completion.model_validate_json(text)
        reply.raw = received.parse(text)
    except ValueError:
        # A proxy's HTML page, or JSON of another shape, under status 200.
        reply.raw = {"text": text[:2000]}
        reply.error = malformed_reply("the reply is not a chat completion")
        return
    choice = completion.choices[0]
    # Servers of one's own name the completion only, and in their logs too.
    reply.request_id = reply.request_id or completion.id or ""
    reply.content = choice.message.content or ""
    reply.model = completion.model or ""
    reply.simulated = reply.simulated or completion.system_fingerprint == "simulated"
    if completion.usage:
        reply.tokens_in = completion.usage.prompt_tokens
        reply.tokens_out = completion.usage.completion_tokens
    limit = body.get("max_tokens") or body.get("max_completion_tokens")
    if choice.finish_reason == "length":
        # Fewer where the request had filled the context but for them.
        said = min(limit or reply.tokens_out, reply.tokens_out) if reply.tokens_out else limit
        reply.error = Truncated(operation=operation, limit=said)
    elif choice.finish_reason == "content_filter":
        reply.error = Refused(operation=operation, reason="stopped by the content filter")
    elif choice.message.refusal:
        reply.error = Refused(operation=operation, reason=choice.message.refusal[:500])
    elif not reply.content.strip():
        reply.error = EmptyAnswer(status="unreadable reply", reason="the answer is empty")


async def _client(conf: Conf) -> openai.AsyncOpenAI:
    loop = asyncio.get_running_loop()
    clients = await anext(_clients.setdefault(loop, _clients_of(loop)))
    key = (conf.base_url, conf.api_key, conf.timeout, conf.connect_timeout)
    if key not in clients:
        # The environment's proxy must not see calls to our own machine.
        local = urlsplit(conf.base_url).hostname in _LOOPBACK
        clients[key] = openai.AsyncOpenAI(
            base_url=conf.base_url or None,
            api_key=conf.api_key or "none",
            max_retries=0,
            timeout=openai.Timeout(conf.timeout, connect=conf.connect_timeout),
            http_client=openai.DefaultAsyncHttpxClient(trust_env=not local),
        )
    return clients[key]


async def _clients_of(loop: asyncio.AbstractEventLoop) -> AsyncGenerator[dict, None]:
    """A loop that shuts down ends its generators, and so this one closes its clients."""
    clients: dict[tuple, openai.AsyncOpenAI] = {}
    try:
        while True:
            yield clients
    finally:
        del _clients[loop]
        for client in clients.values():
            await client.close()
