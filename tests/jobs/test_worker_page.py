"""The page of workers: who lives, what each does, who is silent; for staff alone."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jobs.models import JobEvent, Worker
from jobs.states import Status
from tests.factories.accounts import make_admin, make_tester
from tests.factories.jobs import make_job

pytestmark = pytest.mark.django_db
URL = "/jobs/workers/"


@pytest.fixture
def client():
    staff = Client()
    staff.force_login(make_admin("ada"))
    return staff


def make_worker(queue: str = "default", host: str = "alpha", **fields) -> Worker:
    number = Worker.objects.count() + 1
    values = {"cluster": "c", "slot": number, "pid": 1000 + number, "pid_started": 1.0}
    return Worker.objects.create(queue=queue, host=f"{host}/boot-1", **values | fields)


def ago(seconds: float):
    return timezone.now() - timedelta(seconds=seconds)


def text(client, query: str = "") -> str:
    response = client.get(URL + query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def listed(client, query: str = "") -> list[Worker]:
    return list(client.get(URL + query).context["page_obj"])


def test_without_workers_the_page_says_how_to_start_some(client):
    assert "No worker serves any queue" in text(client)
    assert "manage.py worker" in text(client)
    assert "No worker fits these filters" in text(client, "?queue=llm")


def test_a_row_tells_where_a_worker_is_what_it_does_and_since_when(client):
    worker = make_worker("llm", memory_kb=200 * 1024, started_at=ago(7200))
    job = make_job(status=Status.RUNNING, worker=worker, title="Draft plan", attempt=2)
    for seconds in (500, 65):
        JobEvent.objects.create(job=job, name="claim", after="running", at=ago(seconds))
    page = text(client)
    assert "alpha</th>" in page
    assert "boot-1" not in page
    assert f'href="{reverse("jobs:job_detail", args=[job.pk])}">Draft plan' in page
    # However slow the page: busy since its last claim, not since its first.
    assert re.search(r">\s*1 min \d+ s</time>", page)
    assert "200 MB</td>" in page
    assert "2 h ago</time>" in page


def test_figures_count_the_living_the_busy_and_the_silent(client):
    busy, silent = make_worker(memory_kb=1024 * 1024), make_worker(beat_at=ago(60))
    make_worker(stopped_at=timezone.now())
    make_job(status=Status.RUNNING, worker=busy)
    make_job(status=Status.SUCCEEDED, worker=silent)
    facts = client.get(URL).context["facts"]
    assert [fact["value"] for fact in facts] == [1, 1, 1, "1.0 GB"]
    assert text(client).count('<span class="tag bad">Silent</span>') == 1


def test_filters_are_in_the_address_and_wrong_ones_are_passed_over(client):
    first, second = make_worker("default", "alpha"), make_worker("llm", "beta")
    alphabet = make_worker("llm", "alphabet")
    assert listed(client, "?queue=default") == [first]
    assert listed(client, "?host=alpha") == [first]
    assert listed(client, "?queue=llm&host=beta") == [second]
    assert len(listed(client, "?queue=no&host=none&page=9")) == 3
    assert alphabet in listed(client, "?host=alphabet")


def test_those_stopped_within_a_day_are_shown_on_demand(client):
    alive = make_worker()
    stopped = make_worker(stopped_at=ago(3600))
    make_worker(stopped_at=ago(2 * 86400))
    assert listed(client) == [alive]
    assert listed(client, "?stopped=on") == [alive, stopped]
    assert "Stopped 1 h ago" in text(client, "?stopped=on")


def test_the_script_gets_the_part_alone(client):
    make_worker()
    part = client.get(URL, headers={"HX-Request": "true"}).content.decode()
    assert "<table" in part
    assert "<html" not in part


def test_the_page_asks_as_much_for_1_as_for_100_workers(client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(URL).status_code == 200
        return len(caught)

    make_job(status=Status.RUNNING, worker=make_worker())
    queries()
    few = queries()
    for number in range(99):
        make_job(status=Status.RUNNING, worker=make_worker(host=f"host-{number}"))
    assert queries() == few <= 12


def test_the_operators_pages_are_for_staff(client):
    tester = Client()
    tester.force_login(make_tester("tess"))
    for name in ("worker_list", "queue_list", "periodictask_list"):
        assert tester.get(reverse(f"jobs:{name}")).status_code == 403
        assert Client().get(reverse(f"jobs:{name}")).status_code == 302
        assert client.get(reverse(f"jobs:{name}")).status_code == 200
