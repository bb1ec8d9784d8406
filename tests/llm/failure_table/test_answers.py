"""What is wrong with one answer: asked again at most twice, never unchanged, never kept."""

import asyncio
import hashlib
import json

import pytest

from jobs.testing import run_pending
from llm import complete, drift, errors
from llm.models import CachedAnswer, LLMCall
from synapse.common.diagnosis import _models
from tests.llm.asking import OPERATION, Item, Items, ask, variables

pytestmark = pytest.mark.django_db(transaction=True)


def requests() -> list[list[dict]]:
    return list(LLMCall.objects.order_by("id").values_list("request", flat=True))


def tokens_in() -> list[int]:
    return list(LLMCall.objects.order_by("id").values_list("tokens_in", flat=True))


def test_reasks_carry_the_last_answer_only_however_long_it_is(counted, simulator):
    simulator.follow("malformed*9")
    many = [f"field_{number:02}" for number in range(18)]
    with pytest.raises(errors.InvalidAnswer):
        ask(*many)
    first, second, third = tokens_in()
    answer = LLMCall.objects.latest("id").tokens_out
    assert [len(messages) for messages in requests()] == [2, 4, 4]
    assert third <= second + 10 <= first + answer * 2 + 200
    counted.within("amplified_reasks")


def test_one_that_was_cut_off_is_never_asked_again_as_it_was(counted, simulator, questions):
    simulator.follow("truncated*9")
    questions.start(1)
    run_pending(waiting=True)
    digests = [hashlib.sha256(json.dumps(each).encode()).digest() for each in requests()]
    assert len(digests) == len(set(digests)) == 1
    counted.within("repeated_truncation")


def test_a_chopped_answer_is_no_answer_although_it_is_valid(counted, simulator):
    simulator.follow("chopped")
    with pytest.raises(errors.Truncated):
        ask("balance", "limit")
    call = LLMCall.objects.get()
    said = json.loads(call.response["choices"][0]["message"]["content"])
    assert len(Items.model_validate(said).items) == 1  # it would have passed
    assert call.outcome == "truncated"
    assert not CachedAnswer.objects.exclude(answer=None).exists()
    counted.within("chopped")


def test_a_looping_answer_ends_at_the_token_limit(counted, simulator):
    simulator.follow("looping")
    with pytest.raises(errors.Truncated) as cut:
        ask()
    call = LLMCall.objects.get()
    assert call.parameters["temperature"] == 0
    assert call.tokens_out == call.parameters["max_tokens"] == 400
    assert "400 tokens" in cut.value.message
    counted.within("looping")


def test_a_loop_that_drips_ends_at_the_timeout(counted, simulator, limits):
    limits(TIMEOUT=1)
    simulator.follow("drip:30")
    with pytest.raises(errors.Timeout):
        ask()
    counted.within("looping")


def test_inner_tries_are_three_whatever_stands_around_them(counted, simulator, questions):
    simulator.follow("malformed*50")
    questions.start(1)
    (job,) = run_pending(waiting=True)
    assert (job.status, job.attempt) == ("failed", 1)
    bill = counted.within("inner_retries")
    assert bill.calls == 3


def test_a_changed_schema_is_not_answered_from_the_cache(counted, simulator):
    class Changed(Items):
        items: list[Item]
        note: str = ""

    Changed.__name__ = "Items"  # as the prompt names it
    assert not ask("balance").cached
    assert ask("balance").cached
    answer = asyncio.run(complete(OPERATION, variables("balance"), Changed))
    assert not answer.cached
    assert LLMCall.objects.filter(cached=False).values("schema_hash").distinct().count() == 2
    counted.within("stale_cache")


def test_a_kept_answer_that_stricter_rules_refuse_is_asked_for_anew(counted, simulator):
    ask("balance")
    CachedAnswer.objects.update(answer={"items": [{"name": "balance", "score": 99, "quote": ""}]})
    assert not ask("balance").cached
    counted.within("stale_cache")


def test_a_name_that_answers_as_another_model_is_recorded_and_told(counted, simulator, caplog):
    drift._last.clear()
    simulator.follow("ok", "other_model", "other_model")
    for name in ("one", "two", "three"):
        ask(name)
    told = [record.message for record in caplog.records if record.name == "llm.drift"]
    changed = LLMCall.objects.filter(model_returned="simulated-2").order_by("id").first()
    assert told == [
        f"simulated at {changed.provider} now answers as simulated-2, before as simulated-1: "
        f"see call {changed.uuid}"
    ]
    assert list(LLMCall.objects.order_by("id").values_list("model_returned", flat=True)) == [
        "simulated-1",
        "simulated-2",
        "simulated-2",
    ]
    counted.within("moved_alias")
    found = [each for each in _models() if not each.well]
    assert len(found) == 1
    assert "simulated answers as simulated-2 since" in found[0].message
    assert "dated" in found[0].mend


def test_a_change_is_told_once_by_the_process_that_sees_it_begin(simulator, caplog):
    drift._last.clear()
    ask("one")
    simulator.follow("other_model*2")
    ask("two")
    drift._last.clear()  # as in a process that starts now
    ask("three")
    assert sum(record.name == "llm.drift" for record in caplog.records) == 1
