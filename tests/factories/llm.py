"""Model calls as the client leaves them, and the versions of prompts they name."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from llm.models import LLMCall, PromptVersion

HASH = "5f" * 32
VERSION = "0-made-up"  # no version of a prompt that the program has
SENT = [
    {"role": "system", "content": "You help a tester."},
    {"role": "user", "content": "<data name='text'>The <b>balance</b> & the rate.</data>"},
]


def call_values(*, age: timedelta = timedelta(), **fields) -> dict:
    """A call that was answered `age` ago; an open one has no answer and no figures."""
    begun = timezone.now() - age
    values = {
        "operation": "support.name_items",
        "prompt_version": VERSION,
        "prompt_hash": HASH,
        "schema_name": "Items",
        "schema_hash": "ab" * 32,
        "cache_key": "cd" * 32,
        "provider": "models.example:443",
        "model_asked": "small",
        "parameters": {"max_tokens": 400, "temperature": 0},
        "request": SENT,
        "outcome": "ok",
        "started_at": begun,
        "deadline": begun + timedelta(seconds=90),
    }
    if fields.get("outcome") != "open":
        values |= {
            "model_returned": "small-1",
            "response": {"choices": [{"message": {"content": "<script>alert(1)</script>"}}]},
            "tokens_in": 1200,
            "tokens_out": 80,
            "cost": Decimal("0.0123"),
            "latency_ms": 2500,
            "settled_at": begun + timedelta(seconds=2),
        }
    return values | fields


def make_call(**fields) -> LLMCall:
    return LLMCall.objects.create(**call_values(**fields))


def make_calls(count: int, **fields) -> list[LLMCall]:
    return LLMCall.objects.bulk_create(LLMCall(**call_values(**fields)) for _ in range(count))


def make_prompt_version(**fields) -> PromptVersion:
    """The one that calls of this factory name."""
    values = {
        "operation": "support.name_items",
        "version": VERSION,
        "hash": HASH,
        "text": "# System\nName them.\n# User\n{{ text }}\n",
    }
    return PromptVersion.objects.create(**(values | fields))
