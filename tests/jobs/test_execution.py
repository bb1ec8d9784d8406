"""One delivery from claim to outcome, whatever the task does."""

from asyncio import CancelledError
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone
from django_q.models import OrmQ

from jobs import enqueue
from jobs.execution import run_job
from jobs.models import Job
from jobs.testing import run_pending
from tests.jobs.outcomes import Fatal, Open, Passing, finish, raising, seconds_from_now


def test_a_plain_task_takes_two_statements(start, django_assert_max_num_queries):
    job = start(lambda run: {"rows": 7})
    with django_assert_max_num_queries(2):  # claim and finish; outside a test also a NOTIFY
        assert run_job(job.pk) == "succeeded"
    job.refresh_from_db()
    assert (job.status, job.result, job.message, job.attempt) == ("succeeded", {"rows": 7}, "", 1)
    assert job.started_at <= job.finished_at
    assert (job.fence, job.worker) == (None, None)
    assert [event.name for event in job.events.all()] == ["enqueue", "claim", "succeed"]


def test_a_second_delivery_does_nothing(start):
    ran = []
    job = start(lambda run: ran.append(1))
    assert [run_job(job.pk) for _ in range(3)] == ["succeeded", "skipped", "skipped"]
    assert run_job(404404) == "skipped"
    assert ran == [1]


@pytest.mark.parametrize("attempt", [1, 2, 3])
def test_a_passing_error_waits_longer_each_time(start, attempt):
    job = start(raising(Passing()), max_attempts=4)
    Job.objects.update(attempt=attempt - 1)
    finish(job)
    assert (job.status, job.attempt) == ("waiting", attempt)
    wanted = 60 * 2 ** (attempt - 1)
    assert 0.79 * wanted - 2 < seconds_from_now(job.run_after) < 1.21 * wanted
    assert OrmQ.objects.get().lock == job.run_after
    assert job.message == (
        f"The model did not answer. Trying again ({attempt} of 4 attempts used)."
    )
    assert run_job(job.pk) == "skipped"


def test_the_last_attempt_fails_with_the_error(start):
    job = start(raising(Passing()), max_attempts=4)
    assert len(run_pending(waiting=True)) == 1
    job.refresh_from_db()
    assert (job.status, job.attempt, job.error_code) == ("failed", 4, "provider_down")
    assert job.error_message == job.message == "The model did not answer."
    assert [e.name for e in job.events.all()].count("back_off") == 3


def test_a_fatal_error_is_not_retried(start):
    job = finish(start(raising(Fatal())))
    assert (job.status, job.attempt, job.error_code) == ("failed", 1, "refused")


def test_a_bug_is_named_and_its_traceback_kept_for_staff(start):
    job = finish(start(raising(KeyError("missing\0"))))
    assert (job.status, job.error_code) == ("failed", "unexpected_error")
    assert job.message.startswith("Unexpected error: KeyError")
    assert "in work" in job.error_detail


def test_an_error_of_five_megabytes_is_cut(start):
    job = finish(start(raising(ValueError("x" * 5_000_000))))
    assert job.status == "failed"
    assert len(job.error_message) < 2_100
    assert len(job.error_detail) < 20_100


class Panic(BaseException):
    """What compiled code in Rust raises."""


@pytest.mark.parametrize(
    "error", [SystemExit(3), OperationalError("server closed"), CancelledError(), Panic()]
)
def test_other_ends_are_outcomes_too(start, error):
    job = finish(start(raising(error), max_attempts=1))
    assert job.status == "failed"


def test_an_error_that_names_a_moment_makes_the_job_wait_for_it(start):
    job = finish(start(raising(Open(timezone.now() + timedelta(minutes=7)))))
    assert (job.status, job.attempt) == ("waiting", 0)
    assert 7 * 60 - 30 < seconds_from_now(job.run_after) < 7 * 60 + 1
    assert job.message == "The model is away; next try at noon."
    assert OrmQ.objects.get().lock == job.run_after
    assert job.events.last().reason == job.message


def test_a_moment_that_has_passed_is_not_now(start):
    job = finish(start(raising(Open(datetime(2020, 1, 1, tzinfo=UTC)))))
    assert 0 < seconds_from_now(job.run_after) < 1.1


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        ({1, 2}, "The result is a set"),
        ({"at": datetime(2026, 1, 1)}, "The result.at is a datetime"),
        (float("nan"), "not a JSON number"),
        ({"text": "\0"}, "can't be stored"),
    ],
)
def test_a_result_that_is_not_json_fails_readably(start, result, reason):
    job = finish(start(lambda run: result))
    assert (job.status, job.error_code) == ("failed", "not_json")
    assert reason in job.message


def test_arguments_of_an_older_version_fail_readably(start):
    job = start(lambda run: None)
    Job.objects.update(arguments={"old": 1})
    assert "unexpected keyword argument 'old'" in finish(job).message


def test_a_deleted_subject_fails_the_job(declare, subject):
    job = enqueue(declare(lambda run: None, "tests.work"), subject=subject)
    subject.delete()
    finish(job)
    assert (job.status, job.error_code) == ("failed", "subject_gone")
    assert "Schedule D.1" in job.message
