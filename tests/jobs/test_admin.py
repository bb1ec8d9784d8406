"""The admin shows jobs, changes none, and cancels and retries by the same services."""

import pytest
from django.test import Client
from django.urls import reverse

from jobs.models import Job, Worker
from jobs.states import Status
from tests.factories.accounts import make_tester
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


@pytest.fixture
def superuser(django_user_model):
    return django_user_model.objects.create_superuser("root", "root@example.com", "x")


def test_the_admin_shows_jobs_and_changes_nothing(superuser, tester):
    admin = client_of(superuser)
    job = make_job(tester, status=Status.SUCCEEDED)
    item = make_items(job, done=1)[0]
    event = job.events.get()
    worker = Worker.objects.create(cluster="c", queue="llm", host="h", pid=1, pid_started=1)
    for row in (job, item, event, worker):
        name = row._meta.model_name
        assert admin.get(reverse(f"admin:jobs_{name}_changelist")).status_code == 200
        change = reverse(f"admin:jobs_{name}_change", args=[row.pk])
        assert admin.get(change).status_code == 200
        assert admin.post(change, {"status": "failed"}).status_code == 403
        assert admin.get(reverse(f"admin:jobs_{name}_add")).status_code == 403
        assert admin.post(reverse(f"admin:jobs_{name}_delete", args=[row.pk])).status_code == 403
    job.refresh_from_db()
    assert job.status == Status.SUCCEEDED


def test_the_admin_cancels_and_retries_by_the_same_services(superuser, tester):
    admin = client_of(superuser)
    queued, failed, done = (
        make_job(tester, status=status)
        for status in (Status.QUEUED, Status.FAILED, Status.SUCCEEDED)
    )
    url = reverse("admin:jobs_job_changelist")
    for action in ("cancel_jobs", "retry_jobs"):
        chosen = [queued.pk, done.pk] if action == "cancel_jobs" else [failed.pk, done.pk]
        page = admin.post(url, {"action": action, "_selected_action": chosen}, follow=True)
        told = [str(message) for message in page.context["messages"]]
        assert len(told) == 2, told
        assert "1 job(s)" in told[1]
    assert [job.events.count() for job in (queued, failed, done)] == [2, 2, 1]
    assert queued.events.last().actor == superuser
    states = dict(Job.objects.values_list("pk", "status"))
    assert states == {queued.pk: "cancelled", failed.pk: "queued", done.pk: "succeeded"}
