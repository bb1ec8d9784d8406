"""Pages of jobs: filters in the address, no growth of queries, who sees what."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jobs import enqueue
from jobs.models import Job, Worker
from jobs.states import Status
from tests.factories.accounts import make_admin, make_tester
from tests.factories.jobs import make_items, make_job

pytestmark = pytest.mark.django_db
INCLUDE = '{% include "jobs/_job_bar.html" with job=job %}'


@pytest.fixture
def tester():
    return make_tester("tess")


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def client(tester):
    return client_of(tester)


def listed(client, query: str = "") -> list[int]:
    response = client.get(reverse("jobs:job_list") + query)
    assert response.status_code == 200
    return [job.pk for job in response.context["page_obj"]]


def test_an_empty_list_says_what_comes_here(client):
    page = client.get(reverse("jobs:job_list")).content.decode()
    assert "No jobs yet" in page
    filtered = client.get(reverse("jobs:job_list") + "?status=failed").content.decode()
    assert "No job fits these filters" in filtered


def test_filters_are_in_the_address_and_wrong_ones_are_passed_over(client, tester, declare):
    def other(run):
        """Nothing to do."""

    declare(other, title="Another task")
    running = make_job(tester, status=Status.RUNNING)
    amber = make_job(tester, status=Status.SUCCEEDED, failed=2)
    failed = make_job(tester, status=Status.FAILED, task="tests.other")
    assert listed(client) == [failed.pk, amber.pk, running.pk]
    assert listed(client, "?status=live") == [running.pk]
    assert listed(client, "?status=troubled") == [amber.pk]
    assert listed(client, "?status=failed") == [failed.pk]
    assert listed(client, "?task=tests.other") == [failed.pk]
    assert listed(client, "?task=tests.other&status=live") == []
    assert len(listed(client, "?status=perhaps&task=no.such&page=99&whose=everyone")) == 3


def test_figures_link_to_the_rows_they_count(client, tester):
    make_job(tester, status=Status.RUNNING)
    make_job(tester, status=Status.SUCCEEDED, failed=2)
    make_job(tester, status=Status.FAILED)
    make_job(tester, status=Status.FAILED)
    facts = client.get(reverse("jobs:job_list")).context["facts"]
    assert [fact["value"] for fact in facts] == [4, 1, 1, 2]
    for fact in facts:
        page = client.get(fact["url"])
        assert page.context["page_obj"].paginator.count == fact["value"]


def test_others_jobs_are_for_staff(client, tester):
    mine = make_job(tester)
    foreign = make_job(make_tester("otto"))
    assert listed(client) == listed(client, "?whose=all") == [mine.pk]
    staff = client_of(make_admin("ada"))
    assert listed(staff) == []
    assert listed(staff, "?whose=all") == [foreign.pk, mine.pk]


def test_htmx_gets_the_part_alone(client, tester):
    make_job(tester)
    page = client.get(reverse("jobs:job_list"), headers={"HX-Request": "true"}).content.decode()
    assert "<table" in page
    assert "<html" not in page


def queries_of(client, url: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


@pytest.mark.parametrize("staff", [False, True])
def test_the_list_asks_as_much_for_1_as_for_300_jobs(tester, staff):
    user = make_admin("ada") if staff else tester
    client = client_of(user)
    url = reverse("jobs:job_list") + ("?whose=all" if staff else "")
    make_job(tester, status=Status.RUNNING)
    few = queries_of(client, url)
    owners = [make_tester(f"t{n}") for n in range(10)] if staff else [tester]
    Job.objects.bulk_create(
        Job(
            task="tests.example",
            queue="default",
            title="Example",
            owner=owners[n % len(owners)],
            status=list(Status)[n % 7],
        )
        for n in range(299)
    )
    assert queries_of(client, url) == few
    assert few <= 10


def test_the_page_tells_all_of_a_job(client, tester):
    worker = Worker.objects.create(cluster="c", queue="llm", host="host-7", pid=4711, pid_started=1)
    job = make_job(
        tester,
        status=Status.RUNNING,
        title="Recommend scope",
        worker=worker,
        arguments={"version_id": 12345678901234567890},
    )
    make_items(job, done=1, failed=1, pending=1)
    page = client.get(reverse("jobs:job_detail", args=[job.pk])).content.decode()
    for expected in (
        "Recommend scope",
        "host-7, pid 4711",
        "1 of 4",
        "The model gave no answer.",
        "Item 2",
        "Enqueue",
        "by tess",
        "12345678901234567890",
        reverse("jobs:job_cancel", args=[job.pk]),
    ):
        assert expected in page, expected
    assert "data-job-refresh" in page


def test_items_are_filtered_by_state(client, tester):
    job = make_job(tester, status=Status.SUCCEEDED)
    make_items(job, done=3, failed=2)
    url = reverse("jobs:job_detail", args=[job.pk])
    every = client.get(url).context["items"]
    assert [item.position for item in every] == [3, 4, 0, 1, 2], "failed first"
    assert len(client.get(url + "?items=failed").context["items"]) == 2
    assert "No item in this state" in client.get(url + "?items=pending").content.decode()
    assert len(client.get(url + "?items=perhaps").context["items"]) == 5


def test_the_page_asks_as_much_for_1_as_for_300_items(client, tester):
    few = make_job(tester, status=Status.SUCCEEDED)
    make_items(few, done=1)
    many = make_job(tester, status=Status.SUCCEEDED)
    make_items(many, done=290, failed=10)
    urls = [reverse("jobs:job_detail", args=[job.pk]) for job in (few, many)]
    queries_of(client, urls[0])
    assert queries_of(client, urls[0]) == queries_of(client, urls[1]) <= 12


def test_a_traceback_is_for_staff(client, tester):
    job = make_job(tester, status=Status.FAILED, error_code="x", error_detail="Traceback: secret")
    url = reverse("jobs:job_detail", args=[job.pk])
    assert "Traceback: secret" not in client.get(url).content.decode()
    assert "Traceback: secret" in client_of(make_admin("ada")).get(url).content.decode()


def test_foreign_jobs_are_not_found_and_no_login_leads_to_it(client, tester):
    foreign = make_job(make_tester("otto"))
    for name in ("job_detail", "job_bar", "job_cancel"):
        assert client.get(reverse(f"jobs:{name}", args=[foreign.pk])).status_code == 404
        assert Client().get(reverse(f"jobs:{name}", args=[foreign.pk])).status_code == 302
    for name in ("job_cancel", "job_retry"):
        assert client.post(reverse(f"jobs:{name}", args=[foreign.pk])).status_code == 404
    foreign.refresh_from_db()
    assert foreign.status == Status.QUEUED


def test_who_may_watch_sees_the_page_and_gets_403_for_the_rest(tester, declare):
    def shared(run):
        """Nothing to do."""

    friend = make_tester("fred")
    declare(shared, may_watch=lambda user, job: user.pk == friend.pk)
    job = make_job(tester, task="tests.shared", arguments={"secret": "42"})
    watching = client_of(friend)
    page = watching.get(reverse("jobs:job_detail", args=[job.pk])).content.decode()
    assert reverse("jobs:job_cancel", args=[job.pk]) not in page
    assert "secret" not in page
    assert watching.get(reverse("jobs:job_cancel", args=[job.pk])).status_code == 403
    assert watching.post(reverse("jobs:job_cancel", args=[job.pk])).status_code == 403
    assert watching.post(reverse("jobs:job_retry", args=[job.pk])).status_code == 403


def test_cancel_asks_first_and_then_does_it(client, tester, declare):
    def work(run):
        """Nothing to do."""

    job = enqueue(declare(work, title="Draft plan"), owner=tester)
    url = reverse("jobs:job_cancel", args=[job.pk])
    assert "Cancel “Draft plan”" in client.get(url).content.decode()
    job.refresh_from_db()
    assert job.status == Status.QUEUED
    page = client.post(url, follow=True)
    assert page.redirect_chain == [(reverse("jobs:job_detail", args=[job.pk]), 302)]
    assert "Draft plan: Cancelled." in page.content.decode()
    job.refresh_from_db()
    assert job.status == Status.CANCELLED
    assert "has already ended" in client.get(url).content.decode()


def test_a_refused_cancel_is_told_on_the_page(client, tester):
    job = make_job(tester, status=Status.SUCCEEDED)
    page = client.post(reverse("jobs:job_cancel", args=[job.pk]), follow=True)
    assert "can’t be cancelled" in page.content.decode().replace("&#x27;", "’").replace("'", "’")


def test_failed_items_are_tried_again_from_the_page(client, tester):
    job = make_job(tester, status=Status.SUCCEEDED)
    make_items(job, done=3, failed=2)
    page = client.post(reverse("jobs:job_retry", args=[job.pk]), follow=True)
    assert "queued again" in page.content.decode()
    job.refresh_from_db()
    assert (job.status, job.done, job.failed) == (Status.QUEUED, 3, 0)
