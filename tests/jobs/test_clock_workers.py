"""A real worker command: its clock starts what is due, and its workers run it."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from jobs import registry
from jobs.models import Job, PeriodicSlot, PeriodicTask
from tests.jobs.clocks import age, last_slot, row_of
from tests.support.workers import Workers, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_worker_command_makes_up_for_the_newest_missed_slot(child_environment):
    task = registry.get("jobs.prune")
    PeriodicTask.objects.create(task=task.name, schedule=task.schedule)
    age(task)
    PeriodicSlot.objects.create(task=row_of(task), due_at=last_slot(task) - timedelta(days=5))
    old = Job.objects.create(task="tests.gone", queue="default", title="Old", status="succeeded")
    Job.objects.update(finished_at=Now() - timedelta(days=100))
    child_environment["DJANGO_SETTINGS_MODULE"] = "tests.support.clock_settings"
    with Workers(child_environment, workers=1):
        done = Job.objects.filter(task=task.name, status="succeeded")
        wait_for(done.exists, 60, "the task that was due has run")
        declared = {each.name for each in registry.all_tasks() if each.schedule}
        assert set(PeriodicTask.objects.values_list("task", flat=True)) == declared
    job = Job.objects.get(task=task.name)
    newest, missed = PeriodicSlot.objects.filter(task=row_of(task))
    assert (newest.job, newest.due_at, missed.job) == (job, last_slot(task), None)
    assert job.subject == row_of(task)
    assert not Job.objects.filter(pk=old.pk).exists()
    assert job.message == "Deleted 1 job."
