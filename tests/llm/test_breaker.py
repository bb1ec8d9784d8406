"""The circuit opens for all callers together, and one probe at a time may close it."""

import asyncio
from datetime import timedelta

import pytest
from django.utils import timezone

from llm import complete, errors, failures
from llm.models import Circuit
from tests.llm.asking import OPERATION, Items, ask, ask_all, variables

pytestmark = pytest.mark.django_db(transaction=True)


def groups(count: int) -> list[tuple[str]]:
    return [(f"field_{number}",) for number in range(count)]


@pytest.fixture
def open_circuit(simulator):
    """A circuit opened by five failures, whose minute is over."""
    simulator.script("server_error", times=5)
    failures = ask_all(*groups(5))
    assert {type(error) for error in failures} == {errors.ProviderFailed}
    circuit = Circuit.objects.get()
    assert circuit.open_until is not None
    return circuit


def let_the_minute_pass() -> None:
    Circuit.objects.update(open_until=timezone.now() - timedelta(seconds=1))


def test_four_failures_leave_it_closed_and_a_success_starts_the_count_again(simulator):
    simulator.script("server_error", times=4)
    ask_all(*groups(4))
    assert ask("good").parsed.items
    assert Circuit.objects.get().failures == 0
    simulator.script("server_error", times=4)
    ask_all(*groups(4))
    assert Circuit.objects.get().open_until is None


def test_open_circuit_refuses_without_calling_and_says_when_to_come_back(open_circuit, simulator):
    served = simulator.stats()["served"]
    refused = ask_all(*groups(20))
    assert {type(error) for error in refused} == {errors.CircuitOpen}
    assert simulator.stats()["served"] == served
    error = refused[0]
    assert (error.retryable, error.stops_job) == (True, True)
    wait = (error.retry_at - timezone.now()).total_seconds()
    assert 50 < wait <= 60 + failures.MOST_SPREAD


def test_failures_of_many_at_once_open_it_once(simulator):
    simulator.script("server_error", times=None)
    outcomes = ask_all(*groups(30))
    assert {type(error) for error in outcomes} <= {errors.ProviderFailed, errors.CircuitOpen}
    circuit = Circuit.objects.get()
    assert circuit.failures == 5
    assert circuit.open_until > timezone.now()


def test_exactly_one_probe_of_many_goes_through_and_closes_it(open_circuit, simulator):
    let_the_minute_pass()
    served = simulator.stats()["served"]
    simulator.hold()

    async def probe():
        calls = [
            asyncio.create_task(complete(OPERATION, variables(*group), Items))
            for group in groups(20)
        ]
        while sum(call.done() for call in calls) < 19:
            await asyncio.sleep(0.05)
        simulator.let_go()
        return await asyncio.gather(*calls, return_exceptions=True)

    outcomes = asyncio.run(probe())
    refused = [outcome for outcome in outcomes if isinstance(outcome, errors.CircuitOpen)]
    answered = [outcome for outcome in outcomes if not isinstance(outcome, Exception)]
    assert (len(answered), len(refused)) == (1, 19)
    assert simulator.stats()["served"] == served + 1
    assert Circuit.objects.get().open_until is None
    assert all(not isinstance(outcome, Exception) for outcome in ask_all(*groups(5)))


def test_cancelled_probe_lets_another_try(open_circuit, simulator):
    let_the_minute_pass()
    simulator.hold()

    async def cancel_probe():
        probe = asyncio.create_task(complete(OPERATION, variables("probe"), Items))
        while (await asyncio.to_thread(simulator.stats))["in_flight"] == 0:
            await asyncio.sleep(0.05)
        probe.cancel()
        await asyncio.gather(probe, return_exceptions=True)

    asyncio.run(cancel_probe())
    simulator.let_go()
    assert ask("probe again").parsed.items
    assert Circuit.objects.get().open_until is None


def test_failed_probe_opens_it_for_another_minute(open_circuit, simulator):
    let_the_minute_pass()
    simulator.script("server_error")
    with pytest.raises(errors.ProviderFailed):
        ask("probe")
    with pytest.raises(errors.CircuitOpen) as caught:
        ask("after")
    assert (caught.value.retry_at - timezone.now()).total_seconds() > 50


@pytest.mark.parametrize("fault", ["refusal", "truncated", "auth", "rate_limit"])
def test_an_answering_provider_does_not_open_it(simulator, fault):
    simulator.script(fault, times=6, retry_after=0)
    for number in range(6):
        with pytest.raises(errors.LLMError):
            ask(f"field_{number}")
    assert not Circuit.objects.exclude(open_until=None).exists()


def test_cached_answer_is_given_while_it_is_open(simulator):
    ask("known")
    simulator.script("server_error", times=5)
    ask_all(*groups(5))
    assert ask("known").cached
    with pytest.raises(errors.CircuitOpen):
        ask("unknown")
