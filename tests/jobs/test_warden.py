"""Runs that reach no item boundary end all the same: real workers, whose wardens have less
patience than usual."""

import pytest
from django.db import connection

from jobs import control
from tests.jobs import deaf, trouble
from tests.jobs.starting import begin, holder, wait_status
from tests.support.workers import Workers, wait_for

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("marks_table"),
]
ENDED = "The task did not stop when it was told to; its process was ended."


@pytest.fixture
def workers(child_environment):
    environment = child_environment | {"JOBS_TEST_UNWIND_SECONDS": "5"}
    with Workers(environment, workers=4, program=["-m", "tests.support.impatient"]) as started:
        yield started


def test_what_hears_nothing_is_ended_and_says_why(workers, owner):
    silent = begin(deaf.work_on)
    swallowing = begin(deaf.swallow_signals)
    compiled = begin(deaf.sleep_in_compiled_code)
    taken_over = begin(deaf.work_on)
    pids = {job: holder(job) for job in (silent, swallowing, taken_over)}
    for job in (silent, swallowing):
        control.cancel(job, actor=owner)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE jobs_job SET fence = gen_random_uuid() WHERE id = %s", [taken_over.pk]
        )

    wait_status(silent, "cancelled")  # interrupted: it looks for no requests
    wait_status(swallowing, "cancelled")
    wait_status(compiled, "failed")
    for job in (silent, swallowing, compiled):
        job.refresh_from_db()
    assert silent.events.last().reason == ""
    assert swallowing.events.last().reason == ENDED
    assert (compiled.error_code, compiled.message) == ("timed_out", "Timed out after 1 seconds.")
    assert compiled.events.last().reason == ENDED

    # Workers serve on, and whose job was broken off in time is the same process as before.
    for job in [begin(trouble.start) for _ in range(4)]:
        wait_status(job, "succeeded")
    alive = workers.all_pids()
    assert pids[silent] in alive
    assert pids[taken_over] in alive
    wait_for(lambda: pids[swallowing] not in workers.all_pids(), 60, "its process is gone")
