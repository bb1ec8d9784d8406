"""Failures of a provider under a job: tried again so often, waited for, or told at once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now

from jobs import control
from jobs.execution import run_job
from jobs.models import Job, JobItem
from jobs.testing import run_pending
from llm.errors import RateLimited
from llm.models import Circuit, LLMCall
from tests.factories.accounts import make_user
from tests.support.workers import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def attempts_of(job) -> list[float]:
    """Runs the job to its end, attempt by attempt; the seconds it was to wait before each but the
    first."""
    waits = []
    while run_job(job.pk) == "waiting":
        told_at = job.events.latest("pk").at
        waits.append((Job.objects.get(pk=job.pk).run_after - told_at).total_seconds())
        Job.objects.filter(pk=job.pk).update(run_after=Now())
    job.refresh_from_db()
    return waits


def let_the_wait_pass() -> None:
    past = Now() - timedelta(seconds=1)
    Circuit.objects.exclude(open_until=None).update(open_until=past)
    Circuit.objects.exclude(held_until=None).update(held_until=past)


def test_a_call_without_answer_is_tried_three_times_more_at_uneven_intervals(
    counted, simulator, limits, questions
):
    limits(TIMEOUT=1)
    simulator.follow("hang*9")
    job = questions.start(1)
    waits = attempts_of(job)
    assert (job.status, job.attempt, len(waits)) == ("failed", 4, 3)
    item = JobItem.objects.get()
    assert (item.status, item.error_code) == ("failed", "llm_timeout")
    for number, wait in enumerate(waits):
        assert 0.8 * 60 * 2**number - 1 <= wait <= 1.2 * 60 * 2**number
    assert len({round(wait % 60, 3) for wait in waits}) == 3
    bill = counted.within("timeout")
    assert bill.calls == 4


@pytest.mark.parametrize("status", ["429", "529"])
def test_a_provider_that_asks_to_slow_down_makes_the_job_wait_and_keeps_its_attempts(
    counted, simulator, questions, status
):
    simulator.follow(f"{status}:300*99")
    job = questions.start(12)
    run_pending()
    job.refresh_from_db()
    assert (job.status, job.attempt, job.worker) == ("waiting", 0, None)
    # When it goes on is the job's to say: by the database's clock.
    assert (job.message, job.run_after > job.started_at) == (RateLimited.message, True)
    assert counted.bill().calls <= 8  # those in flight together
    run_pending(waiting=True)
    assert counted.bill().calls <= 8  # who comes back too early asks nobody
    simulator.mend()
    let_the_wait_pass()
    run_pending(waiting=True)
    job.refresh_from_db()
    assert (job.status, job.done, len(questions.stored)) == ("succeeded", 12, 12)
    counted.within("throttled")


def test_a_refused_key_ends_the_job_at_once_and_says_where_to_mend_it(
    counted, simulator, questions
):
    simulator.follow("auth*99")
    job = questions.start(40)
    run_pending(waiting=True)
    job.refresh_from_db()
    assert (job.status, job.error_code) == ("failed", "llm_auth_failed")
    assert "Check LLM_API_KEY" in job.message
    counted.within("refused_key")


def test_a_provider_that_is_down_is_left_alone_and_the_job_goes_on_after_one_probe(
    counted, simulator, questions
):
    simulator.follow("500*99")
    job = questions.start(40)
    run_pending()
    job.refresh_from_db()
    down = counted.bill().calls
    assert (job.status, job.attempt) == ("waiting", 0)
    assert 5 <= down <= 12
    run_pending(waiting=True)
    assert counted.bill().calls == down  # the circuit is open: nobody asks
    simulator.mend()
    let_the_wait_pass()
    run_pending(waiting=True)
    job.refresh_from_db()
    assert (job.status, job.done) == ("succeeded", 40)
    assert sorted(questions.stored) == sorted({*questions.stored})
    bill = counted.within("provider_down")
    assert bill.calls == down + 40  # no paid item was asked again


def test_a_spent_budget_ends_the_job_and_is_never_passed(counted, simulator, limits, questions):
    ceiling = 5_000
    limits(BUDGET_JOB=ceiling)
    job = questions.start(40)
    run_pending(waiting=True)
    job.refresh_from_db()
    assert (job.status, job.error_code) == ("failed", "llm_budget_spent")
    assert "5,000" in job.message
    assert 0 < job.done < 40
    bill = counted.within("runaway_cost")
    assert bill.spent <= ceiling


def test_jobs_that_were_told_to_slow_down_together_do_not_return_together(
    counted, simulator, questions
):
    simulator.follow("429:300")
    jobs = [questions.start(1, f"job{number}") for number in range(12)]
    run_pending()
    rows = Job.objects.filter(pk__in=[job.pk for job in jobs])
    assert {row.status for row in rows} == {"waiting"}
    wakes = sorted(row.run_after for row in rows)
    assert counted.bill().calls == 1  # the others were told by the first
    assert wakes[0] > jobs[-1].created_at + timedelta(seconds=299)
    assert wakes[-1] - wakes[0] > timedelta(seconds=0.5)
    assert len({round(wake.timestamp(), 2) for wake in wakes}) >= 10
    let_the_wait_pass()
    run_pending(waiting=True)
    assert Job.objects.filter(status="succeeded").count() == 12
    bill = counted.within("throttled_storm")
    assert bill.calls == 13


def test_retries_and_reasks_and_the_sdk_together_make_twelve_calls_at_most(
    counted, simulator, questions
):
    simulator.follow(*["malformed*2", "500"] * 9)
    job = questions.start(1)
    attempts_of(job)
    assert (job.status, job.attempt) == ("failed", 4)
    bill = counted.within("multiplied_retries")
    assert bill.calls == 12


def test_a_job_delivered_twice_asks_each_item_once(counted, simulator, questions):
    simulator.slow_down(0.2)
    job = questions.start(8)
    outcomes = []

    def deliver():
        outcomes.append(run_job(job.pk))
        connection.close()

    threads = [threading.Thread(target=deliver) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["skipped", "skipped", "succeeded"]
    assert run_job(job.pk) == "skipped"
    assert sorted(questions.stored) == [f"field_{number}" for number in range(8)]
    bill = counted.within("delivered_twice")
    assert bill.calls == 8


def test_cancel_while_a_call_runs_is_paid_recorded_and_discarded(
    counted, simulator, settings, questions
):
    settings.JOBS = settings.JOBS | {"CANCEL_POLL": 0.1}
    simulator.hold()
    job, person = questions.start(3), make_user()
    outcomes = []

    def work():
        outcomes.append(run_job(job.pk))
        connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    wait_for(lambda: simulator.stats()["in_flight"] == 3, 60, "the calls are under way")
    control.cancel(job, actor=person)
    worker.join()
    simulator.let_go()
    job.refresh_from_db()
    assert (outcomes, job.status, job.done) == (["cancelled"], "cancelled", 0)
    assert questions.stored == []
    assert not JobItem.objects.filter(status="done").exists()
    assert set(LLMCall.objects.values_list("outcome", "error_code")) == {
        ("cancelled", "llm_cancelled")
    }
    bill = counted.within("cancelled_midway")
    assert (bill.calls, simulator.stats()["abandoned"]) == (3, 3)
    assert bill.spent > 0  # the provider is taken to have been paid
