"""Planning over REST: the whole path, preconditions, refusals in one shape."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from jobs.testing import run_pending
from synapse.planning.models import Attribute
from tests.factories.accounts import make_tester

pytestmark = pytest.mark.django_db

API = "/api/v1"
DICTIONARY = b"Line,Name,Format,M/O\n1,Loan Number,C18,M\n2,Amount,N12.2,O\n3,Amounts,N12.2,O\n"


def client_of(user) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture
def api(tester):
    return client_of(tester)


@pytest.fixture
def owner_api(owner):
    return client_of(owner)


def upload_of(client, cycle_report, content=DICTIONARY, kind="dictionary", name="a.csv", **more):
    data = {"cycle_report": cycle_report.pk, "kind": kind, **more}
    file = SimpleUploadedFile(name, content)
    return client.post(f"{API}/documents/", data | {"file": file}, format="multipart")


def test_from_upload_to_approval(api, owner_api, phase):
    begun = api.post(f"{API}/plans/", {"cycle_report": phase.cycle_report_id}, format="json")
    assert begun.status_code == 201, begun.data
    plan = begun.data["id"]
    assert begun["Location"].endswith(f"/plans/{plan}/")
    uploaded = upload_of(api, phase.cycle_report)
    assert uploaded.status_code == 201, uploaded.data
    document = uploaded.data["id"]
    looked = api.get(f"{API}/documents/{document}/preview/", {"plan": plan}).data
    assert looked["counts"]["added"] == 3
    assert looked["proposed_keys"] == ["Loan Number"]
    assert looked["columns"][1]["role"] == "name"
    assert looked["read"][1]["scale"] == 2
    taken = api.post(f"{API}/documents/{document}/import/", {"plan": plan}, format="json")
    assert taken.data["counts"]["added"] == 3
    again = api.post(f"{API}/documents/{document}/import/", {"plan": plan}, format="json")
    assert again.data["counts"] == {"added": 0, "changed": 0, "unchanged": 3, "absent": 0}
    rows = api.get(f"{API}/attributes/", {"plan": plan, "requirement": "optional"}).data["results"]
    assert [row["name"] for row in rows] == ["Amount", "Amounts"]
    assert (
        api.post(f"{API}/plans/{plan}/submit/", {"note": "ok"}, format="json").data["status"]
        == "pending"
    )
    own = api.post(f"{API}/plans/{plan}/approve/", {}, format="json")
    assert (own.status_code, own.data["code"]) == (403, "own_approval")
    done = owner_api.post(f"{API}/plans/{plan}/approve/", {}, format="json")
    assert (done.status_code, done.data["status"]) == (200, "approved")
    assert len(done.data["content_hash"]) == 64
    revised = api.post(f"{API}/plans/{plan}/revise/")
    assert (revised.status_code, revised.data["number"]) == (201, 2)
    text = api.get(f"{API}/plans/{plan}/attributes.csv/", {"requirement": "mandatory"})
    assert text.content.decode().count("\r\n") == 2


def test_a_plan_without_a_key_says_how_records_are_told_apart(api, empty_plan):
    address = f"{API}/plans/{empty_plan.pk}/"
    assert api.get(address).data["note"] == ""
    added = {"plan": empty_plan.pk, "name": "Balance"}
    assert api.post(f"{API}/attributes/", added, format="json").status_code == 201
    assert "record number" in api.get(address).data["note"]
    added = {"plan": empty_plan.pk, "name": "Number", "is_key": True}
    assert api.post(f"{API}/attributes/", added, format="json").status_code == 201
    assert api.get(address).data["note"] == ""


def test_an_attribute_is_changed_only_as_it_was_read(api, plan):
    attribute = plan.attributes.get(line="15")
    address = f"{API}/attributes/{attribute.pk}/"
    read = api.get(address)
    assert read["ETag"] == '"1"'
    assert api.patch(address, {"format": "N9"}, format="json").status_code == 428
    changed = api.patch(address, {"format": "N9"}, format="json", HTTP_IF_MATCH='"1"')
    assert (changed.status_code, changed["ETag"]) == (200, '"2"')
    stale = api.patch(address, {"format": "N8"}, format="json", HTTP_IF_MATCH='"1"')
    assert (stale.status_code, stale.data["code"]) == (412, "stale_attribute")
    assert "format" in stale.data["detail"]
    wrong = api.patch(address, {"data_type": "colour"}, format="json", HTTP_IF_MATCH='"2"')
    assert (wrong.status_code, wrong.data["errors"][0]["pointer"]) == (400, "/data_type")
    taken = api.patch(address, {"name": "credit card type"}, format="json", HTTP_IF_MATCH='"2"')
    assert (taken.status_code, taken.data["code"]) == (422, "attribute_exists")
    flagged = api.post(f"{address}flags/", {"is_cde": True}, format="json", HTTP_IF_MATCH='"2"')
    assert (flagged.data["is_cde"], flagged.data["cde_source"]) == (True, "set by hand")
    assert api.delete(address, HTTP_IF_MATCH='"3"').status_code == 204


def test_issues_are_noted_and_closed(api, plan):
    attribute = plan.attributes.get(line="15")
    noted = api.post(f"{API}/attributes/{attribute.pk}/issues/", {"issue_id": "I-1"}, format="json")
    assert noted.status_code == 201
    address = f"{API}/issues/{noted.data['id']}/"
    assert api.get(f"{API}/attributes/{attribute.pk}/").data["has_open_issue"] is True
    assert api.patch(address, {"status": "closed"}, format="json").data["status"] == "closed"
    assert api.delete(address).status_code == 204
    assert api.get(f"{API}/attributes/{attribute.pk}/").data["issues"] == []


def test_an_attribute_is_added_by_hand(api, plan):
    body = {"plan": plan.pk, "name": "Fee", "data_type": "decimal",
            "allowed_values": [{"code": "0", "meaning": "none"}]}  # fmt: skip
    added = api.post(f"{API}/attributes/", body, format="json")
    assert (added.status_code, added.data["source"]) == (201, "manual")
    assert added.data["allowed_values"] == [{"code": "0", "meaning": "none"}]


def test_lists_are_matched_and_applied(api, plan):
    uploaded = upload_of(
        api, plan.cycle_report, b"Name\nCredit Card Type\nCycle Ending Balances\n", "cde_list"
    )
    document = uploaded.data["id"]
    looked = api.get(f"{API}/documents/{document}/preview/", {"plan": plan.pk}).data
    assert looked["counts"] == {"matched": 1, "suggested": 1, "unmatched": 0}
    suggestion = looked["suggested"][0]
    applied = api.post(
        f"{API}/documents/{document}/import/",
        {"plan": plan.pk, "accept": {str(suggestion["row"]): suggestion["attribute"]}},
        format="json",
    )
    assert applied.data["counts"] == {"applied": 2, "known": 0, "unmatched": 0}


@pytest.mark.django_db(transaction=True)
def test_drafting_is_a_job_to_follow(api, empty_plan, simulator):
    uploaded = upload_of(
        api,
        empty_plan.cycle_report,
        b"## 1. Loan\n- Data type: Integer\n\n## 2. Sum\n- Format: N9.2\n",
        "specification",
        "a.md",
    )
    body = {"document": uploaded.data["id"]}
    looked = api.get(f"{API}/documents/{body['document']}/preview/")
    assert looked.data["parts"] == 1
    begun = api.post(f"{API}/plans/{empty_plan.pk}/draft/", body, format="json")
    assert begun.status_code == 202
    assert f"/jobs/{begun.data['id']}/" in begun["Location"]
    assert begun["Retry-After"]
    second = api.post(f"{API}/plans/{empty_plan.pk}/draft/", body, format="json")
    assert (second.status_code, second.data["code"]) == (409, "already_running")
    run_pending()
    assert empty_plan.attributes.count() == 2
    assert api.get(f"{API}/plans/{empty_plan.pk}/rejected-drafts/").data == []


@pytest.mark.parametrize(
    ("content", "name", "status", "code"),
    [
        (b"", "a.csv", 422, "empty_file"),
        (b"Name,Format\n", "a.csv", 422, "no_field_rows"),
        (b"Colour,Shape\nred,round\n", "a.csv", 422, "no_name_column"),
        (b"Name,Format\nA,C1,x\n", "a.csv", 422, "ragged_rows"),
        (b"Name,Name\nA,B\n", "a.csv", 422, "duplicate_heading"),
        (b"Name,Format\nA,C1\nA,C2\n", "a.csv", 422, "duplicate_name"),
        (b"Name,Format\nA\0,C1\n", "a.csv", 422, "nul_bytes"),
        (b"PK\x03\x04rest", "a.xlsx", 422, "not_a_workbook"),
        (b"%PDF-1.4", "a.pdf", 415, "unknown_file_type"),
    ],
)
def test_bad_files_are_refused_in_one_shape(api, phase, content, name, status, code):
    refused = upload_of(api, phase.cycle_report, content, name=name)
    assert (refused.status_code, refused.data["code"]) == (status, code)
    assert name in refused.data["detail"]
    assert refused["Content-Type"] == "application/problem+json"


def test_the_owner_changes_nothing_and_a_stranger_finds_nothing(owner_api, plan, phase):
    attribute = plan.attributes.first()
    body = {"plan": plan.pk, "name": "Other"}
    assert owner_api.post(f"{API}/attributes/", body, format="json").status_code == 403
    assert upload_of(owner_api, phase.cycle_report).status_code == 403
    edited = owner_api.patch(
        f"{API}/attributes/{attribute.pk}/", {"name": "X"}, format="json", HTTP_IF_MATCH='"1"'
    )
    assert edited.status_code == 403
    stranger = client_of(make_tester())
    for address in (f"plans/{plan.pk}", f"attributes/{attribute.pk}"):
        assert stranger.get(f"{API}/{address}/").status_code == 404
    assert stranger.get(f"{API}/attributes/").data["results"] == []


def test_a_submitted_plan_is_not_changed(api, plan):
    api.post(f"{API}/plans/{plan.pk}/submit/", {}, format="json")
    attribute = plan.attributes.first()
    refused = api.patch(
        f"{API}/attributes/{attribute.pk}/", {"name": "X"}, format="json", HTTP_IF_MATCH='"1"'
    )
    assert (refused.status_code, refused.data["code"]) == (409, "wrong_state")


def test_lists_ask_the_database_no_more_for_more_rows(api, plan):
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert api.get(address).status_code == 200
        return len(captured)

    addresses = [f"{API}/attributes/?plan={plan.pk}", f"{API}/plans/", f"{API}/documents/"]
    before = [queries(address) for address in addresses]
    Attribute.objects.bulk_create(
        Attribute(version=plan, position=number + 9, name=f"F {number}") for number in range(40)
    )
    assert [queries(address) for address in addresses] == before
    assert max(before) <= 8, before
