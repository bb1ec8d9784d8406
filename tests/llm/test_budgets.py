"""Tokens are reserved before a call and settled after it, so no budget is passed."""

import asyncio
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from llm import budgets, complete, conf, errors
from llm.models import Budget, LLMCall, Reservation
from llm.request import Links
from tests.llm.asking import OPERATION, Items, ask, variables

pytestmark = pytest.mark.django_db(transaction=True)
JOB = {"job_id": 7, "owner_id": 3}


@pytest.fixture
def price(simulator) -> int:
    """What one call reserves."""
    ask("priced", job_id=1, owner_id=1)
    simulator.reset()
    with_budget(simulator, BUDGET_DAY=1_000_000)
    ask("priced again", job_id=1, owner_id=1)
    day = Budget.objects.get()
    assert (day.reserved, day.spent) == (0, tokens_of(LLMCall.objects.latest("pk")))
    Budget.objects.all().delete()
    return budget_wanted(simulator)


def budget_wanted(simulator) -> int:
    with_budget(simulator, BUDGET_DAY=1)
    with pytest.raises(errors.BudgetSpent) as refused:
        ask("too dear", **JOB)
    with_budget(simulator)
    return int(refused.value.details["tokens"].replace(",", ""))


def with_budget(simulator, **limits) -> None:
    settings.LLM = simulator.settings | limits


def tokens_of(call: LLMCall) -> int:
    return call.tokens_in + call.tokens_out


def names(count: int) -> list[tuple[str]]:
    return [(f"field_{number}",) for number in range(count)]


def test_fifty_at_once_never_spend_more_than_a_budget_for_ten(simulator, price):
    ceiling = price * 10
    with_budget(simulator, BUDGET_JOB=ceiling)
    simulator.hold()

    async def ask_together():
        calls = [
            asyncio.create_task(complete(OPERATION, variables(*name), Items, **JOB))
            for name in names(50)
        ]
        while sum(call.done() for call in calls) < 40:
            await asyncio.sleep(0.05)
        simulator.let_go()
        return await asyncio.gather(*calls, return_exceptions=True)

    outcomes = asyncio.run(ask_together())
    answered = [each for each in outcomes if not isinstance(each, Exception)]
    assert {type(each) for each in outcomes if isinstance(each, Exception)} == {errors.BudgetSpent}
    budget = Budget.objects.get()
    spent = sum(tokens_of(call) for call in LLMCall.objects.filter(job_id=7, cached=False))
    assert budget.reserved == 0
    assert budget.spent == spent <= ceiling
    # What was open together fitted in together; what they didn't need is there for others.
    assert simulator.stats()["peak"] == len(answered) == 10
    assert not Reservation.objects.exists()
    assert ask("later", **JOB).parsed.items


def test_a_refused_call_reserves_nothing_and_sends_nothing(simulator, price):
    with_budget(simulator, BUDGET_JOB=price * 5, BUDGET_USER_DAY=price - 1, BUDGET_DAY=price * 5)
    served = simulator.stats()["served"]
    with pytest.raises(errors.BudgetSpent):
        ask("refused", **JOB)
    assert simulator.stats()["served"] == served
    assert set(Budget.objects.values_list("reserved", "spent")) <= {(0, 0)}


def test_a_spent_day_ends_at_midnight_and_the_job_can_wait_for_it(simulator, price):
    day = f"day:{budgets.today()}"
    Budget.objects.create(name=day, spent=price * 2, ceiling=price * 2, changed_at=timezone.now())
    with_budget(simulator, BUDGET_DAY=price * 2)
    with pytest.raises(errors.DayBudgetSpent) as refused:
        ask("tomorrow", **JOB)
    error = refused.value
    assert (error.retryable, error.stops_job) == (True, True)
    assert error.retry_at.hour == error.retry_at.minute == 0
    assert timedelta(0) < error.retry_at - timezone.now() <= timedelta(days=1)


def test_jobs_and_users_have_budgets_of_their_own(simulator, price):
    with_budget(simulator, BUDGET_JOB=price, BUDGET_USER_DAY=price)
    Budget.objects.create(name="job:7", spent=price, ceiling=price, changed_at=timezone.now())
    with pytest.raises(errors.BudgetSpent, match="this job"):
        ask("one", job_id=7, owner_id=3)
    assert ask("two", job_id=8, owner_id=3)
    with pytest.raises(errors.DayBudgetSpent, match="your day"):
        ask("three", job_id=9, owner_id=3)
    assert ask("four", job_id=9, owner_id=4)


def test_a_failed_call_pays_nothing_and_one_cut_off_pays_for_all_it_reserved(simulator, price):
    with_budget(simulator, BUDGET_JOB=price * 3)
    simulator.script("server_error")
    with pytest.raises(errors.ProviderFailed):
        ask("failing", **JOB)
    assert Budget.objects.get().spent == 0
    with_budget(simulator, BUDGET_JOB=price * 3, TIMEOUT=0.3)
    simulator.script("hang")
    with pytest.raises(errors.Timeout):
        ask("hanging", **JOB)
    budget = Budget.objects.get()
    assert (budget.reserved, price * 0.8 < budget.spent <= price) == (0, True)


def test_reservations_of_dead_processes_lapse_as_spent(simulator, price):
    with_budget(simulator, BUDGET_JOB=price * 2, BUDGET_DAY=price * 9)
    budgets.reserve(Links(7, "a", 3), price, conf.current())
    assert budgets.sweep() == 0
    Reservation.objects.update(lapses_at=timezone.now() - timedelta(seconds=1))
    assert budgets.sweep() == 1
    assert set(Budget.objects.values_list("reserved", "spent")) == {(0, price)}
    assert budgets.sweep() == 0


def test_an_answer_from_the_cache_draws_on_no_budget(simulator, price):
    assert not ask("kept", **JOB).cached
    with_budget(simulator, BUDGET_JOB=1)
    assert ask("kept", **JOB).cached
    assert not Budget.objects.exists()
