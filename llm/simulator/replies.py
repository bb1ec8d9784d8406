"""HTTP replies of an OpenAI-compatible endpoint: completions, errors and the list of models."""

import json
import time
import uuid
from dataclasses import dataclass, field, replace

from llm import fences
from llm.simulator.faults import Fault
from llm.simulator.registry import Rule
from llm.simulator.spoiling import spoil

MODEL = "simulated"
CHARACTERS_A_TOKEN = 4
LOOP = "and so on "
_NAMED = "named "


@dataclass(frozen=True)
class HttpReply:
    """Status, body and headers, ready to send: `whole`, by `reset` cut, or as a `drip`."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    delivery: str = "whole"
    seconds: float = 0  # that a drip takes
    tokens: tuple[int, int] = (0, 0)  # read and written: what a provider would bill


def as_json(value: object, status: int = 200, **headers: str) -> HttpReply:
    return HttpReply(status, json.dumps(value).encode(), headers)


def failure(status: int, message: str, code: str, **headers: str) -> HttpReply:
    """An error in the provider's own shape."""
    return as_json({"error": {"message": message, "type": code, "code": code}}, status, **headers)


def models() -> HttpReply:
    return as_json({"object": "list", "data": [{"id": MODEL, "object": "model"}]})


def operation_of(request: dict) -> str:
    """From the schema's name; without one, from the sentence that gives the schema in words."""
    named = (request.get("response_format") or {}).get("json_schema", {}).get("name", "")
    if not named:
        system = str(request["messages"][0].get("content", ""))
        named = system.rpartition(_NAMED)[2].partition(":")[0]
    return named.replace("__", ".")


def asked_of(request: dict) -> str:
    """The first user message, in which the variables stand fenced."""
    return next(item["content"] for item in request["messages"] if item["role"] == "user")


def completion(request: dict, rule: Rule, fault: Fault | None) -> HttpReply:
    """The rule's answer to the request's variables, spoiled or not."""
    name = fault.name if fault else ""
    answer = spoil(rule(fences.read(asked_of(request))), name)
    text, finish, refusal = _said(json.dumps(answer, ensure_ascii=False), name, _limit(request))
    tokens_in = _tokens(json.dumps(request["messages"], ensure_ascii=False))
    tokens_out = _tokens(text or refusal or "")
    message = {"role": "assistant", "content": text, "refusal": refusal}
    body = {
        "id": f"chatcmpl-{uuid.uuid4().hex}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": f"{MODEL}-2" if name == "other_model" else f"{MODEL}-1",
        "system_fingerprint": "simulated",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {
            "prompt_tokens": tokens_in,
            "completion_tokens": tokens_out,
            "total_tokens": tokens_in + tokens_out,
        },
    }
    if name == "no_choices":
        body["choices"] = []
    if name == "no_usage":
        del body["usage"]
    reply = replace(as_json(body), tokens=(tokens_in, tokens_out))
    if name == "wrong_type":
        return replace(reply, content_type="text/plain")
    if fault and name in ("drip", "reset"):
        return replace(reply, delivery=name, seconds=fault.lasts)
    return reply


def _said(text: str, fault: str, limit: int | None) -> tuple[str | None, str, str | None]:
    """Content, finish reason, refusal."""
    most = limit * CHARACTERS_A_TOKEN if limit else len(text)
    if fault == "looping":
        return (text[:-1] + LOOP * (most // len(LOOP) + 1))[: max(most, 1)], "length", None
    if fault == "truncated":
        return text[: len(text) // 2], "length", None
    if fault == "chopped":
        return text, "length", None
    if len(text) > most:
        return text[:most], "length", None
    return {
        "malformed": (text[:-1] + ", and so on", "stop", None),
        "refusal": (None, "stop", "I can't help with that."),
        "content_filter": ("", "content_filter", None),
        "empty": ("", "stop", None),
    }.get(fault, (text, "stop", None))


def refused_by_status(fault: Fault, key: str = "") -> HttpReply | None:
    """The faults that are an HTTP error, or no answer of a model at all."""
    wait = {"retry-after": f"{fault.retry_after:g}"}
    page = HttpReply(503, b"<html>Bad gateway</html>", wait, content_type="text/html")
    return {
        "rate_limit": failure(429, "Too many requests.", "rate_limit", **wait),
        "overloaded": failure(529, "Overloaded.", "overloaded_error", **wait),
        "quota": failure(429, "You exceeded your quota.", "insufficient_quota"),
        "no_credit": failure(402, "Insufficient balance.", "insufficient_balance"),
        "server_error": failure(500, "The server had an error.", "server_error"),
        "unavailable": page,
        "auth": failure(401, f"Incorrect API key provided: {key}.", "invalid_api_key"),
        "forbidden": failure(403, "Not in your region.", "forbidden"),
        "not_found": failure(404, "The model does not exist.", "model_not_found"),
        "bad_request": failure(400, "Unknown parameter.", "invalid_request_error"),
        "too_long": failure(400, "Maximum context length.", "context_length_exceeded"),
        "html": HttpReply(200, b"<html>Sign in</html>", content_type="text/html"),
    }.get(fault.name)


def _limit(request: dict) -> int | None:
    return request.get("max_tokens") or request.get("max_completion_tokens")


def _tokens(text: str) -> int:
    return max(1, len(text) // CHARACTERS_A_TOKEN)
