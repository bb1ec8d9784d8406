"""What a tester decides, what needs a reason, and what is refused."""

import pytest

from synapse.audit.models import Entry
from synapse.common.errors import Invalid, NotAllowed, ReasonRequired, Stale
from synapse.scoping.errors import KeyAlwaysInScope, NothingSelected, UnknownItems
from synapse.scoping.services.decisions import decide, decide_many
from synapse.scoping.states import Decision
from tests.factories.accounts import make_tester
from tests.factories.scoping import item_named, make_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def balance(scope):
    """A CDE, so it is advised."""
    return item_named(scope, "Balance")


@pytest.fixture
def remark(scope):
    """No flag and no judgement, so there is no advice."""
    return item_named(scope, "Remark")


def ids(scope, *names):
    return [item_named(scope, name).pk for name in names]


def test_a_decision_is_stored_and_traced(balance, tester):
    read = balance.lock_version
    decide(item=balance, actor=tester, in_scope=True, lock_version=read)
    balance.refresh_from_db()
    assert (balance.in_scope, balance.decided_by, balance.is_override) == (True, tester, False)
    assert balance.lock_version == read + 1
    entry = Entry.objects.get(action="scopeitem.decide")
    assert (entry.actor, entry.before["in_scope"], entry.after["in_scope"]) == (tester, None, True)


def test_a_decision_without_advice_is_no_override(remark, tester):
    decide(item=remark, actor=tester, in_scope=False, lock_version=remark.lock_version)
    remark.refresh_from_db()
    assert (remark.in_scope, remark.is_override) == (False, False)


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_dropping_a_cde_needs_a_reason(balance, tester, reason):
    read = balance.lock_version
    with pytest.raises(ReasonRequired, match="critical data element"):
        decide(
            item=balance,
            actor=tester,
            in_scope=False,
            reason=reason,
            lock_version=balance.lock_version,
        )
    balance.refresh_from_db()
    assert (balance.in_scope, balance.lock_version) == (None, read)


def test_an_override_needs_a_reason_and_shows_as_one(scope, tester):
    rate = item_named(scope, "Rate")
    with pytest.raises(ReasonRequired, match="against its advice"):
        decide(item=rate, actor=tester, in_scope=False, lock_version=rate.lock_version)
    decide(
        item=rate,
        actor=tester,
        in_scope=False,
        reason="Tested in May.",
        lock_version=rate.lock_version,
    )
    rate.refresh_from_db()
    assert (rate.is_override, rate.reason) == (True, "Tested in May.")
    assert Entry.objects.get(action="scopeitem.decide").reason == "Tested in May."


def test_a_decision_can_be_taken_back(balance, tester):
    read = balance.lock_version
    decide(
        item=balance,
        actor=tester,
        in_scope=False,
        reason="By mistake",
        lock_version=balance.lock_version,
    )
    decide(item=balance, actor=tester, in_scope=None, lock_version=read + 1)
    balance.refresh_from_db()
    assert (balance.in_scope, balance.reason, balance.decided_by) == (None, "", None)


def test_two_testers_editing_one_row(balance, tester):
    decide(item=balance, actor=tester, in_scope=True, lock_version=balance.lock_version)
    with pytest.raises(Stale, match="Balance was changed by somebody else"):
        decide(
            item=balance,
            actor=tester,
            in_scope=False,
            reason="Mine",
            lock_version=balance.lock_version,
        )
    balance.refresh_from_db()
    assert balance.in_scope is True


def test_a_key_is_not_decided(scope, tester):
    key = item_named(scope, "Account Number")
    with pytest.raises(KeyAlwaysInScope):
        decide(item=key, actor=tester, in_scope=False, reason="No", lock_version=key.lock_version)
    assert key.canonical()["in_scope"] is True


def test_the_owner_and_another_tester_decide_nothing(balance, owner):
    for actor in (owner, make_tester("other")):
        with pytest.raises(NotAllowed):
            decide(item=balance, actor=actor, in_scope=True, lock_version=balance.lock_version)


def test_following_the_advice_for_many(scope, tester):
    wanted = [item.pk for item in scope.items()]
    assert decide_many(scope=scope, actor=tester, item_ids=wanted, decision=Decision.FOLLOW) == 2
    decided = {item.attribute.name: item.in_scope for item in scope.items()}
    assert decided == {
        "Account Number": None,
        "Balance": True,
        "Rate": True,
        "Opened On": None,
        "Remark": None,
    }
    entry = Entry.objects.get(action="scope.decide_many")
    assert (entry.after["count"], entry.after["attributes"]) == (2, ["Balance", "Rate"])


def test_a_bulk_decision_is_all_or_nothing_and_names_what_lacks_a_reason(scope, tester):
    wanted = ids(scope, "Balance", "Rate", "Remark")
    with pytest.raises(Invalid) as caught:
        decide_many(scope=scope, actor=tester, item_ids=wanted, decision=Decision.EXCLUDE)
    assert [error["pointer"] for error in caught.value.errors] == [
        f"/items/{pk}" for pk in wanted[:2]
    ]
    assert not scope.scope_items.exclude(in_scope=None).exists()


def test_a_bulk_reason_is_kept_only_where_one_is_due(scope, tester):
    wanted = ids(scope, "Balance", "Rate", "Remark")
    changed = decide_many(
        scope=scope,
        actor=tester,
        item_ids=wanted,
        decision=Decision.EXCLUDE,
        reason="Out of season.",
    )
    assert changed == 3
    assert item_named(scope, "Rate").reason == "Out of season."
    assert item_named(scope, "Remark").reason == ""


def test_bulk_again_changes_nothing_and_leaves_no_trace(scope, tester):
    wanted = ids(scope, "Balance", "Rate")
    for expected in (2, 0):
        changed = decide_many(scope=scope, actor=tester, item_ids=wanted, decision=Decision.INCLUDE)
        assert changed == expected
    assert Entry.objects.filter(action="scope.decide_many").count() == 1


def test_bulk_clear(scope, tester):
    wanted = ids(scope, "Balance", "Rate")
    decide_many(scope=scope, actor=tester, item_ids=wanted, decision=Decision.INCLUDE)
    decide_many(scope=scope, actor=tester, item_ids=wanted, decision=Decision.CLEAR)
    assert not scope.scope_items.exclude(in_scope=None).exists()


def test_bulk_refuses_nothing_and_foreign_rows(scope, tester):
    with pytest.raises(NothingSelected):
        decide_many(scope=scope, actor=tester, item_ids=[], decision=Decision.INCLUDE)
    foreign = make_scope().items().first()
    with pytest.raises(UnknownItems):
        decide_many(scope=scope, actor=tester, item_ids=[foreign.pk], decision=Decision.INCLUDE)


def test_bulk_with_versions_read_refuses_a_row_that_moved(scope, tester, balance):
    read = balance.lock_version
    decide(item=balance, actor=tester, in_scope=True, lock_version=balance.lock_version)
    with pytest.raises(Stale):
        decide_many(
            scope=scope,
            actor=tester,
            item_ids=[balance.pk],
            decision=Decision.CLEAR,
            lock_versions={balance.pk: read},
        )
