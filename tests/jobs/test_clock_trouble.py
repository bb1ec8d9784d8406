"""Clocks beside each other, frozen ones, tasks that can't be started, and a lost database."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import InterfaceError, OperationalError, connection, connections, transaction
from django.db.models.functions import Now
from django.utils import timezone

from jobs import cron, periodic, registry
from jobs.clock import Clock
from jobs.models import Job, PeriodicSlot, PeriodicTask
from jobs.testing import run_pending
from tests.jobs.clocks import (
    age,
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


def test_programs_of_two_versions_each_keep_their_slots(hourly):
    """Old and new look in turn: neither takes the other's slots away."""
    moved = replace(hourly, schedule=hourly_since(20))
    old, new = Clock(), Clock()
    for clock, task in ((old, hourly), (new, moved)):
        registry._tasks[hourly.name] = task
        clock.turn()
        run_pending()
    assert [slot.due_at for slot in slots(hourly)] == [last_slot(hourly)]
    age(hourly)
    for clock, task in ((old, hourly), (new, moved), (old, hourly)):
        registry._tasks[hourly.name] = task
        clock.look_at = 0
        clock.turn()
        run_pending()
    assert {slot.due_at for slot in slots(hourly)} == {last_slot(hourly), last_slot(moved)}
    assert row_of(hourly).schedule == hourly.schedule


def test_a_task_of_another_version_of_the_program_is_left_alone(hourly):
    other = PeriodicTask.objects.create(task="tests.later", schedule="* * * * *")
    PeriodicTask.objects.update(declared_at=Now() - timedelta(days=2))
    before = PeriodicTask.objects.values().get(pk=other.pk)
    turn()
    assert PeriodicTask.objects.values().get(pk=other.pk) == before
    assert not PeriodicSlot.objects.filter(task=other).exists()
    assert len(slots(hourly)) == 1


@pytest.mark.django_db(transaction=True)
def test_clusters_that_look_at_once_start_one_job(hourly):
    together = threading.Barrier(4)

    def look():
        clock = Clock()
        together.wait()
        clock.turn()
        connections.close_all()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(slots(hourly)) == Job.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_cluster_frozen_in_the_middle_holds_up_no_other(hourly, declare):
    other = declare_hourly(declare, "tests.other")
    holding, done = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            PeriodicTask.objects.select_for_update().get(task=hourly.name)
            holding.set()
            done.wait(30)
        connections.close_all()

    frozen = threading.Thread(target=hold)
    frozen.start()
    holding.wait(30)
    turn()
    assert (len(slots(hourly)), len(slots(other))) == (0, 1)
    done.set()
    frozen.join(30)
    turn()
    assert len(slots(hourly)) == 1


def test_a_bad_schedule_stops_no_other_and_is_told_until_it_is_mended(hourly, declare):
    bad = declare_hourly(declare, "tests.a_bad_one")
    registry._tasks[bad.name] = replace(bad, schedule="61 * * * *")
    turn()
    assert len(slots(hourly)) == 1
    assert "Bad minute" in row_of(bad).problem
    registry._tasks[bad.name] = bad
    turn()
    assert row_of(bad).problem == ""


def test_an_error_in_one_task_stops_no_other_and_its_slot_is_tried_again(hourly, declare):
    bad = declare_hourly(declare, "tests.a_bad_one")
    registry._tasks[bad.name] = replace(bad, queue="q" * 33)  # more than the column takes
    turn()
    assert (len(slots(hourly)), len(slots(bad))) == (1, 0)
    assert "value too long" in row_of(bad).problem
    registry._tasks[bad.name] = bad
    turn()
    assert len(slots(bad)) == 1
    assert row_of(bad).problem == ""


@pytest.mark.django_db(transaction=True)
def test_a_database_that_goes_away_is_told_to_the_monitor(hourly, monkeypatch):
    def cut(task, **_):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with monkeypatch.context() as patched:
        patched.setattr(periodic, "enqueue", cut)
        clock = Clock()
        with pytest.raises((OperationalError, InterfaceError)):
            clock.turn()
    connections.close_all()
    clock.turn()
    assert len(slots(hourly)) == 1


def test_the_time_is_the_databases_whatever_this_host_says(hourly, declare, monkeypatch):
    due = cron.last_until(hourly.schedule, database_now())
    ahead = timezone.now() + timedelta(hours=5)
    monkeypatch.setattr(timezone, "now", lambda: ahead)
    new = declare(tidy, "tests.new", schedule=hourly.schedule)
    turn()
    turn()
    assert [slot.due_at for slot in slots(hourly)] == [due]
    assert row_of(new).declared_at < ahead - timedelta(hours=4)
    assert slots(new) == []


def test_a_slot_recorded_while_the_time_was_wrong_silences_no_task(hourly):
    early = last_slot(hourly) + timedelta(days=30)
    PeriodicSlot.objects.create(task=row_of(hourly), due_at=early)
    turn()
    turn()
    assert [slot.due_at for slot in slots(hourly)] == [early, last_slot(hourly)]
    assert Job.objects.count() == 1
