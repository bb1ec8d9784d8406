"""The page of what starts by the clock: when it ran, what came of it, what staff may do."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jobs.models import Job, PeriodicSlot, PeriodicTask
from jobs.operators import periodics
from jobs.states import Status
from tests.factories.accounts import make_admin
from tests.factories.jobs import make_job

pytestmark = pytest.mark.django_db
URL = "/jobs/periodic/"


@pytest.fixture
def admin():
    return make_admin("ada")


@pytest.fixture
def client(admin):
    staff = Client()
    staff.force_login(admin)
    return staff


@pytest.fixture
def ticking(declare):
    def tick(run):
        """Nothing to do."""

    declare(tick, title="Tick", schedule="30 2 * * *")
    return PeriodicTask.objects.create(task="tests.tick", schedule="30 2 * * *")


def view(row) -> periodics.PeriodicView:
    return next(each for each in periodics.periodic_views() if each.row == row)


def text(response) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_a_task_tells_its_schedule_in_words_and_its_next_slot(client, ticking):
    found = view(ticking)
    assert (found.title, found.state) == ("Tick", ("On", "ok"))
    assert (found.next_at.hour, found.next_at.minute) == (2, 30)
    assert timezone.now() < found.next_at <= timezone.now() + timedelta(days=1)
    page = text(client.get(URL))
    assert "At 02:30 every day" in page
    assert "<code>30 2 * * *</code>" in page
    assert "Not yet" in page


def test_the_last_slot_and_the_last_run_are_shown_with_what_came_of_them(client, ticking):
    old = make_job(task="tests.tick", subject=ticking, status=Status.SUCCEEDED)
    job = make_job(
        task="tests.tick", subject=ticking, status=Status.FAILED, error_message="Disk is full."
    )
    for day, run, note in [(1, old, ""), (2, None, "Passed over: job 1 was still under way.")]:
        due = datetime(2026, 1, day, 2, 30, tzinfo=UTC)
        PeriodicSlot.objects.create(task=ticking, due_at=due, job=run, note=note)
    PeriodicTask.objects.update(problem="The schedule can't be read.")
    page = text(client.get(URL))
    assert f'href="{reverse("jobs:job_detail", args=[job.pk])}">Job {job.pk}' in page
    assert "Disk is full." in page
    assert "Passed over" in page
    assert "2026-01-02 02:30:00" in page
    assert "The schedule can&#x27;t be read." in page


def test_a_task_that_the_program_no_longer_has_can_not_be_started(client):
    row = PeriodicTask.objects.create(task="tests.gone", schedule="*/5 * * * *")
    page = text(client.get(URL))
    assert "Not in this version" in page
    assert reverse("jobs:periodictask_start", args=[row.pk]) not in page
    assert view(row).next_at is None
    answer = client.post(reverse("jobs:periodictask_start", args=[row.pk]))
    assert 400 <= answer.status_code < 500 or answer.status_code == 302
    assert not Job.objects.exists()


def test_staff_start_it_besides_its_schedule_once(client, admin, ticking):
    url = reverse("jobs:periodictask_start", args=[ticking.pk])
    page = text(client.post(url, follow=True))
    assert "Tick: started besides its schedule." in page
    job = Job.objects.get()
    assert (job.task, job.owner, job.subject) == ("tests.tick", admin, ticking)
    again = client.post(url, headers={"Referer": f"http://testserver{URL}"}, follow=True)
    assert "already under way" in text(again)
    assert Job.objects.count() == 1


def test_staff_stop_it_with_a_reason_and_let_it_go_on(client, admin, ticking):
    stop = reverse("jobs:periodictask_stop", args=[ticking.pk])
    assert "Start “tests.tick” by the clock no more?" in text(client.get(stop))
    assert "This field is required" in text(client.post(stop, {"reason": ""}))
    page = text(client.post(stop, {"reason": "Disk is full"}, follow=True))
    assert "tests.tick is stopped." in page
    assert f"by {admin.username}: Disk is full" in page
    assert view(ticking).next_at is None
    page = text(client.post(reverse("jobs:periodictask_go_on", args=[ticking.pk]), follow=True))
    assert "goes on at its next slot" in page
    assert view(ticking).next_at is not None


def test_what_is_not_there_is_not_found(client):
    for step in ("start", "stop", "go_on"):
        url = reverse(f"jobs:periodictask_{step}", args=[999_999])
        assert client.post(url, {"reason": "x"}).status_code == 404


def test_the_page_asks_as_much_for_1_as_for_30_tasks(client, ticking):
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(URL).status_code == 200
        return len(caught)

    make_job(task="tests.tick", subject=ticking)
    PeriodicSlot.objects.create(task=ticking, due_at=timezone.now())
    queries()
    few = queries()
    for number in range(29):
        row = PeriodicTask.objects.create(task=f"tests.t{number}", schedule="* * * * *")
        make_job(task=row.task, subject=row)
        PeriodicSlot.objects.create(task=row, due_at=timezone.now())
    assert queries() == few <= 11


def test_without_any_the_page_says_how_they_come(client):
    PeriodicTask.objects.all().delete()
    assert "Nothing starts by the clock yet" in text(client.get(URL))
