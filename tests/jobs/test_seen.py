"""The unread mark: what ended and its owner has not looked at."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs import seen
from jobs.states import Status
from tests.factories.accounts import make_admin
from tests.factories.jobs import make_job

pytestmark = pytest.mark.django_db
ENDS = (Status.SUCCEEDED, Status.FAILED, Status.CANCELLED)


def test_only_own_ended_jobs_count(owner):
    for status in Status:
        make_job(owner, status=status)
        make_job(make_admin(f"other-{status}"), status=status)
    make_job(None, status=Status.FAILED)
    assert seen.unseen_count(owner) == len(ENDS)
    assert {job.status for job in seen.unseen_jobs(owner)} == set(ENDS)


def test_a_look_of_its_owner_takes_the_mark_away_once(owner):
    job = make_job(owner, status=Status.FAILED)
    assert seen.mark_seen(job, owner)
    assert seen.unseen_count(owner) == 0
    job.refresh_from_db()
    first = job.seen_at
    assert not seen.mark_seen(job, owner)
    job.refresh_from_db()
    assert job.seen_at == first


def test_a_look_of_staff_or_at_a_live_job_is_not_the_owners_at_its_end(owner):
    ended = make_job(owner, status=Status.FAILED)
    live = make_job(owner, status=Status.RUNNING)
    assert not seen.mark_seen(ended, make_admin("ada"))
    assert not seen.mark_seen(live, owner)
    ended.refresh_from_db()
    live.refresh_from_db()
    assert (ended.seen_at, live.seen_at) == (None, None)


def test_all_are_marked_together_and_those_of_others_stay(owner):
    other = make_admin("ada")
    for user in (owner, owner, other):
        make_job(user, status=Status.SUCCEEDED)
    assert seen.mark_all_seen(owner) == 2
    assert (seen.unseen_count(owner), seen.unseen_count(other)) == (0, 1)


def test_the_count_is_one_bounded_query(owner):
    for _ in range(3):
        make_job(owner, status=Status.SUCCEEDED)
    with CaptureQueriesContext(connection) as caught:
        assert seen.unseen_count(owner) == 3
    assert len(caught) == 1
    assert f"LIMIT {seen.MOST_COUNTED}" in caught[0]["sql"]
    assert seen.unseen_count(AnonymousUser()) == 0
