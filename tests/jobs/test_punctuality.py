"""What an operator is told of periodic tasks that are late, held up, or fail."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from jobs import periodic, registry
from jobs.models import Job, PeriodicSlot, PeriodicTask
from jobs.punctuality import troubles
from jobs.testing import run_pending
from tests.jobs.clocks import declare_hourly, last_slot, row_of, turn

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def only_ours(monkeypatch):
    monkeypatch.setattr(registry, "_tasks", {})


@pytest.fixture
def hourly(declare, db):
    return declare_hourly(declare)


def told() -> list[tuple[str, str]]:
    return [(trouble.task, trouble.message) for trouble in troubles()]


def test_a_task_that_ran_at_its_slot_is_well(hourly):
    turn()
    run_pending()
    assert told() == []


def test_a_slot_that_nobody_started_is_told_with_its_moment(hourly):
    due = f"{last_slot(hourly):%Y-%m-%d %H:%M}"
    assert told() == [("tests.tidy", f"was due at {due} UTC and was not started")]
    assert "Start a worker" in troubles()[0].mend


def test_a_slot_of_the_last_moments_is_not_late(declare):
    task = declare_hourly(declare, "tests.recent", minutes=1)
    before = last_slot(task) - timedelta(hours=1)
    PeriodicSlot.objects.create(task=row_of(task), due_at=before)
    assert told() == []


def test_what_is_stopped_or_new_is_not_late(hourly, declare, owner):
    periodic.stop(row_of(hourly), owner)
    declare(lambda run: None, "tests.new", schedule="0 0 1 1 *")
    assert told() == []
    turn()
    assert told() == []


def test_a_task_that_cannot_be_started_says_why(hourly):
    PeriodicTask.objects.update(problem="Bad minute")
    assert told() == [("tests.tidy", "can't be started: Bad minute")]


def test_a_last_job_that_failed_is_told_until_one_succeeds(hourly):
    turn()
    [job] = Job.objects.all()
    Job.objects.update(status="failed", message="No room on the disk.")
    assert told() == [("tests.tidy", f"its last job, {job.pk}, failed: No room on the disk.")]
    assert f"job {job.pk}" in troubles()[0].mend
    periodic.start_now(hourly.name, actor=None)
    Job.objects.exclude(pk=job.pk).update(status="succeeded")
    assert told() == []


def test_a_job_that_has_held_its_task_up_is_told(hourly):
    turn()
    [job] = Job.objects.all()
    assert told() == []
    Job.objects.update(created_at=Now() - timedelta(hours=5))
    [(_, message)] = told()
    assert message.startswith(f"job {job.pk} of ")
    assert "holds it up" in message
