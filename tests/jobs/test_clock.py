"""When the clock starts a task: once a slot, the newest of those missed, never two at a time."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from jobs import claim, cron, periodic, registry
from jobs.clock import LOOK_SECONDS, Clock
from jobs.models import Job, PeriodicSlot, PeriodicTask
from jobs.testing import run_pending
from tests.jobs.clocks import (
    database_now,
    declare_hourly,
    hourly_since,
    last_slot,
    row_of,
    slots,
    tidy,
    turn,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def only_ours(monkeypatch):
    """The tasks of the program itself are not what is looked at here."""
    monkeypatch.setattr(registry, "_tasks", {})


@pytest.fixture
def hourly(declare, db):
    return declare_hourly(declare)


def test_a_due_slot_starts_one_job_about_its_task(hourly):
    turn()
    [slot] = slots(hourly)
    assert (slot.due_at, slot.note) == (last_slot(hourly), "")
    job = slot.job
    assert (job.task, job.subject, job.owner) == (hourly.name, row_of(hourly), None)
    assert [ran.status for ran in run_pending()] == ["succeeded"]


def test_the_same_slot_is_not_started_again(hourly):
    turn()
    run_pending()
    turn()
    assert len(slots(hourly)) == Job.objects.count() == 1


def test_missed_slots_run_once_and_not_each(hourly):
    row = row_of(hourly)
    PeriodicSlot.objects.create(task=row, due_at=last_slot(hourly) - timedelta(hours=5))
    turn()
    run_pending()
    turn()
    assert [slot.due_at for slot in slots(hourly)] == [
        last_slot(hourly),
        last_slot(hourly) - timedelta(hours=5),
    ]
    assert Job.objects.count() == 1


def test_a_new_task_waits_for_the_first_slot_after_its_declaration(declare):
    task = declare(tidy, schedule=hourly_since())
    turn()
    turn()
    row = row_of(task)
    assert row.schedule == task.schedule
    assert slots(task) == []
    PeriodicTask.objects.update(declared_at=last_slot(task) - timedelta(microseconds=1))
    turn()
    assert [slot.due_at for slot in slots(task)] == [last_slot(task)]


def test_a_task_still_under_way_passes_its_slot_over_and_says_so(hourly):
    turn()
    [job] = Job.objects.all()
    claim.claim(job.pk)
    PeriodicSlot.objects.update(due_at=last_slot(hourly) - timedelta(hours=1))
    turn()
    newest, _ = slots(hourly)
    assert newest.job is None
    assert newest.note == f"Passed over: job {job.pk} of this task was still under way."
    assert Job.objects.count() == 1
    assert row_of(hourly).problem == ""


def test_a_schedule_that_changed_counts_from_then_on(hourly):
    turn()
    run_pending()
    earlier = PeriodicSlot.objects.get().due_at - timedelta(minutes=1)
    schedule = f"{earlier.minute} {earlier.hour} * * *"
    registry._tasks[hourly.name] = replace(hourly, schedule=schedule)
    turn()
    row = row_of(hourly)
    assert row.schedule == schedule
    assert row.declared_at > timezone.now() - timedelta(minutes=1)
    assert Job.objects.count() == 1


def test_what_is_switched_off_is_not_started_nor_made_up_for(hourly, owner):
    row = periodic.stop(row_of(hourly), owner, reason="Month end.")
    assert (row.changed_by, row.reason) == (owner, "Month end.")
    turn()
    assert slots(hourly) == []
    assert periodic.go_on(row, owner).stopped_at is None
    turn()
    assert slots(hourly) == []
    PeriodicTask.objects.update(declared_at=last_slot(hourly) - timedelta(microseconds=1))
    turn()
    assert len(slots(hourly)) == 1


def test_an_idle_clock_asks_nothing_and_looks_again_in_time(hourly, django_assert_num_queries):
    clock = Clock()
    clock.turn()
    with django_assert_num_queries(0):
        for _ in range(100):
            clock.turn()
    clock.look_at = 0
    with django_assert_num_queries(1):
        clock.turn()


def test_the_next_look_comes_with_the_next_slot(declare, monkeypatch):
    declare(tidy, schedule="* * * * *")
    clock = Clock()
    monkeypatch.setattr("jobs.clock.time.monotonic", lambda: 0.0)
    before = database_now()
    clock.turn()
    after = database_now()
    wait = timedelta(seconds=clock.look_at)
    assert wait <= timedelta(seconds=LOOK_SECONDS)
    assert before + wait <= cron.last_until("* * * * *", after + wait)


def test_a_program_without_periodic_tasks_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        turn()
