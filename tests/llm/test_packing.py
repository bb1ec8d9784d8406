"""Batches are sized by what answers were measured to take, well under the output limit."""

import pytest
from django.utils import timezone

from llm import packing, prompts
from llm.models import LLMCall, Provider, Route
from tests.llm.asking import OPERATION, ask

pytestmark = pytest.mark.django_db(transaction=True)
LIMIT = prompts.load(OPERATION).max_output_tokens


def answered(*calls: tuple[int, int | None]) -> None:
    now = timezone.now()
    for tokens, items in calls:
        LLMCall.objects.create(
            operation=OPERATION, request=[], started_at=now, deadline=now, settled_at=now,
            outcome="ok", tokens_out=tokens, items=items,
        )  # fmt: skip


def size(most: int = 100, expected: float = 40) -> int:
    return packing.batch_size(OPERATION, expected=expected, most=most)


def test_before_any_answer_the_expectation_decides(simulator):
    assert size(expected=40) == int(0.6 * LIMIT / 40)
    assert size(expected=40, most=3) == 3
    assert size(expected=LIMIT * 2) == 1


def test_measured_answers_decide_and_the_dear_ones_among_them(simulator):
    answered(*[(100, 10)] * 8, (600, 10), (600, 10), (999, None))
    assert packing.tokens_of_one(OPERATION) == 60
    assert size() == int(0.6 * LIMIT / 60)


def test_only_the_last_fifty_answers_count(simulator):
    answered(*[(900, 10)] * 20, *[(100, 10)] * 50)
    assert packing.tokens_of_one(OPERATION) == 10


def test_a_call_tells_how_many_things_it_asked_about(simulator):
    ask("one", "two", items=2)
    call = LLMCall.objects.get()
    assert call.items == 2
    assert packing.tokens_of_one(OPERATION) == call.tokens_out / 2


def test_the_tightest_provider_of_the_route_sets_the_limit(simulator):
    Provider.objects.create(name="small", base_url=simulator.base_url, model="m", output_tokens=100)
    Route.objects.create(operation="*", providers=["settings", "small"], approved_at=timezone.now())
    assert size(expected=20) == 3


def test_without_a_model_nothing_is_measured(settings):
    settings.LLM = {}
    assert size(most=10) == 10
