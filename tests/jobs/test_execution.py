"""One delivery from claim to outcome, whatever the task does."""

import asyncio
import os
import signal
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import OperationalError, connection
from django.utils import timezone
from django_q.exceptions import TimeoutException
from django_q.models import OrmQ

from jobs import PlannedItem, enqueue, execution
from jobs.execution import run_job
from jobs.mapping import BACKLOG
from jobs.models import Job, JobItem
from jobs.testing import run_pending


class Passing(Exception):
    code = "provider_down"
    message = "The model did not answer."
    retryable = True


class Fatal(Exception):
    code = "refused"
    message = "The model refused."
    retryable = False


class Stopper(Fatal):
    code = "no_provider"
    message = "No model is configured."
    stops_job = True


class Open(Exception):
    code = "circuit_open"
    message = "The model is away; next try at noon."
    retryable = True

    def __init__(self, moment):
        self.retry_at = moment


@pytest.fixture
def start(declare, db):
    def start_job(function, **options):
        return enqueue(declare(function, "tests.work", **options))

    return start_job


def raising(error):
    def work(run):
        raise error

    return work


def over(outcomes, count=4):
    """A task over `count` items; `outcomes[n]` is raised by the call for item n."""

    async def ask(item):
        if error := outcomes.get(item.payload):
            raise error
        return item.payload

    def work(run):
        items = run.plan([PlannedItem(str(n), payload=n) for n in range(count)])
        for item, _answer in run.map(ask, items, concurrency=2):
            with run.commit(item):
                Group.objects.create(name=item.key)
        return {"done": True}

    return work


def finish(job):
    run_job(job.pk)
    job.refresh_from_db()
    return job


def seconds_from_now(moment):
    return (moment - timezone.now()).total_seconds()


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


@pytest.mark.parametrize("error", [SystemExit(3), OperationalError("server closed")])
def test_other_ends_are_outcomes_too(start, error):
    job = finish(start(raising(error), max_attempts=1))
    assert job.status == "failed"


def test_an_error_that_names_a_moment_makes_the_job_wait_for_it(start):
    moment = timezone.now() + timedelta(minutes=7)
    job = finish(start(raising(Open(moment))))
    assert (job.status, job.run_after, job.attempt) == ("waiting", moment, 0)
    assert job.message == "The model is away; next try at noon."
    assert OrmQ.objects.get().lock == moment
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


def test_an_unknown_task_fails_readably(start):
    job = start(lambda run: None)
    Job.objects.update(task="gone.away")
    assert "No task is named 'gone.away'" in finish(job).message


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


def test_some_failed_items_make_an_amber_end(start):
    job = finish(start(over({1: Fatal()})))
    assert (job.status, job.done, job.failed, job.tone) == ("succeeded", 3, 1, "warn")
    assert job.message == "3 done, 1 failed."
    item = job.items.get(status="failed")
    assert (item.key, item.error_code, item.error_message) == ("1", "refused", "The model refused.")


def test_all_failed_items_fail_the_job(start):
    job = finish(start(over({n: Fatal() for n in range(4)})))
    assert (job.status, job.error_code) == ("failed", "all_items_failed")
    assert job.message == "All 4 items failed. The model refused."


def test_no_items_is_success_and_says_so(start):
    job = finish(start(over({}, count=0)))
    assert (job.status, job.total, job.message) == ("succeeded", 0, "Nothing to do.")


def test_items_left_undone_are_not_success(start):
    def work(run):
        run.plan([PlannedItem("a"), PlannedItem("b")])

    job = finish(start(work))
    assert (job.status, job.error_code) == ("failed", "items_left")


def test_items_that_may_pass_are_tried_again_alone(start):
    outcomes = {1: Passing(), 2: Passing()}
    job = finish(start(over(outcomes)))
    assert (job.status, job.done, job.failed) == ("waiting", 2, 0)
    assert job.message.startswith("2 items failed: The model did not answer. Trying again")
    outcomes.clear()
    run_pending(waiting=True)
    job.refresh_from_db()
    assert (job.status, job.done, job.failed, job.attempt) == ("succeeded", 4, 0, 2)
    assert sorted(job.items.values_list("key", "tries")) == [
        ("0", 1),
        ("1", 2),
        ("2", 2),
        ("3", 1),
    ]


def test_items_that_never_pass_fail_at_the_last_attempt(start):
    job = start(over({1: Passing()}), max_attempts=2)
    run_pending(waiting=True)
    job.refresh_from_db()
    assert (job.status, job.done, job.failed, job.attempt) == ("succeeded", 3, 1, 2)


def test_an_error_for_all_items_stops_the_asking(start):
    job = finish(start(over({0: Stopper()}, count=50)))
    assert (job.status, job.error_code) == ("failed", "no_provider")
    assert job.failed == 0
    assert job.items.get(key="0").status == "pending"
    assert job.done <= 2 + BACKLOG


def test_an_open_circuit_leaves_the_items_to_do(start):
    moment = timezone.now() + timedelta(minutes=1)
    outcomes = {n: Open(moment) for n in range(1, 30)}
    job = finish(start(over(outcomes, count=30)))
    assert (job.status, job.run_after, job.failed, job.attempt) == ("waiting", moment, 0, 0)
    outcomes.clear()
    run_pending(waiting=True)
    job.refresh_from_db()
    assert (job.status, job.done) == ("succeeded", 30)


def test_an_error_while_storing_is_that_items(start):
    def work(run):
        for item in run.plan([PlannedItem("a"), PlannedItem("b"), PlannedItem("c")]):
            with run.commit(item):
                Group.objects.create(name="same")

    job = finish(start(work))
    assert (job.status, job.done, job.failed) == ("succeeded", 1, 2)
    assert Group.objects.filter(name="same").count() == 1


def test_a_change_that_concerns_the_whole_job_fails_it(start):
    def work(run):
        for item in run.plan([PlannedItem("a"), PlannedItem("b")]):
            with run.commit(item):
                raise Stopper

    job = finish(start(work))
    assert (job.status, job.done, job.failed) == ("failed", 0, 0)


@pytest.mark.django_db(transaction=True)
class TestTime:
    """Timeouts and stops interrupt real waits, so they need real transactions."""

    @pytest.mark.parametrize("swallow", [False, True])
    def test_a_task_that_reaches_no_boundary_is_broken_off(self, start, swallow):
        def work(run):
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_sleep(20) AS broken_off")
            except Exception:
                if not swallow:
                    raise

        job = start(work, timeout=1)
        before = time.monotonic()
        finish(job)
        assert time.monotonic() - before < 4
        assert (job.status, job.error_code) == ("failed", "timed_out")
        assert job.message == "Timed out after 1 seconds."
        with connection.cursor() as cursor:  # the server doesn't go on with the query
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
                "AND state = 'active' AND query LIKE '%broken_off%'"
            )
            assert cursor.fetchone() == (0,)

    def test_model_calls_are_broken_off_too(self, start):
        async def ask(item):
            await asyncio.sleep(60)

        def work(run):
            list(run.map(ask, run.plan([PlannedItem("a")])))

        assert finish(start(work, timeout=1)).error_code == "timed_out"

    def test_the_librarys_own_timeout_is_recorded(self, start):
        job = finish(start(raising(TimeoutException("too long"))))
        assert job.error_code == "timed_out"

    def test_the_alarm_is_put_back(self, start):
        before = signal.getsignal(signal.SIGALRM)
        finish(start(lambda run: None))
        assert signal.getsignal(signal.SIGALRM) == before
        assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)

    def test_a_stop_gives_the_job_back_at_the_next_item(self, start):
        def work(run):
            for item in run.plan([PlannedItem(str(n)) for n in range(5)]):
                with run.commit(item):
                    Group.objects.create(name=item.key)
                if item.key == "1":
                    execution.request_stop()

        job = finish(start(work))
        # The item under way when the stop came is finished first.
        assert (job.status, job.done, job.attempt, job.fence) == ("queued", 3, 0, None)
        assert run_job(job.pk) == "stopping"
        execution.resume()
        assert run_job(job.pk) == "succeeded"
        assert Group.objects.count() == 5

    def test_a_stop_closes_model_calls_at_once(self, start):
        closed = []

        async def ask(item):
            if item.key == "0":
                return 0
            try:
                await asyncio.sleep(60)
            finally:
                closed.append(item.key)

        def work(run):
            items = run.plan([PlannedItem(str(n)) for n in range(4)])
            for item, _answer in run.map(ask, items, concurrency=4):
                with run.commit(item):
                    pass

        job = start(work)
        handler = signal.signal(signal.SIGTERM, lambda *_: execution.request_stop())
        threading.Timer(0.5, os.kill, [os.getpid(), signal.SIGTERM]).start()
        before = time.monotonic()
        finish(job)
        signal.signal(signal.SIGTERM, handler)
        assert time.monotonic() - before < 2
        assert (job.status, job.done, job.attempt) == ("queued", 1, 0)
        assert sorted(closed) == ["1", "2", "3"]

    def test_an_outcome_is_recorded_when_the_database_is_back(self, start, monkeypatch):
        job = start(lambda run: 1)
        tried = []
        real = execution.try_move

        def away(*arguments, **values):
            tried.append(1)
            if len(tried) < 3:
                raise OperationalError("the server is starting up")
            return real(*arguments, **values)

        monkeypatch.setattr(execution, "try_move", away)
        assert run_job(job.pk) == "succeeded"
        assert len(tried) == 3

    def test_a_killed_backend_costs_a_retry_and_nothing_else(self, start, effects):
        def work(run):
            for item in run.plan([PlannedItem(str(n)) for n in range(3)]):
                with run.commit(item):
                    effects.write(item.key)
                    if item.key == "1" and run.job.attempt == 1:
                        with connection.cursor() as cursor:
                            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

        job = finish(start(work))
        assert (job.status, job.done) == ("waiting", 1)
        run_pending(waiting=True)
        job.refresh_from_db()
        assert (job.status, job.done) == ("succeeded", 3)
        assert effects.keys() == ["0", "1", "2"]
        assert JobItem.objects.filter(status="done").count() == 3
