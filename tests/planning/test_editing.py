"""Attributes changed by hand, flags from lists, and a plan's life until it is approved."""

import pytest

from synapse.audit.models import Entry
from synapse.common.errors import Invalid, NotAllowed
from synapse.common.versions import is_intact
from synapse.cycles.errors import OwnApproval, WrongState
from synapse.cycles.models import Assignment
from synapse.cycles.services import approval
from synapse.planning.content import PlanIncomplete
from synapse.planning.errors import AttributeExists, IssueExists, NoNameColumn, StaleAttribute
from synapse.planning.services.editing import add_attribute, delete_attribute, edit_attribute
from synapse.planning.services.flagging import apply_list, match_list
from synapse.planning.services.issues import add_issue, delete_issue, set_issue_status
from tests.factories.planning import make_approved_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def balance(plan):
    return plan.attributes.get(name="Cycle Ending Balance")


def test_two_testers_editing_one_row(balance, tester):
    edit_attribute(attribute=balance, actor=tester, lock_version=1, description="Dollars")
    with pytest.raises(StaleAttribute) as stale:
        edit_attribute(attribute=balance, actor=tester, lock_version=1, format="N12.2")
    assert stale.value.http_status == 412
    assert str(tester) in stale.value.message
    assert "description" in stale.value.message
    balance.refresh_from_db()
    assert (balance.description, balance.format, balance.lock_version) == ("Dollars", "", 2)


def test_an_edit_leaves_its_trace_and_a_vain_one_none(balance, tester):
    edit_attribute(attribute=balance, actor=tester, lock_version=1, requirement="optional")
    entry = Entry.objects.filter(action="attribute.edit").get()
    assert (entry.before, entry.after) == (
        {"requirement": "mandatory"},
        {"requirement": "optional"},
    )
    edit_attribute(attribute=balance, actor=tester, lock_version=2, requirement="optional")
    assert Entry.objects.filter(action="attribute.edit").count() == 1


def test_names_are_unique_and_faults_name_their_field(plan, balance, tester):
    with pytest.raises(AttributeExists) as taken:
        edit_attribute(attribute=balance, actor=tester, lock_version=1, name="REFERENCE  number")
    assert taken.value.errors[0]["pointer"] == "/name"
    with pytest.raises(Invalid) as invalid:
        add_attribute(plan=plan, actor=tester, name=" ", data_type="colour")
    pointers = {fault["pointer"] for fault in invalid.value.errors}
    assert pointers == {"/name", "/data_type"}


def test_keys_are_numbered_in_the_order_they_are_made(plan, balance, tester):
    edit_attribute(attribute=balance, actor=tester, lock_version=1, is_key=True)
    assert list(plan.attributes.filter(is_key=True).values_list("key_order", flat=True)) == [1, 2]
    edit_attribute(attribute=balance, actor=tester, lock_version=2, is_key=False)
    balance.refresh_from_db()
    assert balance.key_order is None


def test_deleting_takes_the_right_version(plan, balance, tester, owner):
    with pytest.raises(StaleAttribute):
        delete_attribute(attribute=balance, actor=tester, lock_version=7)
    with pytest.raises(NotAllowed):
        delete_attribute(attribute=balance, actor=owner, lock_version=1)
    delete_attribute(attribute=balance, actor=tester, lock_version=1)
    assert plan.attributes.count() == 2


def test_issues_by_hand_set_the_flag_and_closing_takes_it(balance, tester):
    issue = add_issue(attribute=balance, actor=tester, issue_id="I-1", description="Sign wrong")
    with pytest.raises(IssueExists):
        add_issue(attribute=balance, actor=tester, issue_id="I-1")
    balance.refresh_from_db()
    assert (balance.has_open_issue, balance.lock_version) == (True, 2)
    set_issue_status(issue=issue, actor=tester, status="closed")
    balance.refresh_from_db()
    assert balance.has_open_issue is False
    delete_issue(issue=issue, actor=tester)
    assert not balance.issues.exists()


CDES = """MDRM,Line,CDE name
M058,,
,7,Credit Card Type
,,reference-number
,,Cycle Ending Balances
,,Interest Rate
,15,Interest Rate
"""


def test_a_cde_list_is_matched_by_code_line_name_and_likeness(plan, upload, tester):
    document = upload(CDES, "cdes.csv", "cde_list")
    matches = match_list(plan, document)
    assert [(entry.row, found.name, how) for entry, found, how in matches.sure] == [
        (2, "Cycle Ending Balance", "item code"),
        (3, "Credit Card Type", "line"),
        (4, "Reference Number", "name"),
    ]
    ((entry, found, how),) = matches.suggested
    assert (entry.row, found.name, how) == (5, "Cycle Ending Balance", "98% alike")
    assert [entry.row for entry in matches.unmatched] == [6, 7]
    result = apply_list(plan=plan, document=document, actor=tester)
    assert result.counts == {"applied": 3, "known": 0, "unmatched": 3}
    again = apply_list(plan=plan, document=document, actor=tester)
    assert again.counts == {"applied": 0, "known": 3, "unmatched": 3}
    card = plan.attributes.get(line="7")
    assert (card.is_cde, card.cde_source) == (True, "cdes.csv, row 3: Credit Card Type")


def test_a_suggestion_counts_only_when_accepted(plan, balance, upload, tester):
    document = upload("Name\nCycle Ending Balances\n", "cdes.csv", "cde_list")
    assert apply_list(plan=plan, document=document, actor=tester).counts["applied"] == 0
    apply_list(plan=plan, document=document, actor=tester, accepted={2: balance.pk})
    balance.refresh_from_db()
    assert balance.is_cde
    with pytest.raises(Invalid):
        apply_list(plan=plan, document=document, actor=tester, accepted={9: balance.pk})


def test_a_bare_column_of_names_is_a_list_too(plan, upload, tester):
    document = upload("Credit Card Type\nReference Number\n", "cdes.txt", "cde_list")
    assert apply_list(plan=plan, document=document, actor=tester).counts["applied"] == 2


def test_a_list_without_fields_is_refused(upload):
    with pytest.raises(NoNameColumn):
        upload("Colour,Shape\nred,round\n", "cdes.csv", "cde_list")


ISSUES = """Issue ID,Field,Status,Severity,Description
I-1,Credit Card Type,Open,High,Wrong codes
I-2,Credit Card Type,Closed,Low,Blank
I-3,Reference Number,resolved,,Reused
I-4,Nothing Like It,Open,,
"""


def test_an_issue_list_flags_open_ones_and_follows_their_state(plan, upload, tester):
    document = upload(ISSUES, "issues.csv", "issue_list")
    result = apply_list(plan=plan, document=document, actor=tester)
    assert result.counts == {"applied": 3, "known": 0, "unmatched": 1}
    flags = dict(plan.attributes.values_list("name", "has_open_issue"))
    assert (flags["Credit Card Type"], flags["Reference Number"]) == (True, False)
    closed = upload(ISSUES.replace("Open,High", "Closed,High"), "issues2.csv", "issue_list")
    apply_list(plan=plan, document=closed, actor=tester)
    assert plan.attributes.get(name="Credit Card Type").has_open_issue is False
    assert plan.attributes.get(name="Credit Card Type").issues.count() == 2


def test_a_plan_without_attributes_or_with_keys_alone_can_t_be_submitted(empty_plan, tester):
    with pytest.raises(PlanIncomplete):
        approval.submit(version=empty_plan, actor=tester)
    add_attribute(plan=empty_plan, actor=tester, name="Number", is_key=True)
    with pytest.raises(PlanIncomplete) as incomplete:
        approval.submit(version=empty_plan, actor=tester)
    assert "nothing is left to test" in incomplete.value.message


def test_a_plan_without_a_key_may_be_submitted(empty_plan, tester):
    add_attribute(plan=empty_plan, actor=tester, name="Balance")
    assert approval.submit(version=empty_plan, actor=tester).status == "pending"


def test_submitted_approved_and_sealed_by_somebody_else(plan, tester, owner):
    plan = approval.submit(version=plan, actor=tester, note="Please look")
    assert Assignment.objects.get(assigned_to=owner, status="open").url == plan.get_absolute_url()
    with pytest.raises(OwnApproval):
        approval.approve(version=plan, actor=tester)
    plan = approval.approve(version=plan, actor=owner)
    assert is_intact(plan)
    with pytest.raises(WrongState):
        edit_attribute(
            attribute=plan.attributes.first(), actor=tester, lock_version=1, name="Other"
        )


def test_a_revision_begins_with_everything_and_leaves_the_old_alone(phase, tester, owner):
    plan = make_approved_plan(phase=phase)
    draft = approval.revise(version=plan, actor=tester)
    assert draft.canonical_items() == plan.canonical_items()
    attribute = draft.attributes.first()
    edit_attribute(attribute=attribute, actor=tester, lock_version=1, is_cde=True)
    assert draft.canonical_items() != plan.canonical_items()
    assert is_intact(plan)


def test_a_rejected_plan_is_revised_with_its_issues(plan, balance, tester, owner):
    add_issue(attribute=balance, actor=tester, issue_id="I-1")
    plan = approval.submit(version=plan, actor=tester)
    plan = approval.reject(version=plan, actor=owner, reason="Line 15 is wrong")
    draft = approval.revise(version=plan, actor=tester)
    copied = draft.attributes.get(name=balance.name)
    assert (copied.issues.count(), copied.has_open_issue) == (1, True)
