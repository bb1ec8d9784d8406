"""The unread mark of every page: what of one's own has ended unseen, and whether to follow."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jobs import seen
from jobs.mark import mark_of
from jobs.states import Status
from tests.factories.accounts import make_tester
from tests.factories.jobs import make_job

pytestmark = pytest.mark.django_db
URL = "/jobs/mark/"
EARLIER = timedelta(hours=1)


@pytest.fixture
def tester():
    return make_tester("tess")


@pytest.fixture
def client(tester):
    own = Client()
    own.force_login(tester)
    return own


def ended(owner, status=Status.SUCCEEDED, **fields):
    return make_job(owner, status=status, finished_at=timezone.now() - EARLIER, **fields)


def part(response) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_only_ends_that_their_owner_has_not_seen_count(tester):
    ended(tester)
    ended(tester, Status.FAILED)
    ended(tester, seen_at=timezone.now())
    ended(make_tester("otto"))
    mark = mark_of(tester)
    assert (mark.unseen, mark.failed, mark.shown, mark.tone) == (2, 1, "2", "bad")
    assert not mark.follows


def test_a_page_follows_while_a_job_lives_or_has_just_ended(client, tester):
    assert "data-socket" not in part(client.get(URL))
    live = make_job(tester, status=Status.PAUSED)
    assert 'data-socket="/ws/jobs/"' in part(client.get(URL))
    live.delete()
    make_job(tester, status=Status.SUCCEEDED)
    assert mark_of(tester).follows, "no page may have told of it"
    assert "data-socket" not in part(client.get(URL)), "the page that asks has told of it"


def test_many_are_counted_no_further_than_they_are_said(tester):
    for _ in range(seen.MOST_COUNTED + 5):
        ended(tester)
    assert mark_of(tester).shown == "99+"


# The planner's view of many jobs, until the end of the transaction, whatever earlier tests left.
FEW_UNSEEN = """
SELECT pg_restore_relation_stats('schemaname', 'public', 'relname', 'jobs_job',
        'relpages', 4000, 'reltuples', 100000::real, 'relallvisible', 4000),
    pg_restore_attribute_stats('schemaname', 'public', 'relname', 'jobs_job',
        'attname', 'seen_at', 'inherited', false, 'null_frac', 0.01::real)
"""


def test_the_mark_is_one_query_by_its_index_and_none_on_parts_of_pages(client, tester):
    ended(tester)
    with CaptureQueriesContext(connection) as caught:
        mark_of(tester)
    assert len(caught) == 1
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(FEW_UNSEEN)
        cursor.execute("EXPLAIN " + caught[0]["sql"])
        assert "jobs_job_unseen" in "\n".join(row[0] for row in cursor.fetchall())
    with CaptureQueriesContext(connection) as caught:
        client.get(reverse("jobs:job_list"), headers={"HX-Request": "true"})
    assert not [query for query in caught if '"finished_at" FROM' in query["sql"]]


def test_every_page_shows_it_at_the_jobs_link(client, tester):
    ended(tester)
    page = part(client.get(reverse("cycles:home")))
    assert 'data-job-mark data-src="/jobs/mark/"' in page
    assert '<span class="tag accent">1<span class="visually-hidden"> ended since' in page
    assert "data-job-mark" not in Client().get(reverse("accounts:login")).content.decode()


def test_looking_at_the_job_takes_it_from_the_mark(client, tester):
    job = ended(tester)
    page = part(client.get(reverse("jobs:job_detail", args=[job.pk])))
    assert "ended since you last looked" not in page
    assert mark_of(tester).unseen == 0


def test_ends_that_the_page_has_shown_are_taken_but_only_ones_own(client, tester):
    first, second, live = ended(tester), ended(tester), make_job(tester)
    foreign = ended(make_tester("otto"))
    numbers = [first.pk, live.pk, foreign.pk, "x", "9" * 40, -1]
    assert '<span class="tag accent">1<' in part(client.post(URL, {"job": numbers}))
    for job in (first, second, live, foreign):
        job.refresh_from_db()
    assert [bool(job.seen_at) for job in (first, second, live, foreign)] == [True] + [False] * 3


def test_without_a_login_there_is_no_mark():
    assert Client().get(URL).status_code == 302
    assert Client().post(URL, {"job": 1}).status_code == 302
