"""Deliveries that time out or are stopped."""

import asyncio
import os
import signal
import threading

import pytest
from django.contrib.auth.models import Group
from django.db import OperationalError, connection
from django_q.exceptions import TimeoutException

from jobs import PlannedItem, execution
from jobs.execution import run_job
from jobs.models import JobEvent, JobItem
from jobs.testing import run_pending
from tests.jobs.outcomes import (
    finish,
    raising,
    seconds_from_now,
)
from tests.support.workers import wait_for


def queries(words: str) -> int:
    """How many other connections are at work on a query with these words."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
            "AND state = 'active' AND query LIKE %s",
            [f"%{words}%"],
        )
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
class TestTime:
    """Timeouts and stops interrupt real waits, so they need real transactions."""

    @pytest.mark.parametrize("swallow", [False, True])
    def test_a_task_that_reaches_no_boundary_is_broken_off(self, start, swallow):
        def work(run):
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_sleep(600) AS broken_off")
            except Exception:
                if not swallow:
                    raise

        job = finish(start(work, timeout=1))
        assert (job.status, job.error_code) == ("failed", "timed_out")
        assert job.message == "Timed out after 1 seconds."
        wait_for(lambda: not queries("broken_off"), 60, "the server doesn't go on with the query")

    def test_model_calls_are_broken_off_too(self, start):
        async def ask(item):
            await asyncio.sleep(60)

        def work(run):
            list(run.map(ask, run.plan([PlannedItem("a")])))

        assert finish(start(work, timeout=1)).error_code == "timed_out"

    def test_the_librarys_own_timeout_is_recorded(self, start):
        job = finish(start(raising(TimeoutException("too long"))))
        assert job.error_code == "timed_out"

    def test_the_alarm_is_put_back(self, start):
        before = signal.getsignal(signal.SIGALRM)
        finish(start(lambda run: None))
        assert signal.getsignal(signal.SIGALRM) == before
        assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)

    def test_a_stop_gives_the_job_back_at_the_next_item(self, start):
        def work(run):
            for item in run.plan([PlannedItem(str(n)) for n in range(5)]):
                with run.commit(item):
                    Group.objects.create(name=item.key)
                if item.key == "1":
                    execution.request_stop()

        job = finish(start(work))
        # The item under way when the stop came is finished first.
        assert (job.status, job.done, job.attempt, job.fence) == ("queued", 3, 0, None)
        assert run_job(job.pk) == "stopping"
        execution.resume()
        assert run_job(job.pk) == "succeeded"
        assert Group.objects.count() == 5

    def test_a_stop_closes_model_calls_at_once(self, start):
        closed = []

        async def ask(item):
            if item.key == "0":
                return 0
            try:
                await asyncio.sleep(600)
            finally:
                closed.append(item.key)

        def work(run):
            items = run.plan([PlannedItem(str(n)) for n in range(4)])
            for item, _answer in run.map(ask, items, concurrency=4):
                with run.commit(item):
                    pass
                threading.Timer(0.3, os.kill, [os.getpid(), signal.SIGTERM]).start()

        handler = signal.signal(signal.SIGTERM, lambda *_: execution.request_stop())
        job = finish(start(work))
        signal.signal(signal.SIGTERM, handler)
        assert (job.status, job.done, job.attempt) == ("queued", 1, 0)
        assert sorted(closed) == ["1", "2", "3"]

    def test_an_outcome_is_recorded_when_the_database_is_back(self, start, monkeypatch):
        job = start(lambda run: 1)
        tried = []
        real = execution.try_move

        def away(*arguments, **values):
            tried.append(1)
            if len(tried) < 3:
                raise OperationalError("the server is starting up")
            return real(*arguments, **values)

        monkeypatch.setattr(execution, "try_move", away)
        assert run_job(job.pk) == "succeeded"
        assert len(tried) == 3

    def test_a_killed_backend_costs_a_pause_and_nothing_else(self, start, effects):
        def work(run):
            for item in run.plan([PlannedItem(str(n)) for n in range(3)]):
                with run.commit(item):
                    effects.write(item.key)
                    if item.key == "1" and not JobEvent.objects.filter(name="sit_out").exists():
                        with connection.cursor() as cursor:
                            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

        job = finish(start(work, max_attempts=1))
        assert (job.status, job.done, job.attempt) == ("waiting", 1, 0)
        assert seconds_from_now(job.run_after) <= 5
        run_pending(waiting=True)
        job.refresh_from_db()
        assert (job.status, job.done, job.attempt) == ("succeeded", 3, 1)
        assert effects.keys() == ["0", "1", "2"]
        assert JobItem.objects.filter(status="done").count() == 3
