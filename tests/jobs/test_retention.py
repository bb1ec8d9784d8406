"""What is old goes, in batches and whole; what lives or is still told stays."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from jobs import PlannedItem, conf, enqueue, registry, retention, tasks
from jobs.models import Job, JobEvent, JobItem, PeriodicSlot, PeriodicTask, Tally, Worker
from jobs.testing import run_pending

pytestmark = pytest.mark.django_db
OLD = timedelta(days=100)


@pytest.fixture
def work(declare):
    def work(run, *, items: int = 2):
        for item in run.plan([PlannedItem(str(number)) for number in range(items)]):
            with run.commit(item):
                pass

    return declare(work, "tests.work")


@pytest.fixture
def ended(work):
    """So many jobs that ended 100 days ago, each with two items."""

    def ended(count: int = 1, **arguments) -> list[Job]:
        for _ in range(count):
            enqueue(work, **arguments)
        jobs = run_pending()
        Job.objects.update(finished_at=Now() - OLD)
        JobEvent.objects.update(at=Now() - OLD)
        return jobs

    return ended


def prune() -> Job:
    job = enqueue(tasks.prune)
    run_pending()
    job.refresh_from_db()
    assert job.status == "succeeded"
    return job


def test_jobs_that_ended_long_ago_go_with_all_their_parts(ended, work):
    [old] = ended()
    recent = enqueue(work)
    job = prune()
    assert set(Job.objects.all()) == {recent, job}
    assert not JobItem.objects.filter(job_id=old.pk).exists()
    assert not JobEvent.objects.filter(job_id=old.pk).exists()
    assert JobItem.objects.filter(job=recent).count() == 2
    assert job.result == {"job": 1, "slot": 0, "worker": 0}
    assert job.message == "Deleted 1 job."


def test_a_job_that_lives_long_keeps_its_first_events(work):
    job = enqueue(work)
    Job.objects.update(status="paused", created_at=Now() - OLD, queued_at=Now() - OLD)
    JobEvent.objects.update(at=Now() - OLD)
    prune()
    assert JobEvent.objects.filter(job=job).count() == 1


def test_a_job_that_is_tried_again_in_time_stays(ended):
    [job] = ended()
    Job.objects.update(status="queued")
    assert retention.prune_jobs(90) == 0
    assert Job.objects.filter(pk=job.pk).exists()


def test_zero_days_keep_jobs_for_ever(ended, settings):
    settings.JOBS = settings.JOBS | {"KEEP_DAYS": 0}
    ended()
    assert prune().message == "Nothing was old enough."


def test_days_are_as_the_settings_say(ended, settings):
    settings.JOBS = settings.JOBS | {"KEEP_DAYS": 101}
    ended()
    assert prune().result["job"] == 0
    settings.JOBS = settings.JOBS | {"KEEP_DAYS": 99}
    assert prune().result["job"] == 1


def test_many_jobs_go_in_small_transactions(ended, monkeypatch):
    monkeypatch.setattr(retention, "JOBS", 3)
    ended(7)
    assert [retention.prune_jobs(90) for _ in range(4)] == [3, 3, 1, 0]


def test_jobs_with_many_items_go_a_few_at_a_time(ended, monkeypatch):
    monkeypatch.setattr(retention, "PARTS", 25)
    ended(3, items=8)
    assert [retention.prune_jobs(90) for _ in range(4)] == [1, 1, 1, 0]


def test_totals_are_added_up_before_their_events_go(ended):
    ended(2)
    assert prune().result["job"] == 2
    counted = Tally.objects.get(figure="outcome", task="tests.work", outcome="succeeded")
    assert counted.count == 2


def test_events_not_yet_added_up_keep_their_job(ended, monkeypatch):
    ended()
    monkeypatch.setattr("jobs.tallies.fold", lambda: timezone.now() - timedelta(days=200))
    assert retention.prune_jobs(90) == 0


@pytest.fixture
def periodic_task():
    return PeriodicTask.objects.create(task="tests.yearly", schedule="0 0 1 1 *")


def test_old_slots_go_but_the_newest_of_each_task_stays(periodic_task):
    other = PeriodicTask.objects.create(task="tests.other", schedule="0 0 * * *")
    for task, days in ((periodic_task, 400), (periodic_task, 35), (other, 40), (other, 1)):
        due_at = timezone.now() - timedelta(days=days)
        PeriodicSlot.objects.create(task=task, due_at=due_at)
    assert prune().result["slot"] == 2
    kept = {slot.task.task: slot.due_at for slot in PeriodicSlot.objects.all()}
    ages = {task: (timezone.now() - due_at).days for task, due_at in kept.items()}
    assert ages == {"tests.yearly": 35, "tests.other": 1}


def test_a_slot_outlives_its_job(ended, periodic_task):
    [job] = ended()
    slot = PeriodicSlot.objects.create(task=periodic_task, due_at=timezone.now(), job=job)
    assert prune().result["job"] == 1
    slot.refresh_from_db()
    assert slot.job is None


def test_stopped_workers_go_once_no_job_names_them(ended):
    stopped, named, alive = (
        Worker.objects.create(host="a", pid=1, pid_started=number, stopped_at=stopped_at)
        for number, stopped_at in enumerate([timezone.now() - OLD, timezone.now() - OLD, None])
    )
    [job] = ended()
    Job.objects.filter(pk=job.pk).update(worker=named, finished_at=Now())
    assert prune().result["worker"] == 1
    assert set(Worker.objects.all()) == {named, alive}


def test_what_was_deleted_is_told_in_words():
    told = retention.deleted({"job": 1_200, "slot": 1, "worker": 0})
    assert told == "Deleted 1,200 jobs, 1 slot."


def test_the_task_starts_by_the_clock_and_keeps_90_days():
    assert registry.get("jobs.prune").schedule
    assert conf.KEEP_DAYS == 90
