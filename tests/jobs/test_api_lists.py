"""REST: filters of the list in the words of the page, and what happened to a job."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from jobs import enqueue
from jobs.models import JobEvent
from jobs.states import Status
from tests.factories.accounts import make_admin, make_tester
from tests.factories.jobs import make_job

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/jobs/"


@pytest.fixture
def tester():
    return make_tester("tess")


@pytest.fixture
def client(tester):
    return client_of(tester)


def client_of(user) -> APIClient:
    client = APIClient()
    client.force_login(user)
    return client


def ids(client, query: str) -> list[int]:
    response = client.get(ROOT + query)
    assert response.status_code == 200, response.content
    return [row["id"] for row in response.json()["results"]]


def test_the_filters_of_the_page_are_those_of_the_api(client, tester):
    old = make_job(tester, created_at=timezone.now() - timedelta(days=3), title="Draft plan")
    amber = make_job(tester, status=Status.SUCCEEDED, failed=2, seen_at=timezone.now())
    new = make_job(tester, status=Status.FAILED, task="scoping.recommend")
    day = f"{old.created_at:%Y-%m-%d}"
    assert ids(client, "?search=draft") == [old.pk]
    assert ids(client, f"?search=%23{amber.pk}") == [amber.pk]
    assert ids(client, f"?created_to={day}") == ids(client, "?status=live") == [old.pk]
    assert ids(client, f"?created_from={day}&status=troubled&status=unseen") == [new.pk, amber.pk]
    assert ids(client, "?task=scoping.recommend&queue=default") == [new.pk]
    assert ids(client, "?queue=llm") == []


def test_staff_filter_by_who_started_it(client, tester):
    mine, foreign = make_job(tester), make_job(make_tester("otto"))
    staff = client_of(make_admin("ada"))
    assert ids(staff, "?owner=otto") == [foreign.pk]
    assert ids(staff, "") == [foreign.pk, mine.pk]
    assert ids(client, "?owner=otto") == []


@pytest.mark.parametrize(
    "query", ["created_from=soon", "created_to=2026-02-30", "status=perhaps", "search=" + "x" * 101]
)
def test_a_filter_that_cannot_be_read_is_named(client, query):
    response = client.get(f"{ROOT}?{query}")
    assert response.status_code == 400
    assert response.json()["errors"][0]["pointer"].startswith(f"/{query.partition('=')[0]}")


def test_what_happened_is_told_in_words_and_by_whom(client, tester, declare):
    def work(run):
        """Nothing to do."""

    job = enqueue(declare(work), owner=tester)
    client.post(f"{ROOT}{job.pk}/pause/")
    client.post(f"{ROOT}{job.pk}/resume/")
    rows = client.get(f"{ROOT}{job.pk}/events/").json()["results"]
    assert [(row["name"], row["words"], row["before"], row["after"]) for row in rows] == [
        ("enqueue", "Queued", "", "queued"),
        ("pause", "Paused", "queued", "paused"),
        ("resume", "Resumed", "paused", "queued"),
    ]
    assert {row["actor"] for row in rows} == {"tess"}


def test_events_come_in_pages_with_one_number_of_queries(
    client, tester, django_assert_max_num_queries
):
    job = make_job(tester)
    JobEvent.objects.bulk_create(
        JobEvent(job=job, name="claim", after="running", actor=actor)
        for actor in (tester, None, make_tester("otto"))
        for _ in range(100)
    )
    with django_assert_max_num_queries(6):
        first = client.get(f"{ROOT}{job.pk}/events/?page_size=200").json()
    second = client.get(first["next"]).json()
    told = [row["id"] for row in first["results"] + second["results"]]
    assert told == list(job.events.order_by("id").values_list("id", flat=True))


def test_events_of_a_foreign_job_are_unknown(client):
    foreign = make_job(make_tester("otto"))
    assert client.get(f"{ROOT}{foreign.pk}/events/").status_code == 404
