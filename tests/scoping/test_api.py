"""Scopes over REST; each answer is also held against the OpenAPI document."""

import pytest
from rest_framework.test import APIClient

from jobs.testing import run_pending
from synapse.cycles.services import approval
from synapse.scoping.models import Scope
from synapse.scoping.services.decisions import decide, decide_many
from synapse.scoping.states import Decision
from tests.factories.accounts import make_admin, make_tester
from tests.factories.scoping import item_named, make_scope, many_rows

pytestmark = pytest.mark.django_db
SCOPES = "/api/v1/scopes/"
ITEMS = "/api/v1/scope-items/"


def api(user) -> APIClient:
    client = APIClient()
    client.force_login(user)
    return client


@pytest.fixture
def as_tester(tester):
    return api(tester)


@pytest.fixture
def as_owner(owner):
    return api(owner)


def post(client, address, data=None, **headers):
    return client.post(address, data or {}, format="json", headers=headers)


def of(scope, action=""):
    return f"{SCOPES}{scope.pk}/{action}" + ("/" if action else "")


def include_all(scope, tester):
    ids = [item.pk for item in scope.items()]
    decide_many(scope=scope, actor=tester, item_ids=ids, decision=Decision.INCLUDE)


def test_list_detail_and_metrics(as_tester, scope):
    listed = as_tester.get(SCOPES, {"cycle_report": scope.phase.cycle_report_id}).json()
    assert [row["id"] for row in listed["results"]] == [scope.pk]
    assert as_tester.get(SCOPES, {"status": "approved"}).json()["results"] == []
    assert as_tester.get(of(scope)).json()["plan"] == scope.plan_id
    metrics = as_tester.get(of(scope, "metrics")).json()
    assert (metrics["total"], metrics["keys"], metrics["cde_coverage"]) == (4, 1, 0)
    assert metrics["risk_coverage"] is None


def test_others_find_nothing(scope):
    stranger = api(make_tester("stranger"))
    assert stranger.get(SCOPES).json()["results"] == []
    assert stranger.get(ITEMS).json()["results"] == []
    assert stranger.get(of(scope)).status_code == 404
    item = scope.items().first()
    assert stranger.get(f"{ITEMS}{item.pk}/").status_code == 404
    assert post(stranger, of(scope, "recommend")).status_code == 404
    assert APIClient().get(SCOPES).status_code in (401, 403)


def test_administrators_see_and_change_nothing(scope):
    ada = api(make_admin("ada"))
    assert ada.get(of(scope)).status_code == 200
    assert post(ada, of(scope, "submit")).status_code == 403


def test_items_are_filtered_and_paged(as_tester, scope):
    found = as_tester.get(ITEMS, {"scope": scope.pk, "cde": "true"}).json()["results"]
    assert [row["attribute"]["name"] for row in found] == ["Balance"]
    page = as_tester.get(ITEMS, {"scope": scope.pk, "page_size": 2}).json()
    assert len(page["results"]) == 2 and page["next"]
    assert as_tester.get(ITEMS, {"min_score": "many"}).status_code == 400


def test_a_decision_needs_the_etag_that_was_read(as_tester, scope):
    item = item_named(scope, "Balance")
    address = f"{ITEMS}{item.pk}/"
    etag = as_tester.get(address)["ETag"]
    assert post(as_tester, f"{address}decide/", {"in_scope": True}).status_code == 428
    done = post(as_tester, f"{address}decide/", {"in_scope": True}, **{"If-Match": etag})
    assert done.status_code == 200
    assert done.json()["in_scope"] is True and done["ETag"] != etag
    stale = post(as_tester, f"{address}decide/", {"in_scope": None}, **{"If-Match": etag})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")


def test_a_decision_without_its_reason(as_tester, scope):
    item = item_named(scope, "Balance")
    refused = post(
        as_tester,
        f"{ITEMS}{item.pk}/decide/",
        {"in_scope": False},
        **{"If-Match": f'"{item.lock_version}"'},
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "reason_required")


def test_bulk_names_the_rows_at_fault(as_tester, scope):
    ids = [item_named(scope, name).pk for name in ("Balance", "Remark")]
    refused = post(as_tester, of(scope, "decide"), {"items": ids, "decision": "out"})
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == [f"/items/{ids[0]}"]
    body = {"items": ids, "decision": "out", "reason": "Out of season."}
    assert post(as_tester, of(scope, "decide"), body).json() == {"changed": 2}
    assert post(as_tester, of(scope, "decide"), {"items": [], "decision": "in"}).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_recommend_is_accepted_and_followed(as_tester, scope, settings):
    settings.LLM = {}
    started = post(as_tester, of(scope, "recommend"))
    assert started.status_code == 202
    assert started["Location"].endswith(f"/api/v1/jobs/{started.json()['id']}/")
    assert int(started["Retry-After"]) >= 1
    again = post(as_tester, of(scope, "recommend"))
    assert (again.status_code, again.json()["code"]) == (409, "already_running")
    run_pending()
    assert as_tester.get(started["Location"]).json()["status"] == "succeeded"
    item = item_named(scope, "Balance")
    shown = as_tester.get(f"{ITEMS}{item.pk}/").json()
    assert (shown["judged_by"], shown["recommended"]) == ("estimated", True)


@pytest.mark.django_db(transaction=True)
def test_the_same_key_starts_one_job(as_tester, scope, settings):
    settings.LLM = {}
    key = {"Idempotency-Key": "start-once"}
    first = post(as_tester, of(scope, "recommend"), **key)
    second = post(as_tester, of(scope, "recommend"), **key)
    assert first.json()["id"] == second.json()["id"]
    assert second.status_code == 202


def test_the_path_over_rest(as_tester, as_owner, scope, tester):
    early = post(as_tester, of(scope, "submit"))
    assert (early.status_code, early.json()["code"]) == (409, "undecided")
    include_all(scope, tester)
    assert post(as_tester, of(scope, "submit"), {"note": "Please."}).json()["status"] == "pending"

    own = post(as_tester, of(scope, "approve"))
    assert (own.status_code, own.json()["code"]) == (403, "own_approval")
    assert post(as_owner, of(scope, "reject")).status_code == 400
    rejected = post(as_owner, of(scope, "reject"), {"reason": "Too much."})
    assert rejected.json()["status"] == "rejected"

    revised = post(as_tester, of(scope, "revise"))
    assert revised.status_code == 201
    second = Scope.objects.get(pk=revised.json()["id"])
    assert revised["Location"].endswith(of(second))
    item = item_named(second, "Remark")
    decide(item=item, actor=tester, in_scope=False, lock_version=item.lock_version)
    post(as_tester, of(second, "submit"))
    assert post(as_tester, of(second, "withdraw")).json()["status"] == "draft"
    post(as_tester, of(second, "submit"))
    approved = post(as_owner, of(second, "approve"), {"note": "Good."}).json()
    assert (approved["status"], len(approved["content_hash"])) == ("approved", 64)
    changes = as_owner.get(of(second, "compare")).json()
    assert {"name": "Remark", "line": "5", "what": "decision", "before": "in", "after": "out"} in (
        changes
    )
    assert as_owner.get(of(second, "compare"), {"with": 77}).status_code == 404


@pytest.mark.parametrize("action", ["approve", "reject", "withdraw", "revise"])
def test_a_move_from_the_wrong_state(as_tester, as_owner, scope, action):
    client = as_owner if action in ("approve", "reject") else as_tester
    refused = post(client, of(scope, action), {"reason": "x"})
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")


def test_policy_and_plan(as_tester, as_owner, scope):
    policy = {"threshold": 30, "top_n": 5}
    assert post(as_tester, of(scope, "policy"), policy).json()["threshold"] == 30
    assert post(as_owner, of(scope, "policy"), policy).status_code == 403
    assert post(as_tester, of(scope, "policy"), {"threshold": 101}).status_code == 400
    assert post(as_tester, of(scope, "take-over-plan")).json()["code"] == "plan_is_current"


def test_a_second_draft_is_refused(as_tester, scope):
    refused = post(as_tester, SCOPES, {"phase": scope.phase_id})
    assert (refused.status_code, refused.json()["code"]) == (409, "open_version_exists")
    assert post(as_tester, SCOPES, {"phase": 999_999}).status_code == 400


def test_an_approved_scope_takes_no_decision(as_tester, scope, tester, owner):
    include_all(scope, tester)
    approval.approve(version=approval.submit(version=scope, actor=tester), actor=owner)
    item = item_named(scope, "Remark")
    refused = post(as_tester, f"{ITEMS}{item.pk}/decide/", {"in_scope": False}, **{"If-Match": "*"})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_draft")


def test_lists_cost_the_same_queries(django_assert_max_num_queries):
    costs = {}
    for rows in (5, 120):
        scope = make_scope(rows=many_rows(rows))
        client = api(scope.cycle_report.tester)
        client.get(SCOPES)
        with django_assert_max_num_queries(5) as items:
            listed = client.get(ITEMS, {"scope": scope.pk, "page_size": 1000}).json()
        assert len(listed["results"]) == rows
        with django_assert_max_num_queries(5) as scopes:
            client.get(SCOPES)
        costs[rows] = (len(items), len(scopes))
    assert costs[5] == costs[120]
