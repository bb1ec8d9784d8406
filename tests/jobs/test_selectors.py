"""Who sees which jobs, and the shape they are seen in."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from jobs import PlannedItem, control, enqueue, selectors
from jobs.claim import claim
from jobs.models import Job
from jobs.testing import run_pending

pytestmark = pytest.mark.django_db

SHAPE = (
    "id task title status status_label progress done failed total step message eta_seconds "
    "attempt max_attempts run_after created_at started_at finished_at error result result_url "
    "can_cancel cancel_requested can_pause can_resume pause_requested version"
)


@pytest.fixture
def noop(declare):
    return declare(lambda run: None, "tests.noop", title="Do nothing")


@pytest.fixture
def job(noop, owner, subject):
    return enqueue(noop, owner=owner, subject=subject)


@pytest.fixture
def stranger():
    return get_user_model().objects.create_user("sven", email="sven@example.com", password="x")


@pytest.fixture
def staff():
    return get_user_model().objects.create_user(
        "stine", email="stine@example.com", password="x", is_staff=True
    )


def test_a_snapshot_is_json_of_one_shape_and_asks_nothing(job, django_assert_num_queries):
    job = selectors.jobs_for_snapshot().get()
    with django_assert_num_queries(0):
        shown = selectors.snapshot(job)
    assert list(shown) == SHAPE.split(" ")
    assert json.loads(json.dumps(shown)) == shown
    assert (shown["status"], shown["status_label"], shown["title"]) == (
        "queued",
        "Queued",
        "Do nothing",
    )
    assert (shown["progress"], shown["total"], shown["error"], shown["can_cancel"]) == (
        None,
        None,
        None,
        True,
    )


def test_what_enqueue_returns_has_the_snapshot_of_the_row(job):
    assert selectors.snapshot(job) == selectors.snapshot(Job.objects.get())


def test_a_running_job_shows_percent_and_time_to_go(job):
    now = timezone.now()
    Job.objects.update(
        status="running",
        total=200,
        done=95,
        failed=5,
        mark_at=now,
        mark_settled=100,
        earlier_mark_at=now - timedelta(seconds=40),
        earlier_mark_settled=80,
    )
    job = Job.objects.get()
    assert selectors.snapshot(job)["progress"] == 50
    assert selectors.eta_seconds(job, now) == 200  # 20 items in 40 s, 100 to go
    assert selectors.eta_seconds(job, now + timedelta(seconds=1)) == 199
    job.earlier_mark_settled = 100
    assert selectors.eta_seconds(job, now) is None


def test_time_to_go_does_not_count_up_while_one_item_takes_long(job):
    now = timezone.now()
    job = Job(
        status="running",
        total=10,
        done=4,
        mark_at=now,
        mark_settled=4,
        earlier_mark_at=now - timedelta(seconds=12),
    )
    seen = [selectors.eta_seconds(job, now + timedelta(seconds=n)) for n in (0, 2, 3, 60, 9_999)]
    assert seen == [18, 16, 15, 15, 15]  # 6 items of 3 s; five of them are still to come
    job.done = 10
    assert selectors.eta_seconds(job, now) == 0


def test_the_pace_is_that_of_recent_items(declare):
    def work(run):
        for item in run.plan([PlannedItem(str(n)) for n in range(50)]):
            with run.commit(item):
                marks.append(Job.objects.values_list("mark_settled", "earlier_mark_settled").get())
            if item.key in ("30", "31"):
                seen.append(Job.objects.values_list("mark_at", "earlier_mark_at").get())

    marks, seen = [], []
    enqueue(declare(work))
    run_pending()
    assert [marks[0], marks[31], marks[32], marks[48]] == [(0, 0), (31, 0), (32, 16), (48, 32)]
    before, after = seen
    assert before[1] < after[1] < after[0]  # the window has forgotten the time of its first half
    halved = before[1] + (after[0] - before[1]) / 2
    assert abs(after[1] - halved) <= timedelta(microseconds=1)


def test_labels_tell_what_the_state_alone_does_not(job, owner):
    job.status, job.failed = "succeeded", 3
    assert (selectors.status_label(job), job.tone) == ("Done in part", "warn")
    claim(job.pk)
    asked = control.cancel(job, actor=owner)
    shown = selectors.snapshot(asked)
    assert (shown["status_label"], shown["can_cancel"]) == ("Cancelling", False)


def test_a_failed_job_shows_its_error(declare):
    def broken(run):
        raise ValueError("no such column")

    enqueue(declare(broken))
    (job,) = run_pending()
    shown = selectors.snapshot(job)
    assert shown["error"] == {
        "code": "unexpected_error",
        "message": "Unexpected error: ValueError: no such column",
    }
    assert not shown["can_cancel"]


def test_people_see_their_own_jobs_and_staff_all(job, noop, owner, stranger, staff):
    other = enqueue(noop, owner=stranger)
    nobodys = enqueue(noop)
    assert list(selectors.visible_jobs(owner)) == [job]
    assert list(selectors.visible_jobs(stranger)) == [other]
    assert list(selectors.visible_jobs(staff)) == [nobodys, other, job]
    assert list(selectors.visible_jobs(AnonymousUser())) == []


def test_who_may_watch(job, declare, owner, stranger, staff):
    assert selectors.may_watch(owner, job)
    assert selectors.may_watch(staff, job)
    assert not selectors.may_watch(stranger, job)
    assert not selectors.may_watch(AnonymousUser(), job)
    assert selectors.may_control(owner, job)
    assert selectors.may_control(staff, job)
    assert not selectors.may_control(stranger, job)
    assert not selectors.may_control(AnonymousUser(), job)
    open_task = declare(
        lambda run: None, "tests.open", may_watch=lambda user, job: user.username == "sven"
    )
    assert selectors.may_watch(stranger, enqueue(open_task))
    job.task = "gone.away"
    assert not selectors.may_watch(stranger, job)
    owner.is_active = False
    assert not selectors.may_watch(owner, job)


def test_the_latest_and_the_live_job_of_a_subject(job, noop, subject, owner, declare):
    other = enqueue(declare(lambda run: None, "tests.other"), subject=subject)
    assert selectors.latest_job(subject) == other
    assert selectors.latest_job(subject, "tests.noop") == job
    assert selectors.live_job(subject, "tests.noop") == job
    control.cancel(job, actor=owner)
    assert selectors.live_job(subject, "tests.noop") is None
    assert selectors.latest_job(subject, "tests.noop") == job
    assert selectors.latest_job(owner) is None
