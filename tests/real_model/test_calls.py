"""Single calls at a real server: the doctor's question, what is too long, what takes too long."""

import asyncio

import pytest
from asgiref.sync import async_to_sync

import llm
from llm import conf, errors, health, provider
from llm.models import LLMCall

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.django_db(transaction=True),
]


def ask_sum() -> llm.Answer:
    return async_to_sync(llm.complete)("llm.health", {"numbers": [2, 3]}, health.Sum, fresh=True)


def test_the_doctor_says_who_answered_and_how_fast(real_model):
    [found] = health.check_all()
    assert (found.ok, found.label) == (True, f"{real_model.model} (settings)")
    assert found.message.startswith(f"{real_model.model} answered in ")


def test_a_request_longer_than_the_context_is_refused_by_the_server_by_name(real_model):
    words = [{"role": "user", "content": "word " * 9_000}]
    body = {"model": real_model.model, "messages": words, "max_tokens": 10}
    reply = asyncio.run(provider.send("support.name_items", body, conf.current()))
    assert isinstance(reply.error, errors.PromptTooLong)


def test_a_request_that_cannot_fit_is_not_sent(real_model, settings):
    settings.LLM = settings.LLM | {"CONTEXT_TOKENS": 100}
    with pytest.raises(errors.PromptTooLong):
        ask_sum()
    assert not LLMCall.objects.exists()


def test_an_answer_given_up_leaves_the_server_free_for_the_next(real_model, settings):
    settings.LLM = settings.LLM | {"TIMEOUT": 0.01}
    with pytest.raises(errors.Timeout):
        ask_sum()
    given_up = LLMCall.objects.get()
    assert (given_up.outcome, given_up.tokens_out) == ("timeout", None)
    settings.LLM = real_model.settings
    answer = ask_sum()
    assert (answer.simulated, answer.model, answer.usage.calls) == (False, real_model.model, 1)
    assert answer.call.tokens_in > 0 and answer.call.provider_request_id.startswith("chatcmpl-")
