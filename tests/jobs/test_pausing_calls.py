"""A pause while model calls are in flight: they end and are stored, and no new ones begin."""

import asyncio
import threading

import pytest
from django.db import connection

from jobs import PlannedItem, control, enqueue
from jobs.execution import run_job
from jobs.models import Job
from tests.support.workers import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def looks_often(settings):
    settings.JOBS = settings.JOBS | {"CANCEL_POLL": 0.1}


class Calls:
    """A job of `count` items whose calls wait until they may end; it is asked to pause, and what
    else the script says, while the first two are under way."""

    def __init__(self, declare, owner, count, script=lambda calls: None):
        self.owner = owner
        self.begun, self.ended, self.stored = [], [], []
        self.run = None
        self.may_end = threading.Event()
        self.script = script

        def work(run):
            self.run = run
            items = run.plan([PlannedItem(str(n)) for n in range(count)])
            for item, _answer in run.map(self.ask, items, concurrency=2):
                run.check()
                with run.commit(item):
                    self.stored.append(item.key)

        self.job = enqueue(declare(work))
        self.thread = threading.Thread(target=self.interfere)
        self.thread.start()

    async def ask(self, item):
        self.begun.append(item.key)
        while not self.may_end.is_set():
            await asyncio.sleep(0.01)
        self.ended.append(item.key)

    def run_once(self):
        outcome = run_job(self.job.pk)
        self.thread.join()
        return outcome

    def interfere(self):
        wait_for(lambda: len(self.begun) == 2, 60, "two calls are under way")
        control.pause(self.job, actor=self.owner)
        self.script(self)
        self.may_end.set()
        connection.close()

    def wait_until_heard(self):
        wait_for(lambda: self.run._asked.pause, 60, "the run knows that it is to pause")


def test_they_end_and_are_stored_and_no_new_ones_begin(declare, owner):
    calls = Calls(declare, owner, 6, Calls.wait_until_heard)
    assert calls.run_once() == "paused"
    assert sorted(calls.begun) == sorted(calls.ended) == sorted(calls.stored) == ["0", "1"]
    control.resume(calls.job, actor=owner)
    assert calls.run_once() == "succeeded"
    assert sorted(calls.begun) == [str(n) for n in range(6)]  # nobody was asked twice


def test_a_job_whose_last_calls_are_under_way_just_ends(declare, owner):
    calls = Calls(declare, owner, 2)
    assert calls.run_once() == "succeeded"
    job = Job.objects.get()
    assert (len(calls.stored), job.done, job.pause_requested) == (2, 2, False)
    assert job.events.filter(name="ask_pause").exists()


def test_a_cancel_meanwhile_closes_them(declare, owner):
    def cancel(calls):
        calls.wait_until_heard()
        control.cancel(calls.job, actor=owner)
        wait_for(lambda: calls.run.ended, 60, "the run was told to end")

    calls = Calls(declare, owner, 4, cancel)
    assert calls.run_once() == "cancelled"
    assert (sorted(calls.begun), calls.ended) == (["0", "1"], [])


def test_a_pause_withdrawn_meanwhile_lets_the_job_go_on_at_once(declare, owner):
    def resume(calls):
        calls.wait_until_heard()
        control.resume(calls.job, actor=owner)

    calls = Calls(declare, owner, 4, resume)
    assert calls.run_once() == "queued"
    assert sorted(calls.stored) == ["0", "1"]
    assert calls.run_once() == "succeeded"
    assert sorted(calls.stored) == ["0", "1", "2", "3"]
