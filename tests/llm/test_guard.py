"""A model is never called while a transaction is open, and holds no connection while it thinks."""

import asyncio
import threading

import pytest
from asgiref.sync import async_to_sync
from django.db import connection, transaction
from django.db.backends.postgresql.base import DatabaseWrapper

from llm import complete, conf, errors
from llm.models import CachedAnswer, LLMCall
from tests.llm.asking import OPERATION, Items, ask, ask_all, variables
from tests.support.workers import wait_for


@pytest.mark.django_db(transaction=True)
def test_refused_inside_a_transaction_of_the_same_thread(simulator):
    with transaction.atomic(), pytest.raises(errors.CalledInTransaction) as caught:
        ask()
    assert caught.value.stops_job and not caught.value.retryable
    assert simulator.stats()["by_operation"] == {}
    assert ask().parsed.items  # and allowed after it


@pytest.mark.django_db(transaction=True)
def test_refused_when_the_thread_that_waits_for_the_answer_has_one_open(simulator):
    call = async_to_sync(complete)
    with transaction.atomic(), pytest.raises(errors.CalledInTransaction):
        call(OPERATION, variables(), Items)
    assert call(OPERATION, variables(), Items).parsed.items


@pytest.mark.django_db(transaction=True)
def test_refused_with_autocommit_off(simulator):
    transaction.set_autocommit(False)
    try:
        with pytest.raises(errors.CalledInTransaction):
            ask()
    finally:
        transaction.rollback()
        transaction.set_autocommit(True)


@pytest.mark.django_db
def test_a_test_cases_own_transaction_is_no_reason(simulator):
    assert connection.in_atomic_block
    assert ask("in a test case").parsed.items


@pytest.mark.django_db
def test_a_block_of_the_code_inside_a_test_case_is(simulator):
    with transaction.atomic(), pytest.raises(errors.CalledInTransaction):
        ask()


@pytest.mark.django_db(transaction=True)
def test_another_threads_transaction_does_not_matter(simulator):
    """A worker stores one answer while the next is asked for on the loop's thread."""

    async def asked_elsewhere():
        return await asyncio.to_thread(ask, "elsewhere")

    with transaction.atomic():
        connection.ensure_connection()
        assert asyncio.run(asked_elsewhere()).parsed.items


@pytest.mark.django_db(transaction=True)
def test_two_hundred_calls_in_flight_hold_no_connection(simulator, settings, open_at_once):
    settings.LLM = {**settings.LLM, "TIMEOUT": 100}
    simulator.hold()

    async def sample() -> tuple[int, int, int]:
        """Calls in flight by the simulator's own count; connections; idle in transaction."""
        in_flight = (await asyncio.to_thread(simulator.stats))["in_flight"]
        return (in_flight, *await asyncio.to_thread(_connections))

    async def watch():
        calls = [
            asyncio.create_task(complete(OPERATION, variables(f"field_{number}"), Items))
            for number in range(200)
        ]
        rising, at_peak = [(0, 0, 0)], []
        while rising[-1][0] < 200:
            rising.append(await sample())
            await asyncio.sleep(0.05)
        while len(at_peak) < 10:
            at_peak.append(await sample())
            await asyncio.sleep(0.05)
        simulator.let_go()
        falling = [(200, 0, 0)]
        while falling[-1][0] > 0:
            falling.append(await sample())
        return await asyncio.gather(*calls), rising, at_peak, falling

    answers, rising, at_peak, falling = asyncio.run(watch())
    print("in flight, connections, idle in transaction:", rising, at_peak, falling)
    assert len(answers) == 200
    assert {sample[0] for sample in at_peak} == {200}
    assert min(sample[1] for sample in at_peak) == 0
    assert 0 < max(open_at_once) <= conf.current().database_connections == 4
    # Calls that begin or settle may be seen between two statements of their own short step.
    assert max(sample[2] for sample in at_peak) == 0


@pytest.fixture
def open_at_once(monkeypatch) -> list[int]:
    """How many connections the client has open, at each that it opens."""
    counts, opened = [], []
    connect = DatabaseWrapper.get_new_connection

    def counted(self, parameters):
        made = connect(self, parameters)
        if threading.current_thread().name.startswith("llm-database"):
            opened.append(made)
            counts.append(sum(not each.closed for each in opened))
        return made

    monkeypatch.setattr(DatabaseWrapper, "get_new_connection", counted)
    return counts


def _connections() -> tuple[int, int]:
    """Other connections to the database: all, and idle in transaction."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*), count(*) FILTER (WHERE state LIKE 'idle in transaction%%') "
                "FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            return cursor.fetchone()
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_many_failures_at_once_leave_nothing_behind(simulator):
    simulator.script("refusal", times=None)
    outcomes = ask_all(*[(f"field_{number}",) for number in range(40)])
    assert {type(outcome) for outcome in outcomes} == {errors.Refused}
    assert not LLMCall.objects.filter(settled_at=None).exists()
    assert not CachedAnswer.objects.exclude(lease=None).exists()
    # The server may still list some that were closed a moment ago.
    wait_for(lambda: _connections() == (0, 0), 60, "no connection is left")
