"""Steps on the database share connections while they come in waves, and hold none afterwards."""

import asyncio
import threading
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection
from django.db.backends.signals import connection_created

from llm import database
from tests.llm.asking import ask
from tests.support.workers import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def statements():
    """What other threads send on connections that they open meanwhile."""
    ours, sent = threading.get_ident(), []

    def note(execute, sql, params, many, context):
        sent.append(sql)
        return execute(sql, params, many, context)

    def watch(sender, connection, **kwargs):
        if threading.get_ident() != ours:
            connection.execute_wrappers[:] = [note]

    connection_created.connect(watch)
    try:
        yield sent
    finally:
        connection_created.disconnect(watch)


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def test_many_steps_at_once_open_a_handful_of_connections_and_leave_none():
    all_wait = threading.Event()

    def step() -> int:
        all_wait.wait(30)
        return backend()

    async def wave() -> list[int]:
        steps = [asyncio.create_task(database.run(step)) for _ in range(40)]
        await asyncio.sleep(0)  # each has handed its step over
        all_wait.set()
        return await asyncio.gather(*steps)

    pids = asyncio.run(wave())
    assert len(pids) == 40
    assert len(set(pids)) <= 4
    wait_for(lambda: not _alive(pids), 30, "the connections to be closed")


def _alive(pids: list[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = ANY(%s)", [pids])
        return cursor.fetchone()[0]


def test_a_connection_that_broke_serves_no_second_step():
    def cut():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    async def one_after_the_other() -> int:
        with pytest.raises(OperationalError):
            await database.run(cut)
        return await database.run(backend)

    assert asyncio.run(one_after_the_other()) > 0


def test_a_step_is_done_though_its_caller_is_cancelled_and_then_undone():
    begun, go_on, undone = threading.Event(), threading.Event(), threading.Event()

    def step() -> str:
        begun.set()
        go_on.wait(30)
        return "done"

    async def cancelled():
        task = asyncio.create_task(
            database.run(step, undo=lambda result: undone.set() if result == "done" else None)
        )
        await asyncio.to_thread(begun.wait, 30)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        go_on.set()

    asyncio.run(cancelled())
    assert undone.wait(30)


def test_a_call_takes_ten_statements(simulator):
    ask("warm up")
    wait_for(lambda: _others() == 0, 30, "its connections to be closed")
    with statements() as sent:
        ask("counted")
    assert len(sent) == 10, sent


def _others() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return cursor.fetchone()[0]
