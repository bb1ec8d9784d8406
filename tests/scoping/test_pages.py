"""The pages: who sees what, what a press does, and what is refused."""

import csv
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from jobs.models import Job
from jobs.testing import run_pending
from llm.models import LLMCall
from synapse.scoping.models import ScopeItem
from synapse.scoping.services.decisions import decide, decide_many
from synapse.scoping.states import Decision
from tests.factories.accounts import make_admin, make_tester
from tests.factories.scoping import item_named, make_scope, many_rows

pytestmark = pytest.mark.django_db

PAGES = ["scope_detail", "scope_compare", "scope_versions", "scope_export"]


@pytest.fixture
def as_tester(client, tester):
    client.force_login(tester)
    return client


@pytest.fixture
def as_owner(client, owner):
    client.force_login(owner)
    return client


def url(name, scope, *args):
    return reverse(f"scoping:{name}", args=[scope.pk, *args])


def include_all(scope, tester):
    ids = [item.pk for item in scope.items()]
    decide_many(scope=scope, actor=tester, item_ids=ids, decision=Decision.INCLUDE)


@pytest.mark.parametrize("name", PAGES)
def test_pages_open_for_those_who_take_part(as_tester, scope, owner, client, name):
    assert as_tester.get(url(name, scope)).status_code == 200
    client.force_login(owner)
    assert client.get(url(name, scope)).status_code == 200
    client.force_login(make_admin("ada"))
    assert client.get(url(name, scope)).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_not_there_for_others(client, scope, name):
    client.force_login(make_tester("stranger"))
    assert client.get(url(name, scope)).status_code == 404


def test_the_review_shows_rows_facts_and_why_submit_is_closed(as_tester, scope):
    page = as_tester.get(url("scope_detail", scope)).content.decode()
    assert "Account Number" in page and "key, in scope" in page
    assert "4 attributes are undecided" in page
    assert "disabled" in page
    assert "Recommend scope" in page


def test_the_owner_sees_no_button_to_change_anything(as_owner, scope):
    page = as_owner.get(url("scope_detail", scope)).content.decode()
    for word in ("Recommend scope", "Submit for approval", "As advised", 'data-key="y"'):
        assert word not in page


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("undecided=on", {"Balance", "Rate", "Opened On", "Remark"}),
        ("cde=on", {"Balance"}),
        ("issue=on", {"Rate"}),
        ("key=on", {"Account Number"}),
        ("q=bal", {"Balance"}),
        ("q=M003", {"Rate"}),
        ("min_score=1", set()),
        ("failed=on", set()),
        ("overridden=on", set()),
    ],
)
def test_filters_live_in_the_address(as_tester, scope, query, names):
    response = as_tester.get(f"{url('scope_detail', scope)}?{query}")
    assert {row.attribute.name for row in response.context["page_obj"]} == names


def test_htmx_gets_the_list_or_the_panel_alone(as_tester, scope):
    balance = item_named(scope, "Balance")
    listed = as_tester.get(
        url("scope_detail", scope), headers={"HX-Request": "true", "HX-Target": "list"}
    )
    assert b"<html" not in listed.content and b"<table" in listed.content
    panel = as_tester.get(
        url("item_detail", scope, balance.pk), headers={"HX-Request": "true", "HX-Target": "panel"}
    )
    assert panel.content.lstrip().startswith(b"<aside")
    whole = as_tester.get(url("item_detail", scope, balance.pk)).content.decode()
    assert "<html" in whole and "See it in the plan" in whole


def test_an_item_of_another_scope_is_not_there(as_tester, scope):
    foreign = make_scope().items().first()
    assert as_tester.get(url("item_detail", scope, foreign.pk)).status_code == 404


def decision(item, decision, reason=""):
    return {"decision": decision, "reason": reason, "lock_version": item.lock_version}


def test_deciding_without_javascript_comes_back_to_the_row(as_tester, scope):
    balance = item_named(scope, "Balance")
    response = as_tester.post(
        url("item_decide", scope, balance.pk), decision(balance, "in") | {"query": "cde=on"}
    )
    assert response.status_code == 302
    assert response.url == f"{balance.get_absolute_url()}?cde=on"
    assert item_named(scope, "Balance").in_scope is True


def test_deciding_by_htmx_brings_row_figures_and_actions(as_tester, scope):
    balance = item_named(scope, "Balance")
    response = as_tester.post(
        url("item_decide", scope, balance.pk),
        decision(balance, "in"),
        headers={"HX-Request": "true"},
    )
    page = response.content.decode()
    assert response["HX-Trigger-After-Settle"] == "scope-decided"
    assert f'id="item-{balance.pk}"' in page and 'id="facts"' in page and "scope-actions" in page


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_missing_reason_is_said_by_its_field(as_tester, scope, headers):
    balance = item_named(scope, "Balance")
    response = as_tester.post(
        url("item_decide", scope, balance.pk), decision(balance, "out"), headers=headers
    )
    assert response.status_code == 422
    assert "critical data element" in response.content.decode()
    assert item_named(scope, "Balance").in_scope is None


def test_a_stale_row_is_refused(as_tester, scope, tester):
    balance = item_named(scope, "Balance")
    decide(item=balance, actor=tester, in_scope=True, lock_version=balance.lock_version)
    response = as_tester.post(
        url("item_decide", scope, balance.pk),
        decision(balance, "clear"),
        headers={"HX-Request": "true"},
    )
    assert response.status_code == 412
    assert "changed by somebody else" in response.content.decode()


def test_bulk_by_ticks_and_by_filter(as_tester, scope):
    remark = item_named(scope, "Remark")
    as_tester.post(url("scope_decide", scope), {"decision": "out", "item": [remark.pk]})
    assert item_named(scope, "Remark").in_scope is False
    as_tester.post(f"{url('scope_decide', scope)}?cde=on", {"decision": "in", "matching": "on"})
    assert item_named(scope, "Balance").in_scope is True
    assert item_named(scope, "Rate").in_scope is None


def test_bulk_refusal_is_a_message_on_the_page(as_tester, scope):
    balance = item_named(scope, "Balance")
    page = f"http://testserver{url('scope_detail', scope)}"
    response = as_tester.post(
        url("scope_decide", scope),
        {"decision": "out", "item": [balance.pk]},
        headers={"Referer": page},
        follow=True,
    )
    assert "critical data element" in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_recommend_starts_a_job_whose_bar_shows(as_tester, scope, settings):
    settings.LLM = {}
    response = as_tester.post(url("scope_recommend", scope), follow=True)
    job = Job.objects.get()
    assert f'data-job-bar="{job.pk}"' in response.content.decode()
    run_pending()
    page = as_tester.get(url("scope_detail", scope)).content.decode()
    assert "judged by rule, without a model" in page
    assert "data-job-bar" not in page, "gone when nothing runs"


def test_the_policy_page(as_tester, scope):
    as_tester.post(url("scope_policy", scope), {"threshold": "30", "top_n": "5"})
    scope.refresh_from_db()
    assert (scope.threshold, scope.top_n) == (30, 5)
    bad = as_tester.post(url("scope_policy", scope), {"threshold": "300", "top_n": "5"})
    assert bad.status_code == 200 and b"less than or equal to 100" in bad.content


def test_export_holds_the_rows_shown_and_no_formula(as_tester, tester, scope):
    balance = item_named(scope, "Balance")
    decide(
        item=balance,
        actor=tester,
        in_scope=False,
        reason="=HYPERLINK()",
        lock_version=balance.lock_version,
    )
    response = as_tester.get(f"{url('scope_export', scope)}?cde=on")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["attribute"] for row in rows] == ["Balance"]
    assert rows[0]["reason"] == "'=HYPERLINK()"
    assert (rows[0]["decision"], rows[0]["override"]) == ("out", "yes")


def test_history_shows_decisions(as_tester, tester, scope):
    balance = item_named(scope, "Balance")
    include_all(scope, tester)
    page = as_tester.get(url("item_history", scope, balance.pk)).content.decode()
    assert "scope.decide_many" in page


def test_history_says_that_job_or_call_is_no_longer_kept(as_tester, scope):
    balance = item_named(scope, "Balance")
    now = timezone.now()
    call = LLMCall.objects.create(
        operation="scoping.judge", request=[], job_id=987_654, started_at=now, deadline=now
    )
    said = []
    for call_id in (call.pk, call.pk + 1):
        ScopeItem.objects.filter(pk=balance.pk).update(llm_call_id=call_id)
        page = as_tester.get(url("item_history", scope, balance.pk))
        said.append(page.content.decode())
    assert "#987654, no longer kept" in said[0]
    assert f"Call #{call.pk + 1} is no longer kept." in said[1]


def test_the_phase_page_leads_to_the_newest_version(as_tester, scope):
    response = as_tester.get(reverse("scoping:phase_detail", args=[scope.phase_id]))
    assert response.url == scope.get_absolute_url()


def test_the_review_costs_the_same_queries_whatever_its_size(client, django_assert_max_num_queries):
    costs = {}
    for rows in (5, 140):
        scope = make_scope(rows=many_rows(rows))
        client.force_login(scope.cycle_report.tester)
        address = url("item_detail", scope, scope.items()[1].pk)
        client.get(address)
        with django_assert_max_num_queries(24) as whole:
            client.get(address)
        with django_assert_max_num_queries(9) as part:
            client.get(
                url("scope_detail", scope), headers={"HX-Request": "true", "HX-Target": "list"}
            )
        costs[rows] = (len(whole), len(part))
    assert costs[5] == costs[140]


@pytest.mark.parametrize("name", ["scope_decide", "scope_export"])
def test_a_filter_that_cant_be_read_takes_in_no_row(as_tester, scope, name):
    address = f"{url(name, scope)}?min_score=many"
    if name == "scope_export":
        assert as_tester.get(address).status_code == 422
    else:
        as_tester.post(address, {"decision": "in", "matching": "on"})
    assert not scope.scope_items.filter(in_scope=True).exists()


def test_scoping_has_no_page_for_another_phase(as_tester, scope):
    other = scope.phase.cycle_report.phases.get(kind="planning")
    for name in ("phase_detail", "scope_start"):
        address = reverse(f"scoping:{name}", args=[other.pk])
        assert as_tester.post(address).status_code in (404, 405)
    assert as_tester.get(reverse("scoping:phase_detail", args=[other.pk])).status_code == 404
