"""An old program leaves jobs of new tasks to a newer one, and the job says what it waits for."""

import pytest
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ

from jobs import control, enqueue, registry
from jobs.execution import run_job
from jobs.models import Job
from jobs.testing import run_pending
from tests.factories.accounts import make_admin
from tests.jobs import trouble
from tests.jobs.outcomes import seconds_from_now
from tests.jobs.starting import begin, wait_status
from tests.support.workers import Workers, wait_for

REASON = (
    "No worker that serves this queue knows the task “tests.new” yet; it starts with one that "
    "does. If the task is gone for good, cancel the job."
)


@pytest.fixture
def job(db, declare):
    """A job of a task that this program lacks until it is declared again."""
    started = enqueue(declare(lambda run: 7, "tests.new"))
    registry.forget("tests.new")
    return started


def test_the_job_stays_as_it_is_and_says_why(job):
    assert run_job(job.pk) == "skipped"
    job.refresh_from_db()
    assert (job.status, job.attempt, job.message) == ("queued", 0, REASON)
    row = OrmQ.objects.get()
    assert 0 < seconds_from_now(row.lock) <= 10
    assert run_pending() == []  # it doesn't spin


def test_it_is_told_once_however_often_it_is_tried(job):
    assert [run_job(job.pk) for _ in range(3)] == ["skipped"] * 3
    assert [event.name for event in job.events.all()] == ["enqueue", "unknown_task"]
    assert job.events.last().reason == REASON
    assert Job.objects.get().version == job.version + 1


def test_a_newer_program_takes_it_and_the_reason_goes(job, declare):
    run_job(job.pk)
    declare(lambda run: 7, "tests.new")
    assert run_job(job.pk) == "succeeded"
    job.refresh_from_db()
    assert (job.message, job.result, job.attempt) == ("", 7, 1)


def test_a_waiting_job_says_so_only_when_it_is_due(job):
    moment = timezone.now() + timezone.timedelta(hours=1)
    Job.objects.update(status="waiting", run_after=moment, message="Trying again.")
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.message, OrmQ.objects.get().lock) == ("Trying again.", moment)

    Job.objects.update(run_after=timezone.now())
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.status, job.message) == ("waiting", REASON)


def test_it_can_be_cancelled(job, owner):
    run_job(job.pk)
    assert control.cancel(job, actor=owner).message == "Cancelled."
    assert not OrmQ.objects.exists()


def test_staff_end_all_jobs_of_a_task_that_is_gone_whoever_started_them(job, owner, client):
    """Also where nobody did, and when a job was paused meanwhile."""
    Job.objects.update(owner=owner)
    paused = Job.objects.create(task="tests.new", queue="default", title="P", status="paused")
    running = Job.objects.create(task="tests.other", queue="default", title="R", status="running")
    client.force_login(make_admin("ada"))
    run_job(job.pk)
    page = client.get(reverse("jobs:job_detail", args=[job.pk])).content.decode()
    assert REASON in page
    assert reverse("jobs:job_cancel", args=[job.pk]) in page
    chosen = reverse("jobs:job_bulk") + "?whose=all&search=tests.new"
    asked = client.post(chosen, {"action": "cancel", "matching": "on"})
    assert "Cancel these 2 jobs?" in asked.content.decode()
    sure = {"action": "cancel", "sure": "on", "item": asked.context["ids"]}
    client.post(chosen, sure)
    ended = {each.pk: each.status for each in Job.objects.all()}
    assert ended == {job.pk: "cancelled", paused.pk: "cancelled", running.pk: "running"}
    assert not OrmQ.objects.exists()


@pytest.mark.acceptance
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("marks_table")
def test_during_a_deploy_the_new_workers_take_what_the_old_ones_leave(child_environment):
    outdated = child_environment | {"JOBS_TEST_FORGETS": trouble.start.name}
    with Workers(outdated, workers=1, program=["-m", "tests.support.impatient"]):
        job = begin(trouble.start)
        wait_for(lambda: Job.objects.get(pk=job.pk).message, 60, "the job says what it waits for")
        with Workers(child_environment, workers=1):
            wait_status(job, "succeeded")
    assert trouble.marks(job, "start") == 1
    assert [event.name for event in job.events.all()] == [
        "enqueue",
        "unknown_task",
        "claim",
        "succeed",
    ]
