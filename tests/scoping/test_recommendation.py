"""The recommendation job, run as workers run it, against the simulator over real HTTP."""

import json

import pytest
from django.db import connection

from jobs.errors import AlreadyRunning
from jobs.models import Job, JobItem
from jobs.testing import run_pending
from llm.models import Circuit, LLMCall
from synapse.audit.models import Entry
from synapse.common.errors import NotAllowed
from synapse.cycles.services import approval
from synapse.scoping import selectors
from synapse.scoping.errors import NothingToRecommend
from synapse.scoping.models import ScopeItem
from synapse.scoping.services import decisions, recommendation
from synapse.scoping.tasks import latest_recommendation, start_recommendation
from tests.factories.scoping import item_named, make_scope, many_rows, schedule_d1

pytestmark = pytest.mark.django_db(transaction=True)


def recommend(scope, **options):
    """Starts the job as the tester and runs it; the job as it is afterwards."""
    start_recommendation(scope=scope, actor=scope.cycle_report.tester, **options)
    run_pending()
    return latest_recommendation(scope)


def prompts_of(job):
    """What was sent, for the call rows keep only hashes: the items' payloads."""
    return [json.dumps(item.payload) for item in JobItem.objects.filter(job=job)]


@pytest.fixture
def big_scope(cycle_report):
    return make_scope(cycle_report=cycle_report, rows=schedule_d1())


def test_schedule_d1_is_recommended_by_the_model(big_scope, simulator):
    job = recommend(big_scope)

    assert (job.status, job.done, job.failed, job.total) == ("succeeded", 12, 0, 12)
    assert (job.result["judged"], job.result["failed"]) == (114, 0)
    assert job.result["source"] == "simulated model"
    told = f"114 attributes judged, {job.result['recommended']} recommended; simulated model."
    assert job.message == told
    assert simulator.stats()["by_operation"]["scoping.judge"] == 12
    items = list(big_scope.items())
    judged = [item for item in items if not item.attribute.is_key]
    assert len(judged) == 114
    assert {item.judged_by for item in judged} == {"model"}
    assert all(item.simulated and item.llm_call_id and item.rationale for item in judged)
    assert all(item.quote_field and not item.unsupported for item in judged)
    for item in judged:
        assert item.score == item.components.total + 20 * (
            item.attribute.is_cde + item.attribute.has_open_issue
        )
    advised = [item for item in judged if item.recommended]
    assert {item.attribute.name for item in judged if item.attribute.is_cde} <= {
        item.attribute.name for item in advised
    }
    assert len(advised) >= big_scope.top_n
    assert all(item.recommendation_reason for item in judged)
    keys = [item for item in items if item.attribute.is_key]
    assert len(keys) == 4
    assert all(item.recommended is None and item.score is None for item in keys)
    assert LLMCall.objects.filter(job_id=job.pk).count() == 12


def test_the_flags_are_not_told_to_the_model(big_scope, simulator):
    from synapse.scoping.services.judging import _for_model

    batch = recommendation.plan(big_scope.pk, everything=True)[0]
    sent = [_for_model(facts) for facts in recommendation.attributes_in(batch.payload)]
    assert not any({"is_cde", "has_open_issue"} & set(each) for each in sent)


def test_estimates_by_rule_without_a_model(scope, settings):
    settings.LLM = {}
    job = recommend(scope)

    assert job.status == "succeeded"
    assert job.result["source"] == "estimates by rule, no model"
    item = item_named(scope, "Balance")
    assert (item.judged_by, item.simulated, item.llm_call_id) == ("estimated", False, None)
    assert item.rationale.startswith("Estimated by rule from:")
    assert not LLMCall.objects.exists()


def test_a_failed_model_is_never_replaced_by_estimates(scope, simulator, settings):
    start_recommendation(scope=scope, actor=scope.cycle_report.tester)
    settings.LLM = {}
    run_pending()
    job = latest_recommendation(scope)
    assert (job.status, job.error_code) == ("failed", "llm_not_configured")
    assert not scope.scope_items.exclude(judged_by="").exists()


def test_regenerating_keeps_decisions_and_asks_anew(scope, simulator, tester):
    recommend(scope)
    balance = item_named(scope, "Balance")
    decisions.decide(
        item=balance,
        actor=tester,
        in_scope=False,
        reason="Tested elsewhere.",
        lock_version=balance.lock_version,
    )
    first_call = balance.llm_call_id

    job = recommend(scope, everything=True)

    assert job.status == "succeeded"
    balance = item_named(scope, "Balance")
    assert (balance.in_scope, balance.reason) == (False, "Tested elsewhere.")
    assert balance.llm_call_id != first_call, "the answer kept from the first time is not used"


def test_nothing_is_asked_when_nothing_lacks_a_recommendation(scope, simulator):
    recommend(scope)
    with pytest.raises(NothingToRecommend):
        start_recommendation(scope=scope, actor=scope.cycle_report.tester, everything=False)


def test_a_second_start_is_refused_with_the_live_job(scope, simulator, tester):
    first = start_recommendation(scope=scope, actor=tester)
    with pytest.raises(AlreadyRunning) as caught:
        start_recommendation(scope=scope, actor=tester)
    assert caught.value.job.pk == first.pk
    assert Job.objects.count() == 1


def test_only_the_tester_starts_it(scope, simulator, owner):
    with pytest.raises(NotAllowed):
        start_recommendation(scope=scope, actor=owner)
    assert not Job.objects.exists()
    assert not Entry.objects.filter(action="scope.recommend").exists()


def test_batches_hold_ten_and_long_descriptions_fewer(cycle_report):
    rows = many_rows(26)
    for row in rows[1:]:
        row["description"] = "Word " * 280
    scope = make_scope(cycle_report=cycle_report, rows=rows)
    sizes = [
        len(batch.payload["attributes"]) for batch in recommendation.plan(scope.pk, everything=True)
    ]
    assert sizes == [8, 8, 8, 1]


def test_wrong_items_are_asked_again_alone(scope, simulator):
    simulator.script("wrong_items")
    job = recommend(scope)
    assert (job.status, job.failed) == ("succeeded", 0)
    assert simulator.stats()["by_operation"]["scoping.judge"] == 2
    assert not scope.scope_items.filter(attribute__is_key=False, judged_by="").exists()


def test_a_batch_that_stays_wrong_fails_with_its_reason_and_can_be_retried(scope, simulator):
    simulator.script("wrong_items", times=None)
    job = recommend(scope)

    assert (job.status, job.failed) == ("failed", 1)
    failed = scope.scope_items.exclude(failure="")
    assert failed.exists()
    assert "not usable after 3 requests" in failed.first().failure
    assert selectors.metrics_of(scope).failed == failed.count()

    simulator.reset()
    job = recommend(scope)
    assert job.status == "succeeded"
    assert not scope.scope_items.exclude(failure="").exists()


def test_a_truncated_batch_is_halved_until_it_fits(scope, simulator):
    simulator.script("truncated")
    job = recommend(scope)
    assert (job.status, job.failed) == ("succeeded", 0)
    assert simulator.stats()["by_operation"]["scoping.judge"] == 3  # four, then two and two


def test_a_refusal_fails_only_what_is_refused(scope, simulator):
    """Four are refused, then the first two, then the first alone: one of four fails."""
    simulator.script("refusal", times=3)
    job = recommend(scope)

    assert (job.status, job.failed) == ("failed", 1)
    assert "1 of 4 attributes have no recommendation" in job.message
    failed = scope.scope_items.exclude(failure="")
    assert [item.failure_code for item in failed] == ["llm_refused"]
    assert selectors.metrics_of(scope).judged == 3

    job = recommend(scope)
    assert job.status == "succeeded"
    assert job.result["judged"] == 4


def test_a_refusal_in_one_of_two_batches_ends_amber(cycle_report, simulator):
    """Ten and one are asked at once and refused; the ten are halved, the one has failed."""
    scope = make_scope(cycle_report=cycle_report, rows=many_rows(12))
    simulator.follow("refusal", contains="Field 11")
    simulator.follow("refusal", contains="Field 12")
    job = recommend(scope)
    assert (job.status, job.done, job.failed) == ("succeeded", 1, 1)
    assert (job.result["judged"], job.result["failed"]) == (10, 1)


@pytest.mark.parametrize("fault", ["malformed", "invalid"])
def test_a_malformed_answer_is_asked_again(scope, simulator, fault):
    simulator.script(fault)
    assert recommend(scope).status == "succeeded"


def test_a_model_that_is_down_makes_the_job_wait(scope, simulator):
    simulator.script("server_error", times=None)
    job = recommend(scope)
    assert job.status == "waiting"
    assert job.run_after is not None
    assert "500" in job.message or "fail" in job.message.lower()
    assert not scope.scope_items.exclude(judged_by="").exists()

    simulator.reset()
    run_pending(waiting=True)
    assert latest_recommendation(scope).status == "succeeded"
    assert not scope.scope_items.filter(attribute__is_key=False, judged_by="").exists()


def test_a_rejected_key_stops_the_job_at_once(big_scope, simulator):
    simulator.script("auth", times=None)
    job = recommend(big_scope)
    assert (job.status, job.error_code) == ("failed", "llm_auth_failed")
    assert simulator.stats()["served"] < 12, "calls not yet begun are not made"


def test_attributes_that_changed_during_the_call_are_not_stored(scope, simulator, tester):
    start_recommendation(scope=scope, actor=tester)
    changing = recommendation.store

    def change_first(version_id, payload, outcome, *, by):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(
                "UPDATE planning_attribute SET description = 'Another' WHERE name = 'Rate'"
            )
            cursor.execute("SET LOCAL session_replication_role = origin")
        changing(version_id, payload, outcome, by=by)

    recommendation.store = change_first
    try:
        run_pending()
    finally:
        recommendation.store = changing
    job = latest_recommendation(scope)
    assert job.status == "failed"
    assert "Rate changed during the call" in job.message
    assert not scope.scope_items.exclude(judged_by="").exists()


def test_a_scope_submitted_during_the_call_takes_no_answer(scope, simulator, tester):
    start_recommendation(scope=scope, actor=tester)
    for name in ("Balance", "Rate", "Opened On", "Remark"):
        item = item_named(scope, name)
        decisions.decide(item=item, actor=tester, in_scope=True, lock_version=item.lock_version)
    approval.submit(version=scope, actor=tester)
    run_pending()
    job = latest_recommendation(scope)
    assert (job.status, job.error_code) == ("failed", "scope_changed")
    assert not scope.scope_items.exclude(judged_by="").exists()


def test_stored_judgements_match_the_facts_they_were_made_from(scope, simulator):
    recommend(scope)
    for item in ScopeItem.objects.filter(version=scope).exclude(judged_by=""):
        assert item.judged_facts == recommendation.facts_of(item.attribute).fingerprint


def test_an_outage_costs_even_a_small_job_no_attempt(scope, simulator, settings):
    settings.LLM = {**simulator.settings, "BASE_URL": "http://127.0.0.1:9/v1"}
    start_recommendation(scope=scope, actor=scope.cycle_report.tester)
    for _ in range(2):
        run_pending(waiting=True)  # as often as it has attempts, and once more
        job = latest_recommendation(scope)
        assert (job.status, job.failed) == ("waiting", 0)
    assert Circuit.objects.get().open_until is not None
    settings.LLM = simulator.settings
    run_pending(waiting=True)
    job.refresh_from_db()
    assert (job.status, job.attempt) == ("succeeded", 1)
