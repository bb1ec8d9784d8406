"""Calls run side by side within bounds, and end when they are told to."""

import asyncio
import os
import threading
import time

import pytest

from jobs.items import Item
from jobs.loop import running_loop
from jobs.mapping import BACKLOG, Mapping
from tests.support.workers import wait_for


def make_items(count):
    return [Item(n, 1, str(n), "", None) for n in range(count)]


def collect(mapping):
    outcomes = []
    while not mapping.is_over():
        if outcome := mapping.next(1):
            outcomes.append(outcome)
    return outcomes


class Gauge:
    """Counts calls in flight, and those that were cancelled."""

    def __init__(self, seconds=0.02):
        self.seconds = seconds
        self.now = self.most = self.begun = self.cancelled = 0

    async def ask(self, item):
        self.begun += 1
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await asyncio.sleep(self.seconds)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.now -= 1
        return item.id * 10


def test_every_item_is_asked_once_within_the_bound():
    gauge = Gauge()
    outcomes = collect(Mapping(gauge.ask, make_items(50), 8))
    assert sorted(o.answer for o in outcomes) == [n * 10 for n in range(50)]
    assert gauge.most == 8


def test_answers_come_as_they_are_ready():
    async def ask(item):
        await asyncio.sleep(0.3 if item.id == 0 else 0.01)
        return item.id

    outcomes = collect(Mapping(ask, make_items(4), 4))
    assert outcomes[-1].answer == 0


def test_a_failed_call_is_that_items_outcome():
    async def ask(item):
        if item.id % 2:
            raise ValueError(f"item {item.id}")
        if item.id == 4:
            raise asyncio.CancelledError
        return item.id

    outcomes = {o.item.id: o for o in collect(Mapping(ask, make_items(6), 3))}
    assert str(outcomes[3].error) == "item 3"
    assert isinstance(outcomes[4].error, asyncio.CancelledError)
    assert outcomes[2].answer == 2


@pytest.mark.parametrize("error", [SystemExit(1), KeyboardInterrupt(), BaseException("panic")])
def test_not_even_an_exit_in_a_call_ends_the_loop(error):
    async def ask(item):
        if item.id == 1:
            raise error
        return item.id

    outcomes = collect(Mapping(ask, make_items(6), concurrency=2))
    assert sorted(each.answer for each in outcomes if each.error is None) == [0, 2, 3, 4, 5]
    assert [each.error for each in outcomes if each.error] == [error]
    assert len(collect(Mapping(ask, make_items(1), concurrency=1))) == 1


def test_a_plain_function_fails_its_items_and_nothing_else():
    outcomes = collect(Mapping(lambda item: item.id, make_items(3), 2))
    assert [type(o.error) for o in outcomes] == [TypeError] * 3


def test_cancel_ends_two_hundred_calls_at_once():
    gauge = Gauge(600)
    mapping = Mapping(gauge.ask, make_items(300), 200)
    wait_for(lambda: gauge.now == 200, 60, "they are under way")
    mapping.cancel()
    assert (gauge.now, gauge.cancelled, gauge.begun) == (0, 200, 200)


def test_drain_lets_calls_end_and_begins_none():
    gauge, may_end = Gauge(), threading.Event()

    async def ask(item):
        while not may_end.is_set():
            await asyncio.sleep(0.01)
        return await gauge.ask(item)

    mapping = Mapping(ask, make_items(20), 4)
    assert mapping.next(0.05) is None
    mapping.drain()
    may_end.set()
    assert len(collect(mapping)) == gauge.begun == 4


def test_calls_wait_for_slow_storing():
    gauge = Gauge(0)
    mapping = Mapping(gauge.ask, make_items(500), 8)
    time.sleep(0.3)
    assert gauge.begun <= 8 + BACKLOG
    assert len(collect(mapping)) == 500


def test_wake_ends_a_wait():
    mapping = Mapping(Gauge(600).ask, make_items(1), 1)
    threading.Timer(0.1, mapping.wake).start()
    assert mapping.next(600) is None
    mapping.cancel()


def test_concurrency_is_at_least_one():
    with pytest.raises(ValueError, match="at least 1"):
        Mapping(Gauge().ask, make_items(1), 0)


def test_a_forked_child_turns_a_loop_of_its_own():
    running_loop()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        answers = [o.answer for o in collect(Mapping(Gauge().ask, make_items(3), 3))]
        os.write(writing, repr(sorted(answers)).encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        assert pipe.read() == "[0, 10, 20]"
