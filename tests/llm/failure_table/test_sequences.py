"""Hundreds of requests, each with a random script of faults: every one ends as its script says."""

import asyncio
import random
from collections import Counter

import pytest
from django.db.models import Count

from llm import Answer, complete, errors
from llm.models import LLMCall
from tests.llm.asking import OPERATION, Items, variables

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 24
# What ends a request, by the step that does; two others are asked again.
ENDS = {
    Answer: ["ok", "ok:0.05", "drip:0.1", "wrong_type", "no_usage", "other_model", "wrong_items",
             "renamed", "duplicates", "wrong_quotes"],
    errors.Truncated: ["truncated", "chopped", "looping"],
    errors.Refused: ["refusal", "content_filter"],
    errors.ProviderFailed: ["500", "503:0", "no_choices", "html"],
    errors.EmptyAnswer: ["empty"],
    errors.RateLimited: ["429:0", "529:0"],
    errors.AuthFailed: ["401", "403"],
    errors.QuotaExceeded: ["402", "quota"],
    errors.ModelNotFound: ["404"],
    errors.RequestRejected: ["400"],
    errors.PromptTooLong: ["too_long"],
    errors.ProviderUnreachable: ["reset", "hang:0.1"],
    errors.Timeout: ["hang"],
}  # fmt: skip
END_OF = {step: end for end, steps in ENDS.items() for step in steps}
AGAIN = ["malformed", "invalid"]


def scripts(count: int, seed: int) -> dict[str, list[str]]:
    """A script of one to five steps for each request; every step ends some of them."""
    lot = random.Random(seed)  # noqa: S311  repeatable, not secret
    ends = [step for step in END_OF if step != "hang"] * 2 + ["hang"]
    return {
        f"request_{number:03}": [
            *(lot.choice(AGAIN) for _ in range(lot.choice((0, 0, 0, 1, 2, 3)))),
            lot.choice(ends),
            lot.choice(ends),
        ]
        for number in range(count)
    }


def foretold(script: list[str]) -> tuple[type, int]:
    """How a request ends, and after how many calls."""
    for number, step in enumerate(script[:3], start=1):
        if step not in AGAIN:
            return END_OF[step], number
    return errors.InvalidAnswer, 3


async def ask_each(names, *, give_up=lambda: None) -> list:
    """What came of each, some of them cancelled after `give_up()` seconds."""
    room = asyncio.Semaphore(AT_ONCE)

    async def one(name: str):
        async with room:
            call = complete(
                OPERATION, variables(name), Items, job_id=1, item_key=name, owner_id=1, items=1
            )
            async with asyncio.timeout(give_up()):
                return await call

    return await asyncio.gather(*map(one, names), return_exceptions=True)


def calls_of_each() -> dict[str, int]:
    rows = LLMCall.objects.values("item_key").annotate(calls=Count("id"))
    return dict(rows.values_list("item_key", "calls"))


def script_all(simulator, told: dict[str, list[str]]) -> None:
    entries = [
        {"match": {"contains": f'"{name}"'}, "faults": steps} for name, steps in told.items()
    ]
    simulator._post("_script", entries)


@pytest.mark.parametrize("seed", range(3))
def test_each_request_ends_as_its_script_says(counted, simulator, limits, seed):
    limits(TIMEOUT=10, BREAKER_FAILURES=100_000, BUDGET_JOB=5_000_000)
    told = scripts(100, seed)
    script_all(simulator, told)
    outcomes = asyncio.run(ask_each(told))
    ended = {name: type(outcome) for name, outcome in zip(told, outcomes, strict=True)}
    wanted = {name: foretold(script) for name, script in told.items()}
    assert ended == {name: end for name, (end, _) in wanted.items()}
    assert calls_of_each() == {name: calls for name, (_, calls) in wanted.items()}
    bill = counted.bill()
    assert bill.calls == bill.attempts <= 3 * len(told)
    assert bill.spent >= bill.billed >= bill.tokens
    counted.nothing_is_left()
    print(f"seed {seed}: {bill}, {Counter(end.__name__ for end in ended.values())}")


def test_an_answer_that_broke_off_counts_as_paid(counted, simulator):
    simulator.follow("reset")
    [outcome] = asyncio.run(ask_each(["one"]))
    assert isinstance(outcome, errors.ProviderUnreachable)
    bill = counted.bill()
    assert (bill.calls, bill.tokens) == (1, 0)
    assert bill.spent >= bill.billed > 0


def test_with_circuit_and_cancels_nothing_is_left_and_nothing_untyped_comes_out(
    counted, simulator, limits
):
    limits(TIMEOUT=10, BUDGET_JOB=5_000_000)
    told = scripts(80, 7)
    script_all(simulator, told)
    lot = random.Random(7)  # noqa: S311  repeatable, not secret
    outcomes = asyncio.run(
        ask_each(told, give_up=lambda: lot.choice((None, None, 0.01, 0.05, 0.3)))
    )
    odd = [
        outcome
        for outcome in outcomes
        if not isinstance(outcome, Answer | errors.LLMError | TimeoutError)
    ]
    assert odd == []
    assert max(calls_of_each().values()) <= 3
    counted.nothing_is_left()


def test_every_fault_of_the_simulator_takes_part():
    from llm.simulator.faults import ALIASES, FAULTS

    steps = {step.partition(":")[0] for step in [*END_OF, *AGAIN]} - {"ok"}
    assert {ALIASES.get(step, step) for step in steps} == set(FAULTS) - {"any", "slow"}
