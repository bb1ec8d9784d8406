"""A scope starts from the approved plan, follows a newer one, and goes by its policy."""

import pytest
from django.db import IntegrityError, transaction

from synapse.audit.models import Entry
from synapse.common.errors import Invalid, NotAllowed
from synapse.cycles.errors import OpenVersionExists
from synapse.cycles.models import Phase
from synapse.cycles.phases import PhaseKind
from synapse.scoping import selectors
from synapse.scoping.errors import NotDraft, PlanIsCurrent, PlanMissing
from synapse.scoping.services import decisions, drafting
from tests.factories.scoping import SMALL, item_named, make_approved_plan

pytestmark = pytest.mark.django_db


def names(scope):
    return [item.attribute.name for item in scope.items()]


def decide(scope, name, actor, in_scope, reason=""):
    item = item_named(scope, name)
    return decisions.decide(
        item=item, actor=actor, in_scope=in_scope, reason=reason, lock_version=item.lock_version
    )


def reopen_planning(cycle_report):
    Phase.objects.filter(cycle_report=cycle_report, kind=PhaseKind.PLANNING).update(
        state=Phase.State.IN_PROGRESS, completed_at=None, completed_by=None
    )


def approve_new_plan(cycle_report, rows):
    reopen_planning(cycle_report)
    return make_approved_plan(cycle_report, rows)


def test_starting_the_phase_gives_a_draft_of_every_attribute(scope, cycle_report):
    assert names(scope) == [row["name"] for row in SMALL]
    assert (scope.number, scope.threshold, scope.top_n) == (1, 50, 25)
    assert scope.plan == selectors.submission.approved_plan(scope.phase)
    assert selectors.metrics_of(scope).total == 4
    assert selectors.metrics_of(scope).keys == 1


def test_flags_give_advice_before_anything_is_judged(scope):
    assert item_named(scope, "Balance").recommendation_reason == "CDE"
    assert item_named(scope, "Rate").recommendation_reason == "open historical issue"
    assert item_named(scope, "Remark").recommended is None


def test_a_second_draft_is_refused_while_one_is_open(scope, tester):
    with pytest.raises(OpenVersionExists):
        drafting.start_scope(phase=scope.phase, actor=tester)


def test_without_an_approved_plan_there_is_no_scope(cycle_report, tester):
    phase = cycle_report.phases.get(kind=PhaseKind.SCOPING)
    with pytest.raises(PlanMissing):
        drafting.start_scope(phase=phase, actor=tester)


def test_a_newer_plan_makes_the_scope_stale_and_can_be_taken_over(scope, cycle_report, tester):
    decide(scope, "Balance", tester, True)
    decide(scope, "Opened On", tester, False)
    rows = [row for row in SMALL if row["name"] != "Remark"]
    rows = [
        row | {"requirement": "optional"} if row["name"] == "Opened On" else row for row in rows
    ]
    plan = approve_new_plan(cycle_report, [*rows, {"name": "Limit"}])
    assert selectors.newer_plan(scope) == plan

    scope = drafting.take_over_plan(scope=scope, actor=tester)

    assert scope.plan == plan
    assert selectors.newer_plan(scope) is None
    assert names(scope) == ["Account Number", "Balance", "Rate", "Opened On", "Limit"]
    assert item_named(scope, "Balance").in_scope is True
    assert item_named(scope, "Balance").decided_by == tester
    assert item_named(scope, "Opened On").in_scope is None, "the plan says something else of it now"
    assert item_named(scope, "Limit").in_scope is None
    assert Entry.objects.filter(action="scope.take_over_plan").count() == 1


def test_the_current_plan_can_not_be_taken_over(scope, tester):
    with pytest.raises(PlanIsCurrent):
        drafting.take_over_plan(scope=scope, actor=tester)


def test_a_new_policy_changes_advice_and_no_decision(scope, tester):
    decide(scope, "Opened On", tester, False)
    scope.scope_items.filter(attribute__name__in=["Opened On", "Remark"]).update(
        regulatory_impact=5,
        data_complexity=5,
        common_errors=5,
        downstream_dependencies=5,
        judged_by="estimated",
        score=20,
    )
    drafting.set_policy(scope=scope, actor=tester, threshold=50, top_n=0)
    assert item_named(scope, "Opened On").recommendation_reason == "score 20 < 50"

    drafting.set_policy(scope=scope, actor=tester, threshold=20, top_n=0)

    item = item_named(scope, "Opened On")
    assert (item.recommended, item.recommendation_reason) == (True, "score 20 >= 20")
    assert (item.in_scope, item.is_override) == (False, True)
    entry = Entry.objects.filter(action="scope.set_policy").first()
    assert (entry.before, entry.after) == ({"threshold": 50}, {"threshold": 20})


def test_a_policy_out_of_range_is_refused(scope, tester):
    with pytest.raises(Invalid) as caught:
        drafting.set_policy(scope=scope, actor=tester, threshold=101, top_n=25)
    assert caught.value.errors[0]["pointer"] == "/threshold"


def test_only_the_tester_changes_a_draft_and_only_a_draft(scope, owner, tester):
    with pytest.raises(NotAllowed):
        drafting.set_policy(scope=scope, actor=owner, threshold=40, top_n=25)
    type(scope).objects.filter(pk=scope.pk).update(
        status="pending", submitted_by=tester, submitted_at=scope.created_at
    )
    with pytest.raises(NotDraft):
        drafting.set_policy(scope=scope, actor=tester, threshold=40, top_n=25)


def test_the_database_refuses_half_a_judgement(scope):
    with pytest.raises(IntegrityError), transaction.atomic():
        scope.scope_items.update(regulatory_impact=16)
    with pytest.raises(IntegrityError), transaction.atomic():
        scope.scope_items.update(judged_by="model")
