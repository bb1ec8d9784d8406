"""How batches are asked for over HTTP: halved, re-asked alone, failed alone, never paid twice."""

import pytest

from jobs.testing import run_pending
from llm.models import LLMCall
from synapse.scoping.tasks import latest_recommendation, start_recommendation
from tests.factories.scoping import make_scope, many_rows

pytestmark = pytest.mark.django_db(transaction=True)
OPERATION = "scoping.judge"


def recommend(scope, **options):
    start_recommendation(scope=scope, actor=scope.cycle_report.tester, **options)
    run_pending()
    return latest_recommendation(scope)


def calls_of(job):
    return LLMCall.objects.filter(job_id=job.pk).order_by("pk")


def asked(job) -> list[int]:
    """How many attributes each request of the job was about; the cache is not asked."""
    return [*calls_of(job).filter(cached=False).values_list("items", flat=True)]


def unjudged(scope) -> list[str]:
    items = scope.scope_items.filter(attribute__is_key=False, judged_by="")
    return [*items.order_by("pk").values_list("attribute__name", flat=True)]


@pytest.mark.parametrize(
    ("fault", "again"),
    [("wrong_items", 2), ("duplicates", 1), ("renamed", 4), ("wrong_quotes", 4)],
)
def test_only_what_is_wrong_is_asked_again(scope, simulator, fault, again):
    simulator.follow(fault)
    job = recommend(scope)
    assert (job.status, asked(job), unjudged(scope)) == ("succeeded", [4, again], [])


def test_a_batch_cut_off_is_halved_down_to_the_one_that_fails_alone(scope, simulator):
    simulator.follow("truncated*9", contains="Remark")
    job = recommend(scope)
    assert asked(job) == [4, 2, 2, 1, 1]
    assert (job.status, unjudged(scope)) == ("failed", ["Remark"])
    failed = scope.scope_items.exclude(failure="").get()
    assert (failed.failure_code, failed.attribute.name) == ("llm_truncated", "Remark")


def test_what_is_always_cut_off_costs_no_more_than_its_halves(scope, simulator):
    simulator.script("truncated", times=None)
    job = recommend(scope)
    assert asked(job) == [4, 2, 1, 1, 2, 1, 1]
    assert scope.scope_items.filter(failure_code="llm_truncated").count() == 4
    assert simulator.stats()["by_operation"][OPERATION] == 7


def test_a_resumed_job_asks_only_for_what_was_not_answered(cycle_report, simulator):
    scope = make_scope(cycle_report=cycle_report, rows=many_rows(26))
    simulator.follow("500", contains="Field 26")
    job = recommend(scope)
    assert job.status == "waiting"
    assert unjudged(scope) == [f"Field {number}" for number in range(22, 27)]
    run_pending(waiting=True)
    assert (latest_recommendation(scope).status, unjudged(scope)) == ("succeeded", [])
    assert sorted(asked(job)) == [5, 5, 10, 10]
    assert calls_of(job).filter(outcome="ok").count() == 3


@pytest.mark.parametrize("everything", [False, True])
def test_answers_of_a_batch_that_was_not_finished_are_not_paid_again(scope, simulator, everything):
    """Three of four are accepted, and the provider fails while the fourth is asked for again."""
    if everything:
        recommend(scope)
    simulator.follow("duplicates", "500", "ok")
    job = recommend(scope, everything=everything or None)
    assert job.status == "waiting"
    run_pending(waiting=True)
    assert latest_recommendation(scope).status == "succeeded"
    assert asked(job) == [4, 1, 1]
    assert calls_of(job).filter(cached=True).count() == 1
