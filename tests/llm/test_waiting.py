"""What a call's row says of the time before it was sent: waits and attempts leave nothing out."""

import asyncio
import time

import pytest

from llm import complete
from llm.errors import Refused
from llm.models import LLMCall
from tests.llm.asking import OPERATION, Items, ask, ask_all, variables

pytestmark = pytest.mark.django_db(transaction=True)


def spent(rows) -> int:
    """Milliseconds of all waits and attempts; each may be rounded up by half of one."""
    return sum(row.queue_ms + row.latency_ms for row in rows) - len(rows)


def test_a_reask_waits_from_the_answer_that_did_not_fit(simulator):
    simulator.slow_down(0.3)
    simulator.script("malformed")
    began = time.monotonic()
    ask()
    took = (time.monotonic() - began) * 1000
    rows = LLMCall.objects.order_by("id")
    assert [row.attempt for row in rows] == [1, 2]
    # Counted from the beginning, the second wait would hold the first attempt again.
    assert spent(rows) <= took


def test_who_waits_for_the_same_answer_says_so(simulator):
    simulator.slow_down(0.3)
    ask_all(("same",), ("same",))
    paid, cached = LLMCall.objects.order_by("cached")
    assert (paid.cached, cached.cached, cached.latency_ms) == (False, True, 0)
    assert cached.queue_ms >= paid.latency_ms >= 300


def test_who_asks_after_another_failed_had_waited_for_it(simulator):
    simulator.slow_down(0.3)
    simulator.script("refusal")
    outcomes = ask_all(("same",), ("same",))
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 1
    refused, answered = LLMCall.objects.order_by("id")
    assert (refused.outcome, answered.outcome) == ("refused", "ok")
    assert answered.queue_ms >= refused.latency_ms >= 300


def test_an_open_call_has_not_told_and_a_cancelled_one_has(simulator):
    seen = {}

    async def cancel_meanwhile():
        from llm import database

        task = asyncio.create_task(complete(OPERATION, variables(), Items))
        while simulator.stats()["in_flight"] == 0:
            await asyncio.sleep(0.02)
        seen.update(await database.run(lambda: LLMCall.objects.values().get()))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    simulator.hold()
    try:
        asyncio.run(cancel_meanwhile())
    finally:
        simulator.let_go()
    assert (seen["outcome"], seen["queue_ms"]) == ("open", None)
    row = LLMCall.objects.get()
    assert (row.outcome, row.queue_ms is None) == ("cancelled", False)
