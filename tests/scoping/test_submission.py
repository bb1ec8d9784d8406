"""What a scope must be to be submitted, what an approval seals, and what a revision keeps."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from synapse.common.errors import Stale
from synapse.common.versions import content_hash, is_intact
from synapse.cycles.errors import NotApprover, OwnApproval
from synapse.cycles.models import Assignment, Phase
from synapse.cycles.phases import PhaseKind
from synapse.cycles.services import approval
from synapse.cycles.services.phases import complete_phase
from synapse.scoping import selectors
from synapse.scoping.errors import (
    NotDraft,
    NothingInScope,
    PlanSuperseded,
    ReasonsMissing,
    Undecided,
)
from synapse.scoping.services import drafting
from synapse.scoping.services.decisions import decide, decide_many
from synapse.scoping.states import Decision
from tests.factories.accounts import make_owner
from tests.factories.scoping import SMALL, item_named, make_approved_plan, make_scope

pytestmark = pytest.mark.django_db


def decide_all(scope, tester, decision=Decision.INCLUDE, reason=""):
    ids = [item.pk for item in scope.items()]
    decide_many(scope=scope, actor=tester, item_ids=ids, decision=decision, reason=reason)


def judge_all(scope, points=5):
    """Components as a job would store them."""
    scope.scope_items.filter(attribute__is_key=False).update(
        regulatory_impact=points,
        data_complexity=points,
        common_errors=points,
        downstream_dependencies=points,
        judged_by="estimated",
        score=4 * points,
    )


@pytest.fixture
def approved(scope, tester, owner):
    decide_all(scope, tester)
    approval.submit(version=scope, actor=tester)
    return approval.approve(version=scope, actor=owner)


def new_plan(scope, rows):
    Phase.objects.filter(cycle_report=scope.phase.cycle_report_id, kind=PhaseKind.PLANNING).update(
        state=Phase.State.IN_PROGRESS, completed_at=None, completed_by=None
    )
    return make_approved_plan(scope.phase.cycle_report, rows)


def test_every_attribute_but_keys_must_be_decided(scope, tester):
    with pytest.raises(Undecided, match="4 attributes"):
        approval.submit(version=scope, actor=tester)
    decide_all(scope, tester)
    assert approval.submit(version=scope, actor=tester).status == "pending"


def test_a_scope_of_keys_alone_is_refused(scope, tester):
    decide_all(scope, tester, Decision.EXCLUDE, "Nothing this time.")
    with pytest.raises(NothingInScope):
        approval.submit(version=scope, actor=tester)


def test_advice_that_turned_after_the_decision_asks_for_a_reason(scope, tester):
    remark = item_named(scope, "Remark")
    decide(item=remark, actor=tester, in_scope=False, lock_version=remark.lock_version)
    judge_all(scope)
    drafting.set_policy(scope=scope, actor=tester, threshold=20, top_n=25)
    decide_all_but = [item.pk for item in scope.items() if item.pk != remark.pk]
    decide_many(scope=scope, actor=tester, item_ids=decide_all_but, decision=Decision.INCLUDE)
    with pytest.raises(ReasonsMissing, match="1 decisions.*Remark"):
        approval.submit(version=scope, actor=tester)


def test_a_scope_of_an_older_plan_is_not_submitted(scope, tester):
    decide_all(scope, tester)
    new_plan(scope, [*SMALL, {"name": "Limit"}])
    with pytest.raises(PlanSuperseded, match="version 2 is approved now"):
        approval.submit(version=scope, actor=tester)


def test_the_owner_is_asked_and_nobody_else_decides(scope, tester, owner):
    decide_all(scope, tester)
    approval.submit(version=scope, actor=tester)
    assert Assignment.objects.get(status="open", phase=scope.phase).assigned_to == owner
    with pytest.raises(OwnApproval):
        approval.approve(version=scope, actor=tester)
    with pytest.raises(NotApprover):
        approval.approve(version=scope, actor=make_owner("other"))
    approval.approve(version=scope, actor=owner)
    assert not Assignment.objects.filter(status="open", phase=scope.phase).exists()
    assert complete_phase(phase=scope.phase, actor=tester).is_complete


def test_approval_seals_keys_decisions_scores_and_reasons(approved):
    assert approved.content_hash == content_hash(approved)
    assert is_intact(approved)
    sealed = {each["attribute"]: each for each in approved.canonical_items()}
    assert sealed["Account Number"]["in_scope"] is True
    assert [each["attribute"] for each in approved.canonical_items()] == [
        row["name"] for row in SMALL
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE scoping_scopeitem SET in_scope = false WHERE version_id = %s",
        "UPDATE scoping_scopeitem SET rationale = 'other' WHERE version_id = %s",
        "DELETE FROM scoping_scopeitem WHERE version_id = %s",
        "UPDATE scoping_scope SET threshold = 1 WHERE id = %s",
        "UPDATE scoping_scope SET status = 'draft' WHERE id = %s",
        "DELETE FROM scoping_scope WHERE id = %s",
    ],
)
def test_sql_can_not_change_what_was_approved(approved, statement):
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [approved.pk])
    assert is_intact(approved)


def test_services_refuse_to_edit_what_was_approved(approved, tester):
    item = item_named(approved, "Balance")
    with pytest.raises(NotDraft):
        decide(item=item, actor=tester, in_scope=None, lock_version=item.lock_version)
    with pytest.raises(NotDraft):
        decide_all(approved, tester, Decision.CLEAR)


def test_a_revision_keeps_judgements_and_decisions(approved, tester):
    new = approval.revise(version=approved, actor=tester)
    assert (new.number, new.parent, new.plan) == (2, approved, approved.plan)
    assert new.threshold == approved.threshold
    assert [item.canonical() for item in new.items()] == approved.canonical_items()
    assert selectors.compare(approved, new) == []
    assert item_named(new, "Balance").decided_by == tester


def test_a_revision_reads_the_plan_approved_since(approved, tester):
    plan = new_plan(approved, [*SMALL[:-1], {"name": "Limit", "is_cde": True}])
    assert selectors.newer_plan(approved) == plan
    new = approval.revise(version=approved, actor=tester)
    assert new.plan == plan
    changes = {(change.name, change.after) for change in selectors.compare(approved, new)}
    assert changes == {("Limit", "added by the plan"), ("Remark", "removed")}
    assert item_named(new, "Limit").recommendation_reason == "CDE"


def test_figures_by_hand(scope, tester):
    judge_all(scope)
    drafting.set_policy(scope=scope, actor=tester, threshold=30, top_n=0)
    remark, opened = item_named(scope, "Remark"), item_named(scope, "Opened On")
    decide(
        item=item_named(scope, "Balance"),
        actor=tester,
        in_scope=True,
        lock_version=item_named(scope, "Balance").lock_version,
    )
    decide(
        item=opened,
        actor=tester,
        in_scope=True,
        reason="New system.",
        lock_version=opened.lock_version,
    )
    decide(item=remark, actor=tester, in_scope=False, lock_version=remark.lock_version)
    metrics = selectors.metrics_of(scope)
    assert (metrics.included, metrics.excluded, metrics.undecided) == (2, 1, 1)
    assert (metrics.overrides, metrics.keys, metrics.total) == (1, 1, 4)
    assert metrics.cde_coverage == 100
    # Balance 40, Rate 40, Opened On 20, Remark 20; in scope 60 of 120
    assert metrics.risk_coverage == 50


@pytest.mark.django_db(transaction=True)
def test_two_testers_at_once_one_row():
    """Both read the row, both press: one decision stands, the other is told."""
    scope = make_scope()
    tester = scope.cycle_report.tester
    item = item_named(scope, "Remark")
    barrier, outcomes = threading.Barrier(2), []

    def press(in_scope):
        try:
            barrier.wait(timeout=60)
            decide(item=item, actor=tester, in_scope=in_scope, lock_version=item.lock_version)
            outcomes.append(in_scope)
        except Stale:
            outcomes.append("stale")
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[value]) for value in (True, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert outcomes.count("stale") == 1
    kept = next(each for each in outcomes if each != "stale")
    assert item_named(scope, "Remark").in_scope is kept


@pytest.mark.django_db(transaction=True)
def test_a_decision_and_a_submission_at_once():
    """Whichever comes first, nothing changes after the submission."""
    scope = make_scope()
    tester = scope.cycle_report.tester
    decide_all(scope, tester)
    item = item_named(scope, "Remark")
    barrier, outcomes = threading.Barrier(2), []

    def run(work):
        try:
            barrier.wait(timeout=60)
            work()
            outcomes.append("done")
        except (NotDraft, Undecided) as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    works = [
        lambda: decide(item=item, actor=tester, in_scope=None, lock_version=item.lock_version),
        lambda: approval.submit(version=scope, actor=tester),
    ]
    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(outcomes) in (["done", "not_draft"], ["done", "undecided"])
    scope.refresh_from_db()
    item.refresh_from_db()
    assert (scope.status == "pending") == (item.in_scope is True)
