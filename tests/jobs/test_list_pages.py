"""The list of jobs: filters in the address, its figures, no growth of queries, who sees what."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jobs import exporting
from jobs.models import Job
from jobs.states import Status
from tests.factories.accounts import make_admin, make_tester
from tests.factories.jobs import make_job

pytestmark = pytest.mark.django_db


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
    assert [fact["value"] for fact in facts] == [4, 1, 1, 2, 3]
    for fact in facts:
        page = client.get(fact["url"])
        assert page.context["page_obj"].paginator.count == fact["value"]


def test_others_jobs_are_for_staff(client, tester):
    mine = make_job(tester)
    foreign = make_job(make_tester("otto"))
    assert listed(client) == listed(client, "?whose=all") == [mine.pk]
    staff = client_of(make_admin("ada"))
    system = make_job(None)
    assert listed(staff) == []
    assert listed(client, "?owner=otto") == [mine.pk], "not theirs to ask"
    assert listed(staff, "?whose=all") == [system.pk, foreign.pk, mine.pk]
    assert listed(staff, "?whose=system") == [system.pk]
    assert listed(staff, "?owner=OTTO") == [foreign.pk]
    assert listed(client, "?whose=system") == []


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


def test_text_and_numbers_are_found(client, tester):
    plan = make_job(tester, title="Draft plan", subject_label="FR Y-14M 100%")
    other = make_job(tester, task="scoping.recommend")
    assert listed(client, "?search=draft") == [plan.pk]
    assert listed(client, "?search=14m+100%25") == [plan.pk]
    assert listed(client, "?search=scoping.") == [other.pk]
    assert listed(client, f"?search={other.pk}") == listed(client, f"?search=%23{other.pk}")
    assert listed(client, f"?search={other.pk}") == [other.pk]
    for text in ("9" * 90, "%00", "²", "'"):
        assert client.get(reverse("jobs:job_list"), {"search": text}).status_code == 200


def test_queue_and_days_are_filters_and_both_days_are_included(client, tester):
    today = timezone.now()
    jobs = [make_job(tester, created_at=today - timedelta(days=days)) for days in range(3)]
    jobs[1].queue = "llm"
    jobs[1].save()
    day = [f"{job.created_at:%Y-%m-%d}" for job in jobs]
    assert listed(client, f"?created_from={day[1]}") == [jobs[1].pk, jobs[0].pk]
    assert listed(client, f"?created_to={day[1]}") == [jobs[2].pk, jobs[1].pk]
    assert listed(client, f"?created_from={day[1]}&created_to={day[1]}&queue=llm") == [jobs[1].pk]
    assert len(listed(client, "?created_from=0001-01-01&created_to=9999-12-31")) == 3


def test_a_filter_that_cannot_be_read_is_named(client, tester):
    make_job(tester)
    page = client.get(reverse("jobs:job_list") + "?created_from=soon").content.decode()
    assert "Created from: Enter a valid date." in page
    refused = client.get(reverse("jobs:job_export") + "?created_from=soon")
    assert refused.status_code == 400


def test_what_ended_unseen_is_marked_until_it_is_seen(client, tester):
    new = make_job(tester, status=Status.FAILED)
    make_job(tester, status=Status.FAILED, seen_at=timezone.now())
    make_job(tester, status=Status.RUNNING)
    page = client.get(reverse("jobs:job_list"))
    assert page.content.decode().count(">New<") == 1
    assert listed(client, "?status=unseen") == [new.pk]
    answer = client.post(reverse("jobs:job_seen") + "?status=failed", follow=True)
    assert answer.redirect_chain == [(reverse("jobs:job_list") + "?status=failed", 302)]
    assert "1 job that had ended is marked as seen." in answer.content.decode()
    assert listed(client, "?status=unseen") == []


def test_staff_see_no_mark_on_jobs_of_others(tester):
    make_job(tester, status=Status.FAILED)
    page = client_of(make_admin("ada")).get(reverse("jobs:job_list") + "?whose=all")
    assert ">New<" not in page.content.decode()


def exported(client, query: str = "") -> list[list[str]]:
    response = client.get(reverse("jobs:job_export") + query)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_the_list_is_taken_away_with_its_filters(client, tester):
    make_job(make_tester("otto"))
    make_job(tester)
    failed = make_job(
        tester, status=Status.FAILED, title="=1+1", message="@x", subject_label='a, "b"'
    )
    headings, row = exported(client, "?status=failed")
    assert headings == exporting.HEADINGS
    told = dict(zip(headings, row, strict=True))
    assert (told["number"], told["title"], told["message"]) == (str(failed.pk), "'=1+1", "'@x")
    assert (told["subject"], told["status"], told["total"]) == ('a, "b"', "Failed", "")
    assert told["created_at"] == failed.created_at.isoformat()
    assert len(exported(client)) == 3


def test_what_is_taken_away_is_bounded(client, tester, monkeypatch):
    monkeypatch.setattr(exporting, "MOST", 2)
    jobs = [make_job(tester) for _ in range(3)]
    assert [row[0] for row in exported(client)[1:]] == [str(jobs[2].pk), str(jobs[1].pk)]
    assert "the newest 2" in client.get(reverse("jobs:job_list")).content.decode()
