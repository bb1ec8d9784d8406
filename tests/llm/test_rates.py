"""A provider's minute is shared: who finds it used up is told when to come back."""

import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.db.models import F
from django.utils import timezone

from llm import errors
from llm.models import LLMCall, RateBucket
from tests.llm.asking import ask, ask_all

pytestmark = pytest.mark.django_db(transaction=True)


def names(count: int, prefix: str = "field") -> list[tuple[str]]:
    return [(f"{prefix}_{number}",) for number in range(count)]


def test_no_more_requests_are_sent_than_the_minute_allows(simulator):
    settings.LLM = simulator.settings | {"RPM": 12}
    begun = time.monotonic()
    outcomes = ask_all(*names(30))
    lasted = time.monotonic() - begun
    refused = [each for each in outcomes if isinstance(each, Exception)]
    assert {type(error) for error in refused} == {errors.RateLimited}
    assert 12 <= simulator.stats()["served"] <= 12 + lasted / 5  # meanwhile it fills again
    wait = (refused[0].retry_at - timezone.now()).total_seconds()
    assert -lasted < wait < 7  # the next request of twelve a minute
    assert (refused[0].retryable, refused[0].stops_job) == (True, True)


def test_tokens_are_taken_by_estimate_and_given_back_by_what_was_used(simulator):
    settings.LLM = simulator.settings | {"TPM": 1_000_000}
    ask("one")
    call = LLMCall.objects.get()
    missing = 1_000_000 - RateBucket.objects.get().tokens
    assert missing == pytest.approx(call.tokens_in + call.tokens_out, abs=1)


def test_an_empty_bucket_fills_evenly(simulator):
    settings.LLM = simulator.settings | {"TPM": 60_000}
    ask("one")
    RateBucket.objects.update(tokens=0, filled_at=timezone.now())
    with pytest.raises(errors.RateLimited) as refused:
        ask("two")
    wait = (refused.value.retry_at - timezone.now()).total_seconds()
    assert 0 < wait <= 66
    RateBucket.objects.update(filled_at=F("filled_at") - timedelta(seconds=wait))
    assert ask("two")


def test_a_call_larger_than_a_minute_waits_for_a_full_bucket_and_is_then_sent(simulator):
    settings.LLM = simulator.settings | {"TPM": 100}
    assert ask("one")
    with pytest.raises(errors.RateLimited):
        ask("two")
    RateBucket.objects.update(tokens=0, filled_at=timezone.now() - timedelta(seconds=61))
    assert ask("two")


def test_a_request_that_is_refused_takes_nothing(simulator):
    settings.LLM = simulator.settings | {"RPM": 1}
    ask("one")
    before = RateBucket.objects.values("requests", "filled_at").get()
    with pytest.raises(errors.RateLimited):
        ask("two")
    assert RateBucket.objects.values("requests", "filled_at").get() == before
    assert LLMCall.objects.count() == 1
