"""Planning's pages as tester, owner and stranger meet them."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jobs.testing import run_pending
from synapse.cycles.services import approval
from synapse.planning.models import Attribute, Document, Plan
from synapse.planning.services.editing import add_attribute, edit_attribute
from synapse.planning.services.issues import add_issue
from tests.factories.accounts import make_tester
from tests.factories.planning import make_plan

pytestmark = pytest.mark.django_db

DICTIONARY = b"Line,Name,Format,M/O\n1,Loan Number,C18,M\n2,Amount,N12.2,O\n"


@pytest.fixture
def as_tester(client, tester):
    client.force_login(tester)
    return client


@pytest.fixture
def as_owner(client, owner):
    client.force_login(owner)
    return client


def url(name, *args):
    return reverse(f"planning:{name}", args=args)


def send(client, plan, content, kind="dictionary", name="dictionary.csv", **fields):
    data = {"kind": kind, "file": SimpleUploadedFile(name, content), **fields}
    return client.post(url("document_upload", plan.pk), data, follow=True)


def test_the_phase_leads_to_its_plan_or_to_starting_one(as_tester, phase):
    page = as_tester.get(url("phase_detail", phase.pk))
    assert "Start version 1" in page.content.decode()
    started = as_tester.post(url("plan_start", phase.pk))
    plan = Plan.objects.get()
    assert started.url == plan.get_absolute_url()
    assert as_tester.get(url("phase_detail", phase.pk)).url == plan.get_absolute_url()
    assert phase.get_absolute_url() == url("phase_detail", phase.pk)


def test_an_empty_plan_says_what_to_do_next(as_tester, empty_plan):
    page = as_tester.get(empty_plan.get_absolute_url()).content.decode()
    assert "No attributes yet" in page
    assert url("document_upload", empty_plan.pk) in page
    assert "disabled" in page


def test_a_plan_without_a_key_says_so_and_may_be_submitted(as_tester, empty_plan, tester):
    add_attribute(plan=empty_plan, actor=tester, name="Balance")
    page = as_tester.get(empty_plan.get_absolute_url()).content.decode()
    assert "records are told apart by their record number" in page
    assert url("plan_submit", empty_plan.pk) in page


def test_a_dictionary_is_looked_at_confirmed_and_imported(as_tester, empty_plan):
    page = send(as_tester, empty_plan, DICTIONARY)
    text = page.content.decode()
    assert "would add <b>2</b>" in text
    assert not empty_plan.attributes.exists()
    document = Document.objects.get()
    form = {f"column_{index}": role for index, role in enumerate(["line", "name", "format", ""])}
    done = as_tester.post(
        url("document_detail", empty_plan.pk, document.pk),
        form | {"key": ["Loan Number"]},
        follow=True,
    )
    assert "2 attributes added" in done.content.decode()
    assert empty_plan.attributes.get(is_key=True).name == "Loan Number"
    assert set(empty_plan.attributes.values_list("requirement", flat=True)) == {""}


def test_two_columns_of_one_role_are_told_by_the_column(as_tester, empty_plan):
    send(as_tester, empty_plan, DICTIONARY)
    document = Document.objects.get()
    page = as_tester.post(
        url("document_detail", empty_plan.pk, document.pk),
        {"column_0": "name", "column_1": "name"},
    )
    assert "already read as this" in page.content.decode()
    assert not empty_plan.attributes.exists()


def test_a_bad_file_is_told_on_the_page_it_came_from(as_tester, empty_plan):
    page = as_tester.post(
        url("document_upload", empty_plan.pk),
        {"kind": "dictionary", "file": SimpleUploadedFile("a.csv", b"Name,Format\nA,C1,x\n")},
        headers={"Referer": "http://testserver" + url("document_upload", empty_plan.pk)},
        follow=True,
    )
    assert "row 2 has 3 cells" in page.content.decode()
    assert not Document.objects.exists()


def test_filters_focus_and_parts(as_tester, plan):
    swap = {"HX-Request": "true", "HX-Target": "panel"}
    page = as_tester.get(plan.get_absolute_url(), {"is_key": "true"}).content.decode()
    assert "Reference Number" in page
    assert "Cycle Ending Balance" not in page
    balance = plan.attributes.get(line="15")
    part = as_tester.get(
        plan.get_absolute_url(), {"attribute": balance.pk}, headers=swap
    ).content.decode()
    assert "<html" not in part
    assert "Cycle Ending Balance" in part


def test_exports_hold_exactly_what_is_filtered_and_no_formula(as_tester, plan, tester):
    add_attribute(plan=plan, actor=tester, name="=cmd()", description="+1", requirement="optional")
    reply = as_tester.get(url("plan_export", plan.pk, "csv"), {"requirement": "optional"})
    (row,) = csv.DictReader(io.StringIO(reply.content.decode("utf-8-sig")))
    assert (row["name"], row["description"]) == ("'=cmd()", "'+1")
    everything = as_tester.get(url("plan_export", plan.pk, "json")).json()
    assert len(everything["attributes"]) == 4


def test_errors_stand_by_their_field_and_a_stale_form_says_who(as_tester, plan, tester):
    attribute = plan.attributes.get(line="7")
    address = url("attribute_edit", plan.pk, attribute.pk)
    form = {"name": "Reference Number", "lock_version": 1, "allowed_values": "1 = A\n1 = B"}
    page = as_tester.post(address, form).content.decode()
    assert "already has an attribute of this name" in page
    assert "The code 1 stands there twice" in page
    edit_attribute(attribute=attribute, actor=tester, lock_version=1, description="New")
    form = {"name": "Card", "lock_version": 1}
    assert "was changed by" in as_tester.post(address, form).content.decode()
    saved = as_tester.post(address, form | {"lock_version": 2, "allowed_values": "1 = A\n2 = B"})
    assert saved.status_code == 302
    attribute.refresh_from_db()
    assert attribute.allowed_values[1] == {"code": "2", "meaning": "B"}


def test_flags_issues_and_deletion_by_hand(as_tester, plan):
    attribute = plan.attributes.get(line="15")
    as_tester.post(
        url("attribute_flag", plan.pk, attribute.pk), {"is_cde": "true", "lock_version": 1}
    )
    as_tester.post(
        url("issue_create", plan.pk, attribute.pk), {"issue_id": "I-1", "status": "open"}
    )
    attribute.refresh_from_db()
    assert (attribute.is_cde, attribute.has_open_issue) == (True, True)
    issue = attribute.issues.get()
    as_tester.post(url("issue_status", plan.pk, attribute.pk, issue.pk), {"status": "closed"})
    attribute.refresh_from_db()
    assert not attribute.has_open_issue
    address = url("attribute_delete", plan.pk, attribute.pk)
    assert as_tester.post(address, {"expected": attribute.lock_version - 1}).status_code == 412
    as_tester.post(address, {"expected": attribute.lock_version})
    assert not Attribute.objects.filter(pk=attribute.pk).exists()


def test_a_list_is_shown_before_its_flags_are_set(as_tester, plan):
    page = send(as_tester, plan, b"Name\nCredit Card Type\nCycle Ending Balances\n", "cde_list")
    assert "98% alike" in page.content.decode()
    assert not plan.attributes.filter(is_cde=True).exists()
    document = Document.objects.get()
    balance = plan.attributes.get(line="15")
    as_tester.post(url("document_detail", plan.pk, document.pk), {"accept": [f"3:{balance.pk}"]})
    assert plan.attributes.filter(is_cde=True).count() == 2


def test_the_tester_submits_and_sees_no_approval(as_tester, plan):
    page = as_tester.get(plan.get_absolute_url()).content.decode()
    assert url("plan_submit", plan.pk) in page
    as_tester.post(url("plan_submit", plan.pk), {"note": "Ready"})
    page = as_tester.get(plan.get_absolute_url()).content.decode()
    assert url("plan_approve", plan.pk) not in page
    assert url("attribute_create", plan.pk) not in page
    refused = as_tester.post(url("plan_approve", plan.pk), {})
    assert refused.status_code == 403
    assert as_tester.get(url("plan_approve", plan.pk)).status_code == 403
    plan.refresh_from_db()
    assert plan.status == "pending"


def test_the_owner_decides_and_edits_nothing(as_owner, plan, tester):
    approval.submit(version=plan, actor=tester)
    page = as_owner.get(plan.get_absolute_url()).content.decode()
    assert url("plan_approve", plan.pk) in page
    assert url("document_upload", plan.pk) not in page
    attribute = plan.attributes.first()
    assert url("attribute_edit", plan.pk, attribute.pk) not in page
    assert as_owner.get(url("attribute_edit", plan.pk, attribute.pk)).status_code == 403
    without = as_owner.post(url("plan_reject", plan.pk), {"reason": ""})
    assert without.status_code == 200
    as_owner.post(url("plan_reject", plan.pk), {"reason": "Line 7 is wrong"})
    plan.refresh_from_db()
    assert (plan.status, plan.decision_note) == ("rejected", "Line 7 is wrong")


def test_the_owner_approves_and_the_tester_revises(client, plan, tester, owner):
    approval.submit(version=plan, actor=tester)
    client.force_login(owner)
    client.post(url("plan_approve", plan.pk), {"note": ""})
    plan.refresh_from_db()
    assert plan.status == "approved"
    client.force_login(tester)
    assert url("plan_revise", plan.pk) in client.get(plan.get_absolute_url()).content.decode()
    client.post(url("plan_revise", plan.pk))
    draft = Plan.objects.get(number=2)
    assert draft.attributes.count() == 3


def test_the_reason_of_a_rejection_stays_in_view_of_who_revises(client, plan, tester, owner):
    approval.submit(version=plan, actor=tester)
    approval.reject(version=plan, actor=owner, reason="The balances lack their units.")
    draft = approval.revise(version=plan, actor=tester)
    client.force_login(tester)
    text = client.get(draft.get_absolute_url()).content.decode()
    assert "Version 1 was rejected: The balances lack their units." in text


@pytest.mark.parametrize("name", ["plan_detail", "plan_submit", "document_upload"])
def test_a_stranger_finds_nothing(client, plan, name):
    client.force_login(make_tester())
    assert client.get(url(name, plan.pk)).status_code == 404
    client.logout()
    assert client.get(url(name, plan.pk)).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_drafting_is_started_from_the_specification_s_page(as_tester, empty_plan, simulator):
    page = send(
        as_tester, empty_plan, b"## 1. Loan\n- Data type: Integer\n", "specification", "a.md"
    )
    assert "simulated model" in page.content.decode()
    document = Document.objects.get()
    as_tester.post(url("document_detail", empty_plan.pk, document.pk))
    assert "data-job-bar" in as_tester.get(empty_plan.get_absolute_url()).content.decode()
    run_pending()
    page = as_tester.get(empty_plan.get_absolute_url()).content.decode()
    assert "drafted by simulated model" in page
    assert "1. Loan, line 1" in page


def test_pages_ask_the_database_no_more_for_more_rows(as_tester, phase, tester):
    plan = make_plan(phase=phase)
    attribute = plan.attributes.first()
    add_issue(attribute=attribute, actor=tester, issue_id="I-1")
    pages = (plan.get_absolute_url(), url("plan_export", plan.pk, "csv"), url("plan_list"))
    for page in pages:
        as_tester.get(page)
    counts = [_queries(as_tester, page) for page in pages]
    Attribute.objects.bulk_create(
        Attribute(version=plan, position=number + 10, name=f"Field {number}")
        for number in range(150)
    )
    assert [_queries(as_tester, page) for page in pages] == counts
    assert max(counts) <= 26, counts


def _queries(client, page) -> int:

    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
    return len(captured)


def test_a_ticked_row_that_cant_be_read_flags_nothing(as_tester, plan):
    send(as_tester, plan, b"Name\nCredit Card Type\n", "cde_list")
    address = url("document_detail", plan.pk, Document.objects.get().pk)
    assert as_tester.post(address, {"accept": ["3:x:7"]}).status_code == 422
    assert not plan.attributes.filter(is_cde=True).exists()
