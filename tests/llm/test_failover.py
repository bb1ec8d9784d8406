"""A provider that is down is passed over for the next approved one, which the answer names."""

import pytest
from django.conf import settings
from django.utils import timezone

from llm import errors
from llm.models import Circuit, LLMCall, Provider, Route
from tests.llm.asking import ask

pytestmark = pytest.mark.django_db(transaction=True)
DEAD = "http://127.0.0.1:9/v1"


@pytest.fixture
def two(simulator):
    """The settings' provider is down; a second one, approved after it, answers."""
    settings.LLM = simulator.settings | {"BASE_URL": DEAD}
    Provider.objects.create(name="second", base_url=simulator.base_url, model="simulated")
    Route.objects.create(
        operation="*", providers=["settings", "second"], approved_at=timezone.now()
    )
    return simulator


def test_the_next_approved_provider_answers_and_is_named(two):
    answer = ask("one")
    assert answer.provider == "second"
    failed, answered = LLMCall.objects.order_by("id")
    assert (failed.outcome, answered.outcome) == ("unreachable", "ok")
    assert failed.provider != answered.provider == answer.call.provider


def test_an_open_circuit_is_passed_over_without_a_call(two):
    for number in range(5):
        ask(f"field_{number}")
    assert Circuit.objects.filter(open_until__isnull=False).count() == 1
    before = LLMCall.objects.filter(outcome="unreachable").count()
    assert ask("after").provider == "second"
    assert LLMCall.objects.filter(outcome="unreachable").count() == before == 5


def test_without_approval_nobody_else_is_asked(two):
    Route.objects.update(approved_at=None)
    with pytest.raises(errors.ProviderUnreachable):
        ask("one")
    assert two.stats()["served"] == 0


@pytest.mark.parametrize("fault", ["refusal", "truncated", "malformed"])
def test_what_the_model_said_is_no_reason_to_ask_another(simulator, fault):
    Provider.objects.create(name="second", base_url=simulator.base_url, model="other")
    Route.objects.create(
        operation="*", providers=["settings", "second"], approved_at=timezone.now()
    )
    simulator.script(fault, times=None)
    with pytest.raises((errors.Refused, errors.Truncated, errors.InvalidAnswer)):
        ask("one")
    assert set(LLMCall.objects.values_list("model_asked", flat=True)) == {"simulated"}


def test_when_all_are_down_the_soonest_to_be_asked_again_is_told(simulator):
    settings.LLM = simulator.settings | {"BASE_URL": DEAD}
    Provider.objects.create(name="second", base_url=simulator.base_url, model="simulated")
    Route.objects.create(
        operation="*", providers=["settings", "second"], approved_at=timezone.now()
    )
    simulator.script("rate_limit", retry_after=3)
    with pytest.raises(errors.RateLimited) as limited:
        ask("one")
    assert limited.value.retry_at is not None


def test_answers_of_one_provider_are_not_given_for_anothers(simulator):
    Provider.objects.create(name="second", base_url=simulator.base_url, model="other")
    assert not ask("one").cached
    assert not ask("one", provider_name="second").cached
    assert ask("one", provider_name="second").cached
