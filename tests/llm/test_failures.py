"""Each way a provider fails is an error of its own, classed for the job engine, and recorded."""

import asyncio
import socket
import time
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from llm import errors
from llm.failures import MOST_SPREAD, retry_after
from llm.models import Circuit, LLMCall
from tests.llm.asking import ask, ask_all
from tests.support.workers import wait_for

pytestmark = pytest.mark.django_db(transaction=True)

# fault, error, retryable, stops_job, outcome
CASES = [
    ("server_error", errors.ProviderFailed, True, False, "failed"),
    ("html", errors.ProviderFailed, True, False, "failed"),
    ("empty", errors.EmptyAnswer, True, False, "failed"),
    ("rate_limit", errors.RateLimited, True, True, "rate_limited"),
    ("quota", errors.QuotaExceeded, False, True, "quota"),
    ("auth", errors.AuthFailed, False, True, "auth"),
    ("not_found", errors.ModelNotFound, False, True, "rejected"),
    ("too_long", errors.PromptTooLong, False, False, "rejected"),
    ("truncated", errors.Truncated, False, False, "truncated"),
    ("refusal", errors.Refused, False, False, "refused"),
    ("content_filter", errors.Refused, False, False, "refused"),
]


@pytest.mark.parametrize(("fault", "kind", "retryable", "stops_job", "outcome"), CASES)
def test_fault_is_told_apart(simulator, fault, kind, retryable, stops_job, outcome):
    simulator.script(fault, times=None)
    with pytest.raises(kind) as caught:
        ask()
    error = caught.value
    assert (error.retryable, error.stops_job) == (retryable, stops_job)
    assert error.code.startswith("llm_") and "{" not in error.message
    row = LLMCall.objects.get()  # one request: nothing is sent again by itself
    assert (row.outcome, row.error_code, row.error) == (outcome, error.code, error.message)
    assert simulator.stats()["served"] == 1


def test_truncated_by_the_prompts_own_limit(simulator):
    with pytest.raises(errors.Truncated) as caught:
        ask(*(f"attribute_{number}" for number in range(200)))
    assert "400 tokens" in caught.value.message
    row = LLMCall.objects.get()
    assert row.tokens_out == 400  # what a failed call cost is known


@pytest.mark.parametrize("fault", ["hang", "slow"])
def test_no_answer_in_time_is_a_timeout(simulator, settings, fault):
    settings.LLM = {**settings.LLM, "TIMEOUT": 0.5}
    simulator.script(fault)
    with pytest.raises(errors.Timeout) as caught:
        ask()
    assert (caught.value.retryable, caught.value.stops_job) == (True, False)
    row = LLMCall.objects.get()
    usual = simulator.settings["TIMEOUT"] * 1000
    assert row.outcome == "timeout" and 500 <= row.latency_ms < usual
    simulator.wait_until_idle()  # the connection was closed


def test_dead_endpoint_is_unreachable(simulator, settings):
    settings.LLM = {**settings.LLM, "BASE_URL": "http://127.0.0.1:9/v1"}
    with pytest.raises(errors.ProviderUnreachable) as caught:
        ask()
    assert "127.0.0.1:9" in caught.value.message and caught.value.retryable
    assert LLMCall.objects.get().outcome == "unreachable"


def test_endpoint_that_accepts_nothing_is_unreachable(simulator, settings):
    """A listener whose queue is full never completes the connection."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        time.sleep(0.1)
        settings.LLM = {
            **settings.LLM,
            "BASE_URL": f"http://127.0.0.1:{port}/v1",
            "CONNECT_TIMEOUT": 0.5,
        }
        with pytest.raises(errors.ProviderUnreachable) as caught:
            ask()
        for one in waiting:
            one.close()
    assert "no connection within 0.5 s" in caught.value.message


def test_retry_after_holds_back_every_caller_until_its_moment(simulator):
    simulator.script("rate_limit", retry_after=120)
    with pytest.raises(errors.RateLimited) as caught:
        ask()
    wait = caught.value.retry_at - timezone.now()
    assert timedelta(seconds=60) < wait <= timedelta(seconds=120 + MOST_SPREAD)
    held = ask_all(("a",), ("b",), ("c",))
    assert {type(error) for error in held} == {errors.RateLimited}
    assert simulator.stats()["served"] == 1  # nobody asked meanwhile
    Circuit.objects.update(held_until=Now())
    assert ask().parsed.items


def test_leave_to_come_back_at_once_holds_nobody_up(simulator):
    simulator.script("rate_limit", retry_after=0)
    with pytest.raises(errors.RateLimited):
        ask("told_off")
    assert not Circuit.objects.filter(held_until__isnull=False).exists()


def test_retry_after_is_read_in_every_form():
    assert retry_after({"retry-after": "7"}) == 7
    assert retry_after({"retry-after-ms": "1500"}) == 1.5
    assert retry_after({"retry-after": "999999"}) == 3600
    assert retry_after({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0
    assert retry_after({"retry-after": "soon"}) is None
    assert retry_after({"retry-after": "nan"}) is None
    assert retry_after({}) is None


def test_cancelled_call_is_settled_and_its_connection_closed(simulator):
    simulator.script("hang")

    async def cancel_midway():
        from llm import complete
        from tests.llm.asking import OPERATION, Items, variables

        task = asyncio.create_task(complete(OPERATION, variables(), Items))
        while (await asyncio.to_thread(simulator.stats))["in_flight"] == 0:
            await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel_midway())
    row = LLMCall.objects.get()
    assert (row.outcome, row.error_code) == ("cancelled", "llm_cancelled")
    simulator.wait_until_idle()
    assert ask().parsed.items  # the same request is free to be asked again


def test_call_cancelled_before_it_is_sent_leaves_no_open_row(simulator):
    async def cancel_at(delay: float):
        from llm import complete
        from tests.llm.asking import OPERATION, Items, variables

        task = asyncio.create_task(complete(OPERATION, variables(str(delay)), Items))
        await asyncio.sleep(delay)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    for delay in (0, 0.001, 0.003, 0.006, 0.01, 0.02):
        asyncio.run(cancel_at(delay))
    wait_for(lambda: not LLMCall.objects.filter(settled_at=None).exists(), 60, "none is open")
    assert set(LLMCall.objects.values_list("outcome", flat=True)) <= {"cancelled", "ok"}


def test_errors_survive_pickling():
    import pickle

    error = errors.AuthFailed(status=401, reason="bad key", settings="LLM_API_KEY")
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301  our own bytes
    assert (type(copy), copy.message) == (errors.AuthFailed, error.message)
