"""A database that goes away costs a job a pause, and neither an attempt nor an item."""

import psycopg
import pytest
from django.db import OperationalError, connection

from jobs import PlannedItem, direct
from jobs.models import JobEvent
from jobs.testing import run_pending
from tests.jobs.outcomes import finish, raising, seconds_from_now
from tests.support.workers import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def failed_by(cause):
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


def cut():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


def wait_until_cut(pid):
    alive = "SELECT 1 FROM pg_stat_activity WHERE pid = %s"
    with direct.connect("test") as looking:
        wait_for(lambda: not looking.execute(alive, [pid]).fetchone(), 60, "it is cut off")


def test_a_cut_connection_gives_the_attempt_back_and_waits_a_moment(start):
    job = finish(start(lambda run: cut(), max_attempts=1))
    assert (job.status, job.attempt) == ("waiting", 0)
    assert 3 < (job.run_after - job.events.last().at).total_seconds() <= 5
    assert job.message == "The database was away; the work goes on in a moment."
    assert "terminating connection" in job.events.last().reason


@pytest.mark.parametrize(
    "cause",
    [
        psycopg.OperationalError("connection refused"),
        psycopg.errors.CannotConnectNow("the database system is starting up"),
        psycopg.errors.TooManyConnections("sorry, too many clients already"),
    ],
)
def test_what_counts_as_an_outage(start, cause):
    assert finish(start(raising(failed_by(cause)))).attempt == 0


@pytest.mark.parametrize(
    "cause",
    [
        psycopg.errors.DeadlockDetected("deadlock detected"),
        psycopg.errors.QueryCanceled("canceling statement due to statement timeout"),
    ],
)
def test_what_the_statement_itself_brought_about_takes_an_attempt(start, cause):
    job = finish(start(raising(failed_by(cause))))
    assert (job.status, job.attempt) == ("waiting", 1)
    assert seconds_from_now(job.run_after) > 40


def test_a_transaction_cut_off_for_standing_still_takes_an_attempt_and_fails_no_item(start):
    """As of a worker that was frozen for longer than that, but not for as long as its lease."""

    def work(run):
        for item in run.plan([PlannedItem("0")]):
            with run.commit(item), connection.cursor() as cursor:
                cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '50ms'")
                wait_until_cut(connection.connection.info.backend_pid)
                cursor.execute("SELECT 1")

    job = finish(start(work))
    assert (job.status, job.attempt, job.failed) == ("waiting", 1, 0)
    assert job.items.get().status == "pending"


def test_a_task_that_brings_the_database_down_each_time_fails_in_the_end(start):
    job = finish(start(lambda run: cut(), max_attempts=2))
    event = job.events.get(name="sit_out")
    JobEvent.objects.bulk_create(
        [JobEvent(job=job, name="sit_out", after="waiting", at=event.at) for _ in range(19)]
    )
    run_pending(waiting=True)
    job.refresh_from_db()
    assert (job.status, job.attempt, job.error_code) == ("failed", 2, "database_error")


def test_a_commit_whose_answer_was_lost_took_effect_and_is_not_done_again(start, effects):
    """The server commits, and the connection breaks before it can say so."""
    lost = []

    def work(run):
        for item in run.plan([PlannedItem("0"), PlannedItem("1")]):
            with run.commit(item):
                effects.write(item.key)
            if not lost:
                lost.append(item)
                raise failed_by(psycopg.OperationalError("server closed the connection"))

    job = finish(start(work, max_attempts=1))
    assert (job.status, job.done, job.attempt) == ("waiting", 1, 0)
    run_pending(waiting=True)
    job.refresh_from_db()
    assert (job.status, job.done, job.attempt) == ("succeeded", 2, 1)
    assert effects.keys() == ["0", "1"]
