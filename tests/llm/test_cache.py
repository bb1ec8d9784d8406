"""Identical requests cost one call: answered from the cache, or by waiting for the same one."""

import asyncio
from datetime import timedelta

import pytest
from django.utils import timezone

from llm import cache, complete, errors
from llm.conf import current
from llm.models import CachedAnswer, LLMCall
from tests.llm.asking import OPERATION, Item, Items, ask, ask_all, variables

pytestmark = pytest.mark.django_db(transaction=True)


def test_second_answer_comes_from_the_cache_and_is_recorded_so(simulator):
    first, second = ask(), ask(job_id=9)
    assert (first.cached, second.cached) == (False, True)
    assert second.parsed == first.parsed
    assert simulator.stats()["served"] == 1
    row = LLMCall.objects.get(cached=True)
    assert (row.cached_from, row.job_id, row.cost, row.outcome) == (first.call_id, 9, 0, "ok")
    assert row.simulated and second.simulated and second.model == first.model


def test_twenty_at_once_make_one_call(simulator):
    simulator.slow_down(0.5)
    outcomes = ask_all(*[("same",)] * 20)
    assert all(not isinstance(outcome, Exception) for outcome in outcomes)
    assert sum(not outcome.cached for outcome in outcomes) == 1
    stats = simulator.stats()
    assert (stats["served"], stats["peak"]) == (1, 1)
    assert LLMCall.objects.filter(cached=True).count() == 19


def test_when_the_one_who_asks_fails_the_next_asks(simulator):
    simulator.slow_down(0.2)
    simulator.script("refusal")
    outcomes = ask_all(*[("same",)] * 5)
    failed = [outcome for outcome in outcomes if isinstance(outcome, errors.Refused)]
    assert len(failed) == 1
    assert simulator.stats()["served"] == 2


def test_fresh_asks_anew_and_replaces_the_answer(simulator):
    first = ask()
    again = ask(fresh=True)
    assert not again.cached
    assert LLMCall.objects.get(pk=ask().call_id).cached_from == again.call_id != first.call_id


def test_an_item_begun_anew_takes_what_it_was_answered_itself(simulator):
    ask(job_id=3, item_key="a", fresh=True)
    assert ask(job_id=3, item_key="a", fresh=True).cached
    assert not ask(job_id=3, item_key="b", fresh=True).cached
    assert not ask(job_id=4, item_key="b", fresh=True).cached
    assert simulator.stats()["served"] == 3


def test_a_kept_answer_that_does_not_fit_any_more_is_asked_for_again(simulator):
    ask(job_id=3, item_key="a")
    CachedAnswer.objects.update(answer={"items": "none"})
    for fresh in (True, False):
        again = ask(job_id=3, item_key="a", fresh=fresh)
        assert again.cached is not fresh and again.parsed.items


def test_after_an_hour_it_is_asked_again(simulator):
    ask()
    CachedAnswer.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert not ask().cached


def test_failures_are_not_kept(simulator):
    simulator.script("refusal")
    with pytest.raises(errors.Refused):
        ask()
    assert not ask().cached


def test_another_shape_model_or_parameter_is_another_request(simulator, settings):
    class Changed(Items):
        items: list[Item]
        note: str = ""

    Changed.__name__ = "Items"  # as the prompt names it
    ask()
    answer = asyncio.run(complete(OPERATION, variables(), Changed))
    assert not answer.cached
    settings.LLM = {**settings.LLM, "MODEL": "other"}
    assert not ask().cached


def test_lease_of_a_dead_worker_is_taken_over_by_the_same_item_at_once(simulator):
    conf = current()
    dead = cache.claim("key", conf, holder="5:a")
    assert cache.claim("key", conf, holder="5:b") is None
    assert cache.claim("key", conf) is None
    alive = cache.claim("key", conf, holder="5:a")
    cache.store(dead, {"items": []}, 1, conf)
    assert cache.claim("key", conf, holder="5:b") is None  # the dead one's answer is not kept
    cache.store(alive, {"items": []}, 2, conf)
    assert cache.claim("key", conf).call_id == 2


def test_lapsed_lease_is_taken_by_anyone(simulator):
    conf = current()
    cache.claim("key", conf)
    CachedAnswer.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert isinstance(cache.claim("key", conf), cache.Lease)


def test_purge_removes_what_is_out_of_date(simulator):
    ask()
    assert cache.purge() == 0
    CachedAnswer.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert cache.purge() == 1


def test_purge_removes_what_was_asked_for_in_vain(simulator):
    simulator.script("refusal")
    with pytest.raises(errors.Refused):
        ask()
    assert cache.purge() == 0
    CachedAnswer.objects.update(lease_until=timezone.now() - timedelta(hours=2))
    assert cache.purge() == 1


def test_kept_answer_that_no_longer_fits_is_asked_for_anew(simulator):
    ask()
    CachedAnswer.objects.update(answer={"items": [{"name": 1}]})
    assert not ask().cached
    assert ask().cached


def test_an_answer_never_crosses_to_another_data_owner(simulator):
    ask(data_owner="report:1")
    assert ask(data_owner="report:1").cached
    assert not ask(data_owner="report:2").cached
    assert simulator.stats()["served"] == 2
