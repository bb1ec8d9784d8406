"""One delivery whose items fail, wait or succeed."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from jobs import PlannedItem
from jobs.mapping import BACKLOG
from jobs.testing import run_pending
from tests.jobs.outcomes import Fatal, Open, Passing, Stopper, finish, over, seconds_from_now


def test_some_failed_items_make_an_amber_end(start):
    job = finish(start(over({1: Fatal()})))
    assert (job.status, job.done, job.failed, job.tone) == ("succeeded", 3, 1, "warn")
    assert job.message == "3 done, 1 failed."
    item = job.items.get(status="failed")
    assert (item.key, item.error_code, item.error_message) == ("1", "refused", "The model refused.")


@pytest.mark.parametrize(
    ("outcomes", "message"),
    [
        ({}, "Seven rules: {'done': True}."),
        ({1: Fatal()}, "3 done, 1 failed. Seven rules: {'done': True}."),
        ({n: Fatal() for n in range(4)}, "All 4 items failed. The model refused."),
    ],
)
def test_a_task_may_say_what_came_of_it(start, outcomes, message):
    job = finish(start(over(outcomes), says=lambda result: f"Seven rules: {result}."))
    assert job.message == message


def test_all_failed_items_fail_the_job(start):
    job = finish(start(over({n: Fatal() for n in range(4)})))
    assert (job.status, job.error_code) == ("failed", "all_items_failed")
    assert job.message == "All 4 items failed. The model refused."


def test_no_items_is_success_and_says_so(start):
    job = finish(start(over({}, count=0)))
    assert (job.status, job.total, job.message) == ("succeeded", 0, "Nothing to do.")


def test_items_left_undone_are_not_success(start):
    def work(run):
        run.plan([PlannedItem("a"), PlannedItem("b")])

    job = finish(start(work))
    assert (job.status, job.error_code) == ("failed", "items_left")


def test_items_that_may_pass_are_tried_again_alone(start):
    outcomes = {1: Passing(), 2: Passing()}
    job = finish(start(over(outcomes)))
    assert (job.status, job.done, job.failed) == ("waiting", 2, 0)
    assert job.message.startswith("2 items failed: The model did not answer. Trying again")
    outcomes.clear()
    run_pending(waiting=True)
    job.refresh_from_db()
    assert (job.status, job.done, job.failed, job.attempt) == ("succeeded", 4, 0, 2)
    assert sorted(job.items.values_list("key", "tries")) == [
        ("0", 1),
        ("1", 2),
        ("2", 2),
        ("3", 1),
    ]


def test_items_that_never_pass_fail_at_the_last_attempt(start):
    job = start(over({1: Passing()}), max_attempts=2)
    run_pending(waiting=True)
    job.refresh_from_db()
    assert (job.status, job.done, job.failed, job.attempt) == ("succeeded", 3, 1, 2)


def test_an_error_for_all_items_stops_the_asking(start):
    job = finish(start(over({0: Stopper()}, count=50)))
    assert (job.status, job.error_code) == ("failed", "no_provider")
    assert job.failed == 0
    assert job.items.get(key="0").status == "pending"
    assert job.done <= 2 + BACKLOG


def test_an_open_circuit_leaves_the_items_to_do(start):
    outcomes = {n: Open(timezone.now() + timedelta(minutes=9)) for n in range(1, 30)}
    job = finish(start(over(outcomes, count=30)))
    assert (job.status, job.failed, job.attempt) == ("waiting", 0, 0)
    assert 8 * 60 < seconds_from_now(job.run_after) < 9 * 60 + 1
    outcomes.clear()
    run_pending(waiting=True)
    job.refresh_from_db()
    assert (job.status, job.done) == ("succeeded", 30)


def test_an_error_while_storing_is_that_items(start):
    def work(run):
        for item in run.plan([PlannedItem("a"), PlannedItem("b"), PlannedItem("c")]):
            with run.commit(item):
                Group.objects.create(name="same")

    job = finish(start(work))
    assert (job.status, job.done, job.failed) == ("succeeded", 1, 2)
    assert Group.objects.filter(name="same").count() == 1


def test_a_change_that_concerns_the_whole_job_fails_it(start):
    def work(run):
        for item in run.plan([PlannedItem("a"), PlannedItem("b")]):
            with run.commit(item):
                raise Stopper

    job = finish(start(work))
    assert (job.status, job.done, job.failed) == ("failed", 0, 0)
