"""The moves of a scope in pages: submitted, refused, rejected, revised, approved, withdrawn."""

import pytest
from django.urls import reverse

from synapse.cycles.services import approval
from synapse.scoping.models import Scope
from synapse.scoping.services.decisions import decide_many
from synapse.scoping.states import Decision
from tests.factories.accounts import make_tester
from tests.factories.scoping import item_named

pytestmark = pytest.mark.django_db

COMMANDS = ["submit", "approve", "reject", "revise", "withdraw", "policy"]


def url(name, scope, *args):
    return reverse(f"scoping:{name}", args=[scope.pk, *args])


def decision(item, decision, reason=""):
    return {"decision": decision, "reason": reason, "lock_version": item.lock_version}


def include_all(scope, tester):
    ids = [item.pk for item in scope.items()]
    decide_many(scope=scope, actor=tester, item_ids=ids, decision=Decision.INCLUDE)


@pytest.fixture
def pending(scope, tester):
    include_all(scope, tester)
    return approval.submit(version=scope, actor=tester)


@pytest.fixture
def as_tester(client, tester):
    client.force_login(tester)
    return client


def test_the_path_in_pages(client, scope, tester, owner):
    client.force_login(tester)
    include_all(scope, tester)
    assert "Submit for approval" in client.get(url("scope_submit", scope)).content.decode()
    client.post(url("scope_submit", scope), {"note": "Please look."})
    scope.refresh_from_db()
    assert (scope.status, scope.submitted_by) == ("pending", tester)

    assert client.get(url("scope_approve", scope)).status_code == 403
    assert client.post(url("scope_approve", scope), {}).status_code == 403
    scope.refresh_from_db()
    assert scope.status == "pending", "nobody approves their own work"

    client.force_login(owner)
    assert client.post(url("scope_reject", scope), {"reason": ""}).status_code == 200
    client.post(url("scope_reject", scope), {"reason": "Drop the remark."})
    scope.refresh_from_db()
    assert (scope.status, scope.decision_note) == ("rejected", "Drop the remark.")

    client.force_login(tester)
    client.post(url("scope_revise", scope))
    second = Scope.objects.get(number=2)
    assert second.parent == scope
    assert item_named(second, "Balance").in_scope is True
    page = client.get(url("scope_detail", second)).content.decode()
    assert "Drop the remark." in page
    item = item_named(second, "Remark")
    client.post(url("item_decide", second, item.pk), decision(item, "out"))
    client.post(url("scope_submit", second), {})

    client.force_login(owner)
    page = client.get(url("scope_compare", second)).content.decode()
    assert "<del>in</del>" in page and "<ins>out</ins>" in page
    client.post(url("scope_approve", second), {"note": "Good."})
    second.refresh_from_db()
    assert (second.status, second.decided_by, len(second.content_hash)) == ("approved", owner, 64)


def test_withdrawing_makes_it_a_draft_again(as_tester, pending):
    as_tester.post(url("scope_withdraw", pending))
    pending.refresh_from_db()
    assert pending.status == "draft"


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_are_not_there_for_others(client, scope, command):
    client.force_login(make_tester("stranger"))
    assert client.post(url(f"scope_{command}", scope), {}).status_code == 404


@pytest.mark.parametrize("command", ["approve", "reject", "revise", "withdraw"])
def test_a_move_from_the_wrong_state_changes_nothing(client, scope, owner, tester, command):
    actor = owner if command in ("approve", "reject") else tester
    client.force_login(actor)
    response = client.post(url(f"scope_{command}", scope), {"reason": "x"})
    assert response.status_code == 409
    scope.refresh_from_db()
    assert scope.status == "draft"


def test_a_submitted_scope_takes_no_decision(as_tester, pending):
    item = item_named(pending, "Balance")
    response = as_tester.post(url("item_decide", pending, item.pk), decision(item, "clear"))
    assert response.status_code == 409
