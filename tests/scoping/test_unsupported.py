"""Judgements whose quote occurs nowhere: asked for again, marked, a person's to decide."""

import csv
import io

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from rest_framework.test import APIClient

from jobs.testing import run_pending
from llm.models import LLMCall
from synapse.audit.models import Entry
from synapse.common.errors import Invalid, ReasonRequired, Stale
from synapse.common.versions import is_intact
from synapse.cycles.services import approval
from synapse.sampling.pipeline.request import PipelineStopped
from synapse.sampling.pipeline.scoping import decide_items
from synapse.scoping import selectors
from synapse.scoping.errors import UnsupportedUnexplained
from synapse.scoping.services.decisions import decide, decide_many
from synapse.scoping.states import Decision
from synapse.scoping.tasks import latest_recommendation, start_recommendation
from tests.factories.scoping import item_named

pytestmark = pytest.mark.django_db(transaction=True)
NOWHERE = "This sentence stands nowhere in the text."
WHY = "Read the instructions: it feeds the loss model."


def recommend(scope, **options):
    start_recommendation(scope=scope, actor=scope.cycle_report.tester, **options)
    run_pending()
    return latest_recommendation(scope)


def asked(job) -> list[int]:
    """How many attributes each request of the job was about."""
    return [*LLMCall.objects.filter(job_id=job.pk).order_by("pk").values_list("items", flat=True)]


def decide_all(scope, decision=Decision.INCLUDE, reason=""):
    ids = [item.pk for item in scope.items()]
    tester = scope.cycle_report.tester
    return decide_many(scope=scope, actor=tester, item_ids=ids, decision=decision, reason=reason)


@pytest.fixture
def unsupported(scope, simulator):
    """All four attributes judged, and no quote occurs."""
    simulator.script("wrong_quotes", times=None)
    recommend(scope)
    simulator.reset()
    return scope


def test_each_judgement_keeps_its_quote_and_where_it_stands(scope, simulator):
    job = recommend(scope)
    assert asked(job) == [4]
    for item in scope.scope_items.exclude(judged_by="").select_related("attribute"):
        assert item.quote_field == "description" and not item.unsupported
        end = item.quote_start + len(item.quote)
        assert item.attribute.description[item.quote_start : end] == item.quote


def test_a_quote_that_does_not_occur_is_asked_for_again(scope, simulator):
    simulator.follow("wrong_quotes", "ok")
    job = recommend(scope)
    assert asked(job) == [4, 4]
    told = LLMCall.objects.filter(job_id=job.pk).first().request[-1]["content"]
    assert "answer 1 of 3 was not usable" in told
    assert f"allowed values: {NOWHERE}" in told
    assert selectors.metrics_of(scope).unsupported == 0


def test_a_quote_that_stays_unfound_is_kept_and_marked(scope, simulator):
    simulator.script("wrong_quotes", times=None)
    job = recommend(scope)
    assert (job.status, job.failed, asked(job)) == ("succeeded", 0, [4, 4, 4])
    told = "4 attributes judged, 4 recommended, 4 unsupported; simulated model."
    assert job.message == told
    for item in scope.scope_items.filter(attribute__is_key=False):
        assert (item.unsupported, item.quote, item.quote_field) == (True, NOWHERE, "")
        assert item.score and item.llm_call_id and not item.failure
    metrics = selectors.metrics_of(scope)
    assert (metrics.judged, metrics.unsupported, metrics.failed) == (4, 4, 0)


def test_a_judgement_at_hand_is_not_lost_to_a_refusal_later(scope, simulator):
    simulator.follow("wrong_quotes", "refusal*7")
    job = recommend(scope)
    assert asked(job) == [4, 4, 2, 1, 1, 2, 1, 1]
    assert (job.status, selectors.metrics_of(scope).unsupported) == ("succeeded", 4)


def test_a_right_quote_later_takes_the_mark_away(unsupported):
    recommend(unsupported, everything=True)
    assert selectors.metrics_of(unsupported).unsupported == 0
    item = item_named(unsupported, "Balance")
    assert (item.quote, item.quote_field) == ("The balance of the account.", "description")


def test_estimates_rest_on_no_quote(unsupported, settings):
    settings.LLM = {}
    recommend(unsupported, everything=True)
    item = item_named(unsupported, "Balance")
    assert (item.judged_by, item.quote, item.unsupported) == ("estimated", "", False)


def test_a_decision_needs_a_reason_of_the_person(unsupported, tester):
    balance = item_named(unsupported, "Balance")
    read = balance.lock_version
    with pytest.raises(ReasonRequired, match="judged Balance without a quote that occurs"):
        decide(item=balance, actor=tester, in_scope=True, lock_version=read)
    decide(item=balance, actor=tester, in_scope=True, reason=WHY, lock_version=read)
    entry = Entry.objects.get(action="scopeitem.decide")
    assert entry.after["unsupported"] is True and entry.reason == WHY
    with pytest.raises(Stale):
        decide(item=balance, actor=tester, in_scope=True, reason="Mine", lock_version=read)
    balance.refresh_from_db()
    decide(item=balance, actor=tester, in_scope=None, lock_version=balance.lock_version)


def test_a_bulk_decision_names_those_that_need_a_reason(unsupported):
    with pytest.raises(Invalid) as caught:
        decide_all(unsupported, Decision.FOLLOW)
    assert len(caught.value.errors) == 4
    assert decide_all(unsupported, Decision.FOLLOW, WHY) == 4
    assert item_named(unsupported, "Remark").reason == WHY


def test_decided_before_it_was_judged_it_is_not_submitted(scope, simulator, tester):
    decide_all(scope)
    simulator.script("wrong_quotes", times=None)
    recommend(scope)
    with pytest.raises(UnsupportedUnexplained) as caught:
        approval.submit(version=scope, actor=tester)
    assert caught.value.message.startswith("Balance, Rate, Opened On and 1 more: the model gave no")
    assert len(caught.value.errors) == 4
    assert decide_all(scope, reason=WHY) == 4, "the same decision again, with its reason"
    assert decide_all(scope, reason="Another") == 0
    assert approval.submit(version=scope, actor=tester).is_pending


def test_a_run_without_a_person_stops_at_it(unsupported):
    with pytest.raises(
        PipelineStopped, match="4 attributes were judged without a quote.*“Balance”"
    ):
        decide_items(None, unsupported)
    assert not unsupported.scope_items.exclude(in_scope=None).exists()


def test_an_approval_seals_the_mark_and_a_revision_carries_it(unsupported, tester, owner):
    decide_all(unsupported, reason=WHY)
    approval.submit(version=unsupported, actor=tester)
    approved = approval.approve(version=unsupported, actor=owner)
    assert is_intact(approved)
    sealed = {each["attribute"]: each for each in approved.canonical_items()}
    assert sealed["Rate"]["unsupported"] is True and sealed["Rate"]["quote"] == NOWHERE
    assert "unsupported" not in sealed["Account Number"]
    revised = approval.revise(version=approved, actor=tester)
    assert [item.canonical() for item in revised.items()] == approved.canonical_items()
    assert selectors.metrics_of(revised).unsupported == 4
    recommend(revised, everything=True)
    changes = {(each.name, each.what, each.before) for each in selectors.compare(approved, revised)}
    assert ("Rate", "support", "unsupported") in changes


def test_the_database_keeps_mark_and_place_apart(unsupported):
    items = unsupported.scope_items.filter(attribute__is_key=False)
    for wrong in (
        {"quote_field": "name"},
        {"quote_start": 3},
        {"quote_field": "name", "quote_start": 0},
        {"quote": "", "quote_field": "name", "quote_start": 0, "unsupported": False},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            items.update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        unsupported.scope_items.filter(attribute__is_key=True).update(unsupported=True)


def test_pages_show_the_mark_and_ask_for_the_reason(unsupported, client, tester):
    client.force_login(tester)
    page = client.get(f"{unsupported.get_absolute_url()}?unsupported=on")
    assert {row.attribute.name for row in page.context["page_obj"]} == {
        "Balance", "Rate", "Opened On", "Remark",
    }  # fmt: skip
    text = page.content.decode()
    assert 'aria-current="true">unsupported</a>' in text and ">unsupported</span>" in text
    balance = item_named(unsupported, "Balance")
    decide_many(
        scope=unsupported,
        actor=tester,
        item_ids=[balance.pk],
        decision=Decision.INCLUDE,
        reason=WHY,
    )
    due = client.get(f"{unsupported.get_absolute_url()}?reason_due=on").context["page_obj"]
    assert {row.attribute.name for row in due} == {"Rate", "Opened On", "Remark"}
    balance.refresh_from_db()
    panel = client.get(balance.get_absolute_url()).content.decode()
    assert "<b>Unsupported.</b>" in panel and NOWHERE in panel and "<mark>" not in panel
    refused = client.post(
        reverse("scoping:item_decide", args=[unsupported.pk, balance.pk]),
        {"decision": "in", "reason": "", "lock_version": balance.lock_version},
    )
    assert refused.status_code == 422 and b"without a quote that occurs" in refused.content


def test_the_quote_is_marked_in_the_text_and_leads_to_its_call(scope, simulator, client, tester):
    recommend(scope)
    balance = item_named(scope, "Balance")
    client.force_login(tester)
    panel = client.get(balance.get_absolute_url()).content.decode()
    assert "<mark>The balance of the account.</mark>" in panel
    link = reverse("llm:call_detail", args=[balance.llm_call_id])
    assert f'href="{link}"' in panel and client.get(link).status_code == 200
    history = reverse("scoping:item_history", args=[scope.pk, balance.pk])
    assert f'href="{link}"' in client.get(history).content.decode()


def test_export_and_rest_tell_it(unsupported, client, tester):
    client.force_login(tester)
    export = client.get(reverse("scoping:scope_export", args=[unsupported.pk]))
    rows = list(csv.DictReader(io.StringIO(b"".join(export.streaming_content).decode("utf-8-sig"))))
    assert [row["unsupported"] for row in rows] == ["", "yes", "yes", "yes", "yes"]
    assert rows[1]["quote"] == NOWHERE and rows[1]["quote_field"] == ""
    api = APIClient()
    api.force_login(tester)
    found = api.get("/api/v1/scope-items/", {"scope": unsupported.pk, "unsupported": "true"}).json()
    assert len(found["results"]) == 4
    shown = found["results"][0]
    assert (shown["unsupported"], shown["quote"], shown["quote_start"]) == (True, NOWHERE, None)
    assert api.get(f"/api/v1/scopes/{unsupported.pk}/metrics/").json()["unsupported"] == 4
    refused = api.post(f"/api/v1/scopes/{unsupported.pk}/submit/", {}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "undecided")
