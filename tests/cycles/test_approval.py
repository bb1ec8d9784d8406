"""The moves of a version by its services."""

import hashlib
import threading

import pytest
from django.db import connection

from synapse.audit.models import Entry
from synapse.common.errors import Invalid, NotAllowed, ReasonRequired
from synapse.common.versions import VersionStatus, is_intact
from synapse.cycles.errors import NotApprover, OpenVersionExists, OwnApproval, WrongState
from synapse.cycles.models import Assignment
from synapse.cycles.services import approval
from synapse.cycles.services.phases import complete_phase
from tests.factories.accounts import make_admin, make_owner, make_tester, make_user
from tests.factories.cycles import make_cycle_report, make_phase
from tests.support.models import Line, Paper


def open_ones(**where):
    return list(Assignment.objects.filter(status="open", **where))


def test_submit_puts_the_version_on_the_owners_list(draft, tester, owner):
    version = approval.submit(version=draft, actor=tester, note="  please ")
    assert version.status == VersionStatus.PENDING
    assert version.submitted_by == tester
    assert version.submission_note == "please"
    [todo] = open_ones()
    assert (todo.kind, todo.assigned_to, todo.subject) == ("approval", owner, draft)
    assert todo.url == draft.get_absolute_url()


def test_approval_seals_the_items_and_closes_the_assignment(pending, owner):
    version = approval.approve(version=pending, actor=owner, note="fine")
    text = '[{"key":"a","text":"about a"},{"key":"b","text":"about b"}]'
    assert version.content_hash == hashlib.sha256(text.encode()).hexdigest()
    assert is_intact(version)
    assert (version.decided_by, version.decision_note) == (owner, "fine")
    assert open_ones() == []
    assert Assignment.objects.get().closed_by == owner


def test_each_move_leaves_an_audit_entry(approved, tester, owner):
    moves = Entry.objects.filter(action__startswith="paper.").order_by("id")
    assert [(entry.action, entry.actor) for entry in moves] == [
        ("paper.start", tester),
        ("paper.submit", tester),
        ("paper.approve", owner),
    ]
    last = moves.last()
    assert last.before == {"status": "pending"}
    assert last.after["content_hash"] == approved.content_hash
    assert last.cycle_report_id == approved.phase.cycle_report_id


def test_nobody_approves_or_rejects_their_own_work(pending, tester):
    with pytest.raises(OwnApproval) as refusal:
        approval.approve(version=pending, actor=tester)
    assert (refusal.value.code, refusal.value.http_status) == ("own_approval", 403)
    with pytest.raises(OwnApproval):
        approval.reject(version=pending, actor=tester, reason="no")


def test_even_an_owner_who_submitted_as_tester_may_not_approve(pending, owner):
    report = pending.cycle_report.report
    report.owner = pending.submitted_by
    report.save()
    with pytest.raises(OwnApproval):
        approval.approve(version=pending, actor=pending.submitted_by)


@pytest.mark.parametrize("make", [make_admin, make_owner, make_tester])
def test_only_the_reports_owner_decides(pending, make):
    with pytest.raises(NotApprover):
        approval.approve(version=pending, actor=make())


def test_an_owner_who_lost_the_role_decides_nothing(pending, owner):
    owner.grants.all().delete()
    owner = type(owner).objects.get(pk=owner.pk)
    with pytest.raises(NotApprover):
        approval.approve(version=pending, actor=owner)


def test_only_the_tester_of_the_cycle_report_works_on_it(draft, owner):
    for actor in (owner, make_tester(), make_admin(), make_user(roles=[])):
        with pytest.raises(NotAllowed):
            approval.submit(version=draft, actor=actor)
        with pytest.raises(NotAllowed):
            approval.start_version(model=Paper, phase=draft.phase, actor=actor)


def test_an_empty_draft_is_not_submitted(phase, tester):
    paper = approval.start_version(model=Paper, phase=phase, actor=tester)
    with pytest.raises(Invalid, match="empty"):
        approval.submit(version=paper, actor=tester)
    assert open_ones() == []


def test_a_second_open_version_is_refused(draft, tester):
    with pytest.raises(OpenVersionExists, match="Version 1 is draft"):
        approval.start_version(model=Paper, phase=draft.phase, actor=tester)


def test_a_version_needs_a_phase_in_progress(cycle_report, tester):
    phase = make_phase(cycle_report=cycle_report, started=False)
    with pytest.raises(WrongState, match="start it"):
        approval.start_version(model=Paper, phase=phase, actor=tester)


def test_rejection_needs_a_reason_and_goes_to_the_testers_list(pending, owner, tester):
    with pytest.raises(ReasonRequired):
        approval.reject(version=pending, actor=owner, reason="  ")
    version = approval.reject(version=pending, actor=owner, reason="b is wrong")
    assert version.status == VersionStatus.REJECTED
    assert version.decision_note == "b is wrong"
    assert version.content_hash == ""
    [todo] = open_ones()
    assert (todo.kind, todo.assigned_to) == ("rework", tester)


def test_a_rejected_version_is_revised_and_the_rework_closes_at_submit(pending, owner, tester):
    rejected = approval.reject(version=pending, actor=owner, reason="b is wrong")
    draft = approval.revise(version=rejected, actor=tester)
    assert (draft.number, draft.parent, draft.status) == (2, rejected, VersionStatus.DRAFT)
    assert draft.topic == "balances"
    assert [line.key for line in draft.items()] == ["a", "b"]
    assert [todo.kind for todo in open_ones()] == ["rework"]
    approval.submit(version=draft, actor=tester)
    assert [todo.kind for todo in open_ones()] == ["approval"]


def test_approving_a_revision_supersedes_the_version_before(approved, owner, tester):
    draft = approval.revise(version=approved, actor=tester)
    Line.objects.create(paper=draft, key="c", text="about c")
    second = approval.approve(version=approval.submit(version=draft, actor=tester), actor=owner)
    approved.refresh_from_db()
    assert approved.status == VersionStatus.SUPERSEDED
    assert second.status == VersionStatus.APPROVED
    assert second.content_hash != approved.content_hash
    assert is_intact(approved)


def test_a_submitted_version_can_be_withdrawn(pending, tester, owner):
    version = approval.withdraw(version=pending, actor=tester)
    assert version.status == VersionStatus.DRAFT
    assert version.submitted_by is None
    assert open_ones() == []
    assert Assignment.objects.get().status == "cancelled"
    with pytest.raises(WrongState):
        approval.approve(version=version, actor=owner)


@pytest.mark.parametrize("move", ["submit", "withdraw"])
def test_a_decided_version_moves_no_more(approved, tester, owner, move):
    with pytest.raises(WrongState, match="is approved"):
        getattr(approval, move)(version=approved, actor=tester)
    with pytest.raises(WrongState, match="is approved"):
        approval.approve(version=approved, actor=owner)
    with pytest.raises(WrongState):
        approval.reject(version=approved, actor=owner, reason="late")


def test_a_draft_is_not_revised(draft, tester):
    with pytest.raises(WrongState):
        approval.revise(version=draft, actor=tester)


def test_moves_judge_the_row_and_not_the_copy_in_hand(draft, tester, owner):
    approval.submit(version=draft, actor=tester)
    assert draft.status == VersionStatus.DRAFT
    with pytest.raises(WrongState):
        approval.submit(version=draft, actor=tester)
    approval.approve(version=draft, actor=owner)


def test_the_phase_completes_once_a_version_is_approved(approved, tester):
    assert complete_phase(phase=approved.phase, actor=tester).is_complete


@pytest.mark.django_db(transaction=True)
def test_of_two_approvals_at_once_one_counts():
    tester, owner = make_tester(), make_owner()
    phase = make_phase(cycle_report=make_cycle_report(tester=tester, owner=owner))
    paper = approval.start_version(model=Paper, phase=phase, actor=tester)
    Line.objects.create(paper=paper, key="a", text="x")
    approval.submit(version=paper, actor=tester)
    outcomes, barrier = [], threading.Barrier(2)

    def decide():
        try:
            barrier.wait(60)
            approval.approve(version=paper, actor=owner)
            outcomes.append("approved")
        except WrongState as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=decide) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["approved", "wrong_state"]
    assert Entry.objects.filter(action="paper.approve").count() == 1
    assert Assignment.objects.get().status == "done"
