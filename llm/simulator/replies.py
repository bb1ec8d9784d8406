"""HTTP replies of an OpenAI-compatible endpoint: completions, errors and the list of models."""

import json
import time
import uuid
from dataclasses import dataclass, field

from llm import fences
from llm.simulator.faults import Fault, spoil
from llm.simulator.registry import Rule

MODEL = "simulated"
CHARACTERS_A_TOKEN = 4
_NAMED = "named "


@dataclass(frozen=True)
class HttpReply:
    """Status, body and headers, ready to send."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"


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


def completion(request: dict, rule: Rule, fault: Fault | None) -> HttpReply:
    """The rule's answer to the variables fenced in the first user message, spoiled or not."""
    asked = next(item["content"] for item in request["messages"] if item["role"] == "user")
    answer = rule(fences.read(asked))
    name = fault.name if fault else ""
    text, finish, refusal = json.dumps(spoil(answer, name), ensure_ascii=False), "stop", None
    limit = request.get("max_tokens") or request.get("max_completion_tokens")
    if name == "truncated":
        text, finish = text[: len(text) // 2], "length"
    elif limit and len(text) > limit * CHARACTERS_A_TOKEN:
        text, finish = text[: limit * CHARACTERS_A_TOKEN], "length"
    elif name == "malformed":
        text = text[:-1] + ", and so on"
    elif name == "refusal":
        text, refusal = None, "I can't help with that."
    elif name == "content_filter":
        text, finish = "", "content_filter"
    elif name == "empty":
        text = ""
    tokens_in = _tokens(json.dumps(request["messages"], ensure_ascii=False))
    tokens_out = _tokens(text or refusal or "")
    message = {"role": "assistant", "content": text, "refusal": refusal}
    return as_json(
        {
            "id": f"chatcmpl-{uuid.uuid4().hex}",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": f"{MODEL}-1",
            "system_fingerprint": "simulated",
            "choices": [{"index": 0, "message": message, "finish_reason": finish}],
            "usage": {
                "prompt_tokens": tokens_in,
                "completion_tokens": tokens_out,
                "total_tokens": tokens_in + tokens_out,
            },
        }
    )


def refused_by_status(fault: Fault) -> HttpReply | None:
    """The faults that are an HTTP error."""
    wait = f"{fault.retry_after:g}"
    return {
        "rate_limit": failure(429, "Too many requests.", "rate_limit", **{"retry-after": wait}),
        "quota": failure(429, "You exceeded your quota.", "insufficient_quota"),
        "server_error": failure(500, "The server had an error.", "server_error"),
        "auth": failure(401, "Incorrect API key provided.", "invalid_api_key"),
        "not_found": failure(404, "The model does not exist.", "model_not_found"),
        "too_long": failure(400, "Maximum context length.", "context_length_exceeded"),
        "html": HttpReply(200, b"<html>Sign in</html>", content_type="text/html"),
    }.get(fault.name)


def _tokens(text: str) -> int:
    return max(1, len(text) // CHARACTERS_A_TOKEN)
