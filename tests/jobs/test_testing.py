"""`run_pending` does what workers do, in this process."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from jobs import enqueue, execution
from jobs.claim import claim
from jobs.execution import run_job
from jobs.models import Job
from jobs.testing import run_pending

pytestmark = pytest.mark.django_db


class Later(Exception):
    code = "later"
    message = "Later."

    def __init__(self):
        self.retry_at = timezone.now() + timedelta(hours=1)


def test_jobs_run_in_order_until_none_is_due(declare):
    order = []

    def first(run):
        order.append("first")
        enqueue(second)

    second = declare(lambda run: order.append("second"), "tests.second")
    job = enqueue(declare(first))
    ran = run_pending()
    assert order == ["first", "second"]
    assert [j.status for j in ran] == ["succeeded"] * 2
    assert ran[0] == job
    assert run_pending() == []


def test_one_queue_alone_can_be_run(declare):
    enqueue(declare(lambda run: None, "tests.default"))
    model = enqueue(declare(lambda run: None, "tests.model", queue="llm"))
    assert run_pending("llm") == [model]


def test_a_job_that_always_waits_ends_the_run(declare):
    def waits(run):
        raise Later

    enqueue(declare(waits, max_attempts=3))
    (job,) = run_pending(waiting=True)
    assert job.status == "waiting"
    assert job.events.filter(name="claim").count() == 4


def test_rows_without_a_job_to_run_go_away(declare):
    job = enqueue(declare(lambda run: None, "tests.noop"))
    claim(job.pk)
    for payload in (job.pk, 404404):
        OrmQ.objects.create(key="default", payload=str(payload), lock=timezone.now())
    assert run_pending() == []
    assert not OrmQ.objects.exists()


def test_a_row_that_comes_too_early_is_put_off(declare):
    job = enqueue(declare(lambda run: None, "tests.noop"))
    later = timezone.now() + timedelta(hours=1)
    Job.objects.update(status="waiting", run_after=later)
    assert run_job(job.pk) == "skipped"
    assert OrmQ.objects.get().lock == later


def test_a_process_that_stops_leaves_the_queue_alone(declare):
    enqueue(declare(lambda run: None, "tests.noop"))
    execution.request_stop()
    assert run_pending() == []
    assert OrmQ.objects.count() == 1
