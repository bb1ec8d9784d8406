"""Totals lose no event, count none twice, and never fail whom they are counted for."""

import threading
from datetime import timedelta

import psycopg
import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from jobs import claim, control, direct, enqueue, tallies
from jobs.models import Job, JobEvent, Tally
from jobs.moves import move
from jobs.testing import run_pending
from tests.factories.jobs import make_job


@pytest.fixture(autouse=True)
def settled(monkeypatch):
    """Events count at once; the time that they are given to settle is the server's alone."""
    monkeypatch.setattr(tallies, "SETTLE_SECONDS", 0.0)


@pytest.fixture
def work(declare):
    return declare(lambda run: None, "tests.work")


def total(figure: str, **labels) -> int:
    return sum(Tally.objects.filter(figure=figure, **labels).values_list("count", flat=True))


def seconds(figure: str, **labels) -> float:
    return sum(Tally.objects.filter(figure=figure, **labels).values_list("seconds", flat=True))


def test_count_adds_up(db):
    tallies.count(tallies.RECONNECT, queue="llm")
    tallies.count(tallies.RECONNECT, queue="llm", amount=2)
    tallies.count(tallies.RECONNECT)
    assert total(tallies.RECONNECT, queue="llm") == 3
    assert total(tallies.RECONNECT, queue="") == 1


def test_a_count_that_cant_be_written_is_logged_and_harms_no_transaction(db, caplog):
    with transaction.atomic():
        make_job()
        tallies.count("a name that is much too long for its column")
        assert Job.objects.count() == 1
    assert "was not counted" in caplog.text


def test_count_gets_over_a_connection_that_was_cut(transactional_db):
    Tally.objects.count()
    with direct.connect("cutter") as other:
        pid = connection.connection.info.backend_pid
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    tallies.count(tallies.RECONNECT)
    assert total(tallies.RECONNECT) == 1


def test_pickup_run_time_and_outcome_of_a_job(work, db):
    enqueue(work)
    run_pending()
    tallies.fold()
    assert total(tallies.PICKUP, queue="default") == 1
    assert total(tallies.RUN_TIME, task="tests.work") == 1
    assert total(tallies.OUTCOME, task="tests.work", outcome="succeeded") == 1
    assert total(tallies.RESCUE) == 0


def test_pickup_begins_when_a_waiting_job_is_due(work, db):
    job = enqueue(work)
    now = timezone.now()
    Job.objects.filter(pk=job.pk).update(
        status="waiting",
        queued_at=now - timedelta(hours=1),
        run_after=now - timedelta(seconds=20),
    )
    claim.claim(job.pk)
    tallies.fold()
    assert 20 <= seconds(tallies.PICKUP) < 300
    assert total(tallies.PICKUP, bucket=60) == 1


def test_run_time_is_that_of_each_attempt(work, db):
    job = enqueue(work)
    for shift in (40, 8):
        held = claim.claim(job.pk)
        JobEvent.objects.filter(name="claim", attempt=held.attempt).update(
            at=timezone.now() - timedelta(seconds=shift)
        )
        claim.requeue_lost(job.pk, "its process ended")
    tallies.fold()
    assert total(tallies.RUN_TIME, bucket=60) == total(tallies.RUN_TIME, bucket=10) == 1
    assert 48 <= seconds(tallies.RUN_TIME) < 300
    assert total(tallies.RESCUE, outcome="requeued", queue="default") == 2


def test_outcomes_are_told_apart_even_after_a_retry(work, owner, db):
    def ended(name: str, failed: int = 0, **values) -> Job:
        job = enqueue(work)
        held = claim.claim(job.pk)
        Job.objects.filter(pk=job.pk).update(failed=failed)
        return move(job.pk, name, fence=held.fence, message="", **values)

    ended("succeed", result="null")
    partial = ended("succeed", failed=1, result="null")
    broken = ended("fail", error_code="unexpected_error", error_detail="")
    ended("fail", error_code="worker_lost", error_detail="")
    control.cancel(enqueue(work), actor=owner)
    control.retry(broken, actor=owner)
    control.retry_failed(partial, actor=owner)
    tallies.fold()
    found = Tally.objects.filter(figure=tallies.OUTCOME).values_list("outcome", "count")
    assert dict(found) == {"succeeded": 1, "partial": 1, "failed": 2, "cancelled": 1}
    assert total(tallies.RESCUE, outcome="given_up") == 1


def test_events_count_once_however_often_and_in_how_small_steps(work, db, monkeypatch):
    monkeypatch.setattr(tallies, "BATCH", 2)
    for _ in range(7):
        enqueue(work)
    run_pending()
    tallies.fold()
    tallies.fold()
    assert total(tallies.PICKUP) == total(tallies.RUN_TIME) == total(tallies.OUTCOME) == 7


def test_events_that_are_deleted_after_a_fold_stay_counted(work, db):
    enqueue(work)
    run_pending()
    upto = tallies.fold()
    JobEvent.objects.filter(at__lt=upto).delete()
    assert not JobEvent.objects.exists()
    enqueue(work)
    run_pending()
    tallies.fold()
    assert total(tallies.OUTCOME) == 2


def test_fresh_events_are_left_for_later(work, db, monkeypatch):
    monkeypatch.setattr(tallies, "SETTLE_SECONDS", 60.0)
    enqueue(work)
    run_pending()
    upto = tallies.fold()
    assert not JobEvent.objects.filter(at__lt=upto).exists()
    assert total(tallies.OUTCOME) == 0


def test_an_event_that_is_committed_late_is_not_passed_over(work, transactional_db):
    late, soon = enqueue(work), enqueue(work)
    with direct.connect("late") as other:
        other.autocommit = False
        # Begun before the others, and still open when they have been committed and folded.
        other.execute(
            "INSERT INTO jobs_jobevent (job_id, name, before, after) "
            "VALUES (%s, 'cancel', 'queued', 'cancelled')",
            [late.pk],
        )
        claim.claim(soon.pk)
        tallies.fold()
        other.commit()
    tallies.fold()
    assert total(tallies.OUTCOME, outcome="cancelled") == 1
    assert total(tallies.PICKUP) == 1


def test_an_idle_reader_holds_up_nothing(work, transactional_db):
    with direct.connect("reader") as other:
        other.autocommit = False
        other.execute("SELECT count(*) FROM jobs_job")
        claim.claim(enqueue(work).pk)
        tallies.fold()
        assert total(tallies.PICKUP) == 1


def test_two_folds_at_once_count_each_event_once(work, transactional_db, monkeypatch):
    monkeypatch.setattr(tallies, "BATCH", 3)
    for _ in range(30):
        enqueue(work)
    run_pending()
    errors, gate = [], threading.Barrier(3)

    def fold():
        gate.wait()
        try:
            tallies.fold()
        except psycopg.Error as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=fold) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert total(tallies.OUTCOME) == total(tallies.PICKUP) == 30
