"""Items are planned once, take effect once, and hold neither transaction nor connection."""

import asyncio
import threading
import time

import pytest
from django.contrib.auth.models import Group
from django.db import connection, connections, transaction

from jobs import JobRun, PlannedItem, conf, direct, enqueue
from jobs.claim import claim
from jobs.errors import AlreadySettled, CancelSeen, InvalidPlan, LeaseLost, NotJSON, TransactionOpen
from jobs.models import Job, JobItem
from jobs.moves import move
from jobs.testing import run_pending
from tests.support.workers import wait_for


@pytest.fixture
def job(declare, transactional_db):
    return enqueue(declare(lambda run: None, "tests.noop"))


@pytest.fixture
def run(job):
    return JobRun(claim(job.pk))


def plan(count):
    return [PlannedItem(f"k{n}", f"Item {n}", {"n": n}) for n in range(count)]


async def echo(item):
    return item.payload["n"]


def names():
    return sorted(Group.objects.values_list("name", flat=True))


def test_the_plan_is_made_once(run):
    calls = []

    def make():
        calls.append(1)
        return plan(3)

    first = run.plan(make)
    assert [(i.key, i.label, i.payload) for i in first] == [
        (f"k{n}", f"Item {n}", {"n": n}) for n in range(3)
    ]
    with run.commit(first[0]):
        Group.objects.create(name="k0")
    move(run.job.pk, "release", fence=run.job.fence)
    again = JobRun(claim(run.job.pk)).plan(make)
    assert [item.key for item in again] == ["k1", "k2"]
    assert calls == [1]
    assert Job.objects.get().total == 3


@pytest.mark.parametrize(
    ("items", "error", "reason"),
    [
        ([PlannedItem("a"), PlannedItem("a")], InvalidPlan, "two items have the key 'a'"),
        ([PlannedItem("")], InvalidPlan, "1 to 200 characters"),
        ([PlannedItem("x" * 201)], InvalidPlan, "1 to 200 characters"),
        (["a"], InvalidPlan, "str is not a PlannedItem"),
        ([PlannedItem("a", payload={"at": object()})], NotJSON, "payload of 'a'.at is a object"),
    ],
)
def test_a_bad_plan_is_refused_whole(run, items, error, reason):
    with pytest.raises(error, match=reason):
        run.plan(items)
    assert not JobItem.objects.exists()
    assert Job.objects.get().total is None


def test_ten_thousand_items_are_planned_in_few_statements(run, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        assert len(run.plan(plan(10_000))) == 10_000


def test_an_item_takes_four_statements(run, django_assert_num_queries):
    item, other = run.plan(plan(2))
    with run.commit(item):
        Group.objects.create(name="first")
    with django_assert_num_queries(4), run.commit(other):  # begin, domain row, fence, commit
        Group.objects.create(name="second")
    job = Job.objects.get()
    assert (job.done, job.failed, job.total) == (2, 0, 2)
    assert run.job.version == job.version
    assert set(job.items.values_list("status", "tries")) == {("done", 1)}


def test_rows_item_and_counters_are_rolled_back_together(run):
    items = run.plan(plan(2))
    with run.commit(items[0]):
        Group.objects.create(name="gone")
        raise ValueError("refused")
    job = Job.objects.get()
    assert names() == []
    assert (job.done, job.failed) == (0, 1)
    item = JobItem.objects.get(key="k0")
    assert (item.status, item.error_code) == ("failed", "unexpected_error")
    assert item.error_message == "Unexpected error: ValueError: refused"


def test_an_item_takes_effect_once(run):
    (item,) = run.plan(plan(1))
    with run.commit(item):
        Group.objects.create(name="once")
    with pytest.raises(AlreadySettled, match="k0"), run.commit(item):
        Group.objects.create(name="twice")
    assert names() == ["once"]
    assert Job.objects.get().done == 1


def test_a_lost_lease_rolls_back_and_stops(run):
    (item,) = run.plan(plan(1))
    Job.objects.update(fence=None)
    with pytest.raises(LeaseLost), run.commit(item):
        Group.objects.create(name="zombie")
    assert names() == []
    assert JobItem.objects.get().status == "pending"


def test_map_gives_answers_to_store(run):
    items = run.plan(plan(30))
    for item, answer in run.map(echo, items, concurrency=8):
        with run.commit(item):
            Group.objects.create(name=f"{item.key}={answer}")
    assert names() == sorted(f"k{n}={n}" for n in range(30))
    assert Job.objects.get().done == 30


def test_map_records_failed_calls_and_goes_on(run):
    async def ask(item):
        if item.payload["n"] == 1:
            raise ValueError("no answer " + "x" * 5_000_000)
        return 1

    stored = []
    for item, _answer in run.map(ask, run.plan(plan(4))):
        with run.commit(item):
            stored.append(item.key)
    assert sorted(stored) == ["k0", "k2", "k3"]
    failed = JobItem.objects.get(status="failed")
    assert failed.key == "k1"
    assert "no answer" in failed.error_message
    assert len(failed.error_message) < 2_100
    assert "more characters" in failed.error_message


def test_no_connection_is_held_during_the_wait(run):
    seen = []

    async def ask(item):
        async with asyncio.timeout(60):
            while main.connection is not None:
                await asyncio.sleep(0.01)
        seen.append(main.connection is None)

    main = connections["default"]
    for item, _answer in run.map(ask, run.plan(plan(3))):
        with run.commit(item):
            pass
    assert seen == [True] * 3


@pytest.mark.parametrize("what", ["map", "commit", "plan"])
def test_a_run_refuses_to_work_inside_a_transaction(run, what):
    items = run.plan(plan(1))
    if what == "plan":
        Job.objects.update(total=None)
        run.job.total = None
    with pytest.raises(TransactionOpen, match=f"run.{what}"), transaction.atomic():
        if what == "map":
            list(run.map(echo, items))
        elif what == "plan":
            run.plan(items)
        else:
            with run.commit(items[0]):
                pass


def test_a_step_is_committed_and_told(run):
    run.step("Reading the dictionary")
    job = Job.objects.get()
    assert job.step == "Reading the dictionary"
    assert job.version == run.job.version
    run.step("x\0" * 1000)
    assert Job.objects.get().step.startswith("xxx")


def test_a_cancel_closes_calls_in_flight(run):
    begun, ended = [], []

    async def ask(item):
        begun.append(item.key)
        try:
            await asyncio.sleep(600)
        finally:
            ended.append(item.key)

    def request():
        wait_for(lambda: len(begun) == 8, 60, "all are under way")
        Job.objects.update(cancel_requested_at="2026-01-01T00:00:00Z")
        connection.close()

    items = run.plan(plan(8))
    threading.Thread(target=request).start()
    with pytest.raises(CancelSeen):
        list(run.map(ask, items, concurrency=8))
    assert sorted(ended) == sorted(begun)
    assert set(JobItem.objects.values_list("status", flat=True)) == {"pending"}


def test_a_lost_lease_closes_calls_in_flight(run):
    async def ask(item):
        await asyncio.sleep(60)

    def take_over():
        Job.objects.update(fence=None)
        connection.close()

    items = run.plan(plan(2))
    threading.Timer(0.3, take_over).start()
    with pytest.raises(LeaseLost):
        list(run.map(ask, items))


def test_progress_is_told_no_more_often_than_asked_and_not_lost(run):
    listener = direct.connect("test")
    listener.execute("LISTEN jobs_progress")

    stored, heard = [], []

    async def ask(item):
        while item.payload["n"] == 39 and len(stored) < 39:
            await asyncio.sleep(0.01)
        await asyncio.sleep(1.5 if item.payload["n"] == 39 else 0.001)

    begun = time.monotonic()
    for item, _answer in run.map(ask, run.plan(plan(40)), concurrency=40):
        if item.payload["n"] == 39:
            newest = f"{run.job.pk}:{run.job.version}:"
            for notice in listener.notifies(timeout=60):
                heard.append(notice.payload)
                if heard[-1] == newest:
                    break
        with run.commit(item):
            stored.append(item.key)
    listener.close()
    assert heard[-1] == newest
    assert len(heard) <= (time.monotonic() - begun) / conf.NOTIFY_INTERVAL + 1


def test_the_whole_of_it_works_inside_a_test_transaction(db, declare):
    def work(run):
        for item, answer in run.map(echo, run.plan(plan(3))):
            with run.commit(item):
                Group.objects.create(name=str(answer))
        return {"rows": 3}

    enqueue(declare(work))
    (job,) = run_pending()
    assert (job.status, job.result) == ("succeeded", {"rows": 3})


def test_an_item_done_in_part_keeps_its_rows_and_counts_as_failed(run):
    items = run.plan(plan(2))
    with run.commit(items[0], failure=ValueError("1 of 5 refused")):
        Group.objects.create(name="kept")
    job = Job.objects.get()
    assert (names(), job.done, job.failed) == (["kept"], 0, 1)
    assert JobItem.objects.get(key="k0").error_message.endswith("1 of 5 refused")
