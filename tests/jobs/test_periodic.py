"""What staff do with periodic tasks: start one at once, stop it, let it go on."""

import pytest

from jobs import AlreadyRunning, periodic, registry
from jobs.errors import NotPeriodic
from jobs.models import Job, PeriodicSlot, PeriodicTask
from tests.jobs.clocks import declare_hourly, row_of, tidy, turn

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def only_ours(monkeypatch):
    monkeypatch.setattr(registry, "_tasks", {})


@pytest.fixture
def hourly(declare):
    return declare_hourly(declare)


def test_a_task_started_at_once_belongs_to_who_started_it(hourly, owner):
    job = periodic.start_now(hourly.name, actor=owner)
    assert (job.task, job.owner, job.subject) == (hourly.name, owner, row_of(hourly))
    assert not PeriodicSlot.objects.exists()


def test_a_task_is_not_started_beside_itself_by_hand_or_by_the_clock(hourly, owner):
    job = periodic.start_now(hourly.name, actor=owner)
    with pytest.raises(AlreadyRunning) as refused:
        periodic.start_now(hourly.name, actor=owner)
    assert refused.value.job == job
    turn()
    assert PeriodicSlot.objects.get().job is None
    assert Job.objects.get() == job


def test_a_task_that_no_clock_has_seen_yet_can_be_started(declare, owner):
    declare(tidy, "tests.new", schedule="0 0 1 1 *")
    job = periodic.start_now("tests.new", actor=owner)
    assert job.subject == PeriodicTask.objects.get(task="tests.new")


def test_what_starts_by_no_clock_is_not_found(declare, owner):
    declare(tidy, "tests.plain")
    for name in ("tests.plain", "tests.unknown"):
        with pytest.raises(NotPeriodic, match=name) as refused:
            periodic.start_now(name, actor=owner)
        assert refused.value.http_status == 404


def test_a_stopped_task_can_still_be_started_at_once(hourly, owner):
    periodic.stop(row_of(hourly), owner)
    assert periodic.start_now(hourly.name, actor=owner).status == "queued"


def test_stopping_again_leaves_who_stopped_it_first(hourly, owner, admin_user):
    first = periodic.stop(row_of(hourly), owner, reason="Month end.")
    again = periodic.stop(first, admin_user, reason="Me too.")
    assert again.stopped_at == first.stopped_at
    assert (again.changed_by, again.reason) == (owner, "Month end.")


def test_letting_go_on_what_is_not_stopped_changes_nothing(hourly, owner):
    before = row_of(hourly)
    after = periodic.go_on(before, owner)
    assert (after.declared_at, after.changed_by) == (before.declared_at, None)


def test_stopping_leaves_the_job_that_is_alive(hourly, owner):
    turn()
    periodic.stop(row_of(hourly), owner)
    assert Job.objects.get().status == "queued"
