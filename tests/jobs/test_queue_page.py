"""The pages of queues: what stands in each, its pace and failures, and what staff set."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jobs.models import Job, JobEvent, JobQueue, Worker
from jobs.operators import queues
from jobs.states import Status
from tests.factories.accounts import make_admin
from tests.factories.jobs import make_job

pytestmark = pytest.mark.django_db
LIST = "/jobs/queues/"
DETAIL = "/jobs/queues/llm/"


@pytest.fixture
def admin():
    return make_admin("ada")


@pytest.fixture
def client(admin):
    staff = Client()
    staff.force_login(admin)
    return staff


def ago(seconds: float):
    return timezone.now() - timedelta(seconds=seconds)


def job(queue: str = "llm", **fields) -> Job:
    made = make_job(**fields)
    Job.objects.filter(pk=made.pk).update(queue=queue)
    return made


def view(name: str = "llm") -> queues.QueueView:
    return next(each for each in queues.queue_views() if each.name == name)


def text(response) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_depth_tells_what_may_be_taken_now_what_later_and_what_rests():
    for seconds in (30, 90):
        job(queued_at=ago(seconds))
    job(status=Status.WAITING, run_after=ago(-600))
    job(status=Status.WAITING, run_after=ago(5))
    job(status=Status.PAUSED)
    job(status=Status.RUNNING)
    job(status=Status.SUCCEEDED)
    job("batch")
    found = view()
    assert (found.queued, found.waiting, found.paused, found.running) == (3, 1, 1, 1)
    assert 89 < found.oldest < 120
    assert view("batch").queued == 1
    assert view("default").queued == 0


def test_pace_and_failures_are_those_of_the_last_hour():
    for seconds in (10, 200, 1000):
        job(status=Status.SUCCEEDED, finished_at=ago(seconds))
    job(status=Status.FAILED, finished_at=ago(100))
    job(status=Status.CANCELLED, finished_at=ago(100))
    job(status=Status.FAILED, finished_at=ago(4000))
    found = view()
    assert (found.ended, found.failed, found.failed_share) == (5, 1, 0.25)
    assert found.rate == pytest.approx(5 / 60)
    assert found.rate_soon == pytest.approx(4 / 5)
    assert view("default").failed_share is None


def test_a_flood_shortens_how_far_pace_looks_back(monkeypatch):
    monkeypatch.setattr(queues, "MOST_ENDED", 4)
    for seconds in (30, 60, 90, 120, 600, 900):
        job(status=Status.SUCCEEDED, finished_at=ago(seconds))
    found = view()
    assert found.ended == 4
    assert found.minutes == pytest.approx(2, abs=0.2)
    assert found.rate == pytest.approx(2, abs=0.2)
    assert found.rate_soon <= found.rate + 0.01


def test_pickup_is_from_being_due_to_the_claim():
    for milliseconds in (2, 4, 6, 8, 900):
        made, at = job(), ago(60)
        due = at - timedelta(milliseconds=milliseconds)
        JobEvent.objects.create(job=made, name="claim", after="running", at=at, due_at=due)
    half, most = view().pickup
    assert half == pytest.approx(0.006)
    assert 0.1 < most < 0.9
    assert view("default").pickup is None


def test_the_state_of_a_queue_is_said_in_a_word(admin):
    assert view().state == ("No worker", "warn")
    job()
    assert view().state == ("No worker", "bad")
    Worker.objects.create(cluster="c", queue="llm", host="h", pid=1, pid_started=1)
    assert view().state == ("Idle", "")
    job(status=Status.RUNNING)
    assert view().state == ("At work", "accent")
    JobQueue.objects.create(name="llm", paused_at=timezone.now(), changed_by=admin)
    assert view().state == ("Paused", "warn")


def test_a_queue_that_the_settings_no_longer_have_is_shown_but_not_set(client):
    job("gone")
    page = text(client.get(LIST))
    assert "gone <small>not in the settings</small>" in page
    assert client.get("/jobs/queues/gone/").status_code == 404
    assert client.get("/jobs/queues/gone/pause/").status_code == 404
    answer = client.post("/jobs/queues/gone/pause/", {"reason": "Why not"})
    assert answer.status_code == 404
    assert not JobQueue.objects.exists()


def test_the_number_of_workers_is_set_and_given_back(client, admin):
    answer = client.post(DETAIL, {"workers": "5", "reason": "Quarter end"}, follow=True)
    page = text(answer)
    assert "Queue llm: 5 workers on each host." in page
    assert "Set to <b>5</b> on each host." in page
    assert f"by {admin.username}: Quarter end" in page
    assert 'value="5"' in page
    row = JobQueue.objects.get(name="llm")
    assert (row.workers, row.changed_by) == (5, admin)
    assert "As each host was started." in text(
        client.post(DETAIL, {"workers": "5", "reset": "1"}, follow=True)
    )
    assert JobQueue.objects.get(name="llm").workers is None


@pytest.mark.parametrize("wrong", ["0", "65", "many", "-1", "1.5"])
def test_a_wrong_number_is_told_at_its_field(client, wrong):
    answer = client.post(DETAIL, {"workers": wrong})
    assert 'id="id_workers_error"' in text(answer)
    assert not JobQueue.objects.exists()


def test_a_pause_asks_for_its_reason_and_is_seen_until_the_queue_is_resumed(client, admin):
    url = reverse("jobs:queue_pause", args=["llm"])
    assert "Start none of the jobs of “llm”" in text(client.get(url))
    assert "This field is required" in text(client.post(url, {"reason": " "}))
    assert not JobQueue.objects.exists()
    page = text(client.post(url, {"reason": "Model upgrade"}, follow=True))
    assert "Queue llm is paused." in page
    assert f"by {admin.username}: Model upgrade" in page
    assert "Model upgrade" in text(client.get(LIST))
    page = text(client.post(reverse("jobs:queue_resume", args=["llm"]), follow=True))
    assert "Queue llm goes on." in page
    assert JobQueue.objects.get(name="llm").paused_at is None


def test_the_page_asks_as_much_for_no_job_as_for_300(client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(LIST).status_code == 200
        return len(caught)

    queries()
    few = queries()
    for state in Status:
        for _ in range(40):
            job(status=state)
    assert queries() == few <= 10
