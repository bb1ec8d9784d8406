"""Jobs that take their worker with them, or never let go of it: real workers."""

import pytest

from jobs.models import Job
from tests.jobs import trouble
from tests.jobs.starting import begin, wait_status
from tests.support.workers import Workers

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("marks_table"),
]


def test_a_job_that_kills_every_worker_fails_after_its_attempts(child_environment):
    with Workers(child_environment, workers=1):
        job = begin(trouble.die)
        wait_status(job, "failed")
        after = begin(trouble.start)
        wait_status(after, "succeeded")
    job.refresh_from_db()
    assert (job.error_code, job.attempt) == ("worker_lost", 3)
    assert trouble.marks(job, "start") == 3


def test_a_worker_killed_between_effect_and_record_leaves_neither(child_environment):
    with Workers(child_environment, workers=1):
        job = begin(trouble.die_in_commit)
        wait_status(job, "succeeded")
    assert Job.objects.values_list("attempt", "done").get(pk=job.pk) == (2, 1)
    assert trouble.marks(job, "effect") == 1


def test_a_job_that_swallows_its_timeout_is_ended_and_the_next_one_runs(child_environment):
    """The warden's patience is cut short by the program the test starts, nothing else is."""
    environment = child_environment | {"JOBS_TEST_UNWIND_SECONDS": "1"}
    with Workers(environment, workers=1, program=["-m", "tests.support.impatient"]):
        job = begin(trouble.swallow)
        after = begin(trouble.start)
        wait_status(job, "failed")
        wait_status(after, "succeeded")
    job.refresh_from_db()
    assert job.error_code == "timed_out"
