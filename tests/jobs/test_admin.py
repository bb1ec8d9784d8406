"""The admin shows the engine's rows, edits none, and acts by the ways that pages go."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jobs import acting
from jobs.models import (
    Job,
    JobQueue,
    PeriodicSlot,
    PeriodicTask,
    SavedFilter,
    Tally,
    Worker,
)
from jobs.states import Status
from tests.factories.accounts import make_tester
from tests.factories.jobs import make_items, make_job

pytestmark = pytest.mark.django_db


@pytest.fixture
def tester():
    return make_tester("tess")


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def superuser(django_user_model):
    return django_user_model.objects.create_superuser("root", "root@example.com", "x")


@pytest.fixture
def admin(superuser):
    return client_of(superuser)


def act(admin, model: str, action: str, *rows) -> list[str]:
    """What the admin says to an action on these rows."""
    chosen = {"action": action, "_selected_action": [row.pk for row in rows]}
    page = admin.post(reverse(f"admin:jobs_{model}_changelist"), chosen, follow=True)
    return [str(message) for message in page.context["messages"]]


def test_the_admin_shows_every_row_and_edits_none(admin, tester):
    job = make_job(tester, status=Status.SUCCEEDED)
    item = make_items(job, done=1)[0]
    worker = Worker.objects.create(
        cluster="c", queue="llm", host="h", pid=1, pid_started=1, memory_kb=2048
    )
    periodic = PeriodicTask.objects.create(task="tests.clock", schedule="* * * * *")
    rows = [
        job,
        item,
        job.events.get(),
        worker,
        JobQueue.objects.create(name="llm"),
        periodic,
        PeriodicSlot.objects.create(task=periodic, due_at=timezone.now(), job=job),
        SavedFilter.objects.create(owner=tester, name="Mine", query="status=failed"),
        Tally.objects.create(figure="rescue", queue="llm", count=3),
    ]
    for row in rows:
        name = row._meta.model_name
        changelist = reverse(f"admin:jobs_{name}_changelist")
        assert admin.get(changelist).status_code == 200
        assert admin.get(f"{changelist}?q=1").status_code == 200
        change = reverse(f"admin:jobs_{name}_change", args=[row.pk])
        assert admin.get(change).status_code == 200
        assert admin.post(change, {"status": "failed"}).status_code == 403
        assert admin.get(reverse(f"admin:jobs_{name}_add")).status_code == 403
        assert admin.post(reverse(f"admin:jobs_{name}_delete", args=[row.pk])).status_code == 403
    job.refresh_from_db()
    assert job.status == Status.SUCCEEDED
    assert "2 MB" in admin.get(reverse("admin:jobs_worker_changelist")).content.decode()


def test_jobs_are_filtered_by_queues_and_tasks_that_the_program_knows(admin, tester):
    url = reverse("admin:jobs_job_changelist")
    job = make_job(tester)
    for query, found in [("queue=default", 1), ("queue=llm", 0), ("task=jobs.prune", 0)]:
        page = admin.get(f"{url}?{query}")
        assert page.status_code == 200
        assert page.context["cl"].queryset.count() == found, query
    assert admin.get(f"{url}?queue=default").context["cl"].queryset.get() == job


def test_each_job_is_told_what_became_of_it(admin, superuser, tester):
    queued, failed, done, idle = (
        make_job(tester, status=status)
        for status in (Status.QUEUED, Status.FAILED, Status.SUCCEEDED, Status.QUEUED)
    )
    assert act(admin, "job", "pause_jobs", idle, done) == [
        f"A job that is done can't be paused (job {done.pk}).",
        f"Paused: job {idle.pk}.",
    ]
    assert act(admin, "job", "resume_jobs", idle) == [f"Queued again: job {idle.pk}."]
    told = act(admin, "job", "cancel_jobs", queued, idle, done)
    assert told[1:] == [f"Cancelled: job {queued.pk}, job {idle.pk}."]
    assert f"job {done.pk}" in told[0]
    assert act(admin, "job", "retry_jobs", failed) == [f"Queued again: job {failed.pk}."]
    assert queued.events.last().actor == superuser
    states = dict(Job.objects.values_list("pk", "status"))
    assert states == {
        queued.pk: "cancelled",
        failed.pk: "queued",
        done.pk: "succeeded",
        idle.pk: "cancelled",
    }


def test_refusals_do_not_bury_what_was_done(admin, tester, monkeypatch):
    jobs = [make_job(tester, status=Status.SUCCEEDED) for _ in range(25)] + [make_job(tester)]
    told = act(admin, "job", "cancel_jobs", *jobs)
    assert len(told) == 22
    assert told[-2:] == ["5 more were refused.", f"Cancelled: job {jobs[-1].pk}."]
    monkeypatch.setattr(acting, "MOST", 2)
    assert len(act(admin, "job", "cancel_jobs", *jobs)) == 2


def test_queues_are_paused_and_set_by_the_functions_that_pages_use(admin, superuser):
    queue = JobQueue.objects.create(name="llm", workers=4)
    stray = JobQueue.objects.create(name="gone")
    told = act(admin, "jobqueue", "pause_queues", queue, stray)
    assert "There is no queue 'gone'" in told[0]
    assert told[1] == "Paused: llm."
    queue.refresh_from_db()
    assert queue.paused_at
    assert queue.changed_by == superuser
    assert act(admin, "jobqueue", "resume_queues", queue) == ["Resumed: llm."]
    act(admin, "jobqueue", "workers_as_started", queue)
    queue.refresh_from_db()
    assert (queue.paused_at, queue.workers) == (None, None)


def test_the_clock_is_stopped_started_and_let_go_on(admin, superuser, declare):
    def tick(run):
        """Nothing to do."""

    declare(tick, schedule="0 0 1 1 *")
    row = PeriodicTask.objects.create(task="tests.tick", schedule="0 0 1 1 *")
    assert act(admin, "periodictask", "start_now", row) == ["Started: tests.tick."]
    assert "already under way" in act(admin, "periodictask", "start_now", row)[0]
    assert Job.objects.get().owner == superuser
    act(admin, "periodictask", "stop_tasks", row)
    row.refresh_from_db()
    assert row.stopped_at
    assert row.changed_by == superuser
    act(admin, "periodictask", "let_go_on", row)
    row.refresh_from_db()
    assert row.stopped_at is None
