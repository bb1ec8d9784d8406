"""Unsupported attributes over REST: seen, filtered, settled by whoever has read them."""

import pytest
from rest_framework.test import APIClient

from synapse.planning.models import Attribute
from tests.planning.drafted import SPECIFICATION

pytestmark = pytest.mark.django_db

API = "/api/v1"


@pytest.fixture
def api(tester):
    client = APIClient()
    client.force_authenticate(tester)
    return client


@pytest.fixture
def specification(upload):
    return upload(SPECIFICATION, "loans.md", "specification")


@pytest.fixture
def attribute(plan, specification):
    return Attribute.objects.create(
        version=plan, position=9, name="Loan Type", source="model", support="unsupported",
        support_fault="the model gave no quote", document=specification, quote_line=9,
        dictionary_match="absent",
    )  # fmt: skip


def settle(api, attribute, match='"1"', **said):
    headers = {"If-Match": match} if match else {}
    address = f"{API}/attributes/{attribute.pk}/settle/"
    return api.post(address, said, format="json", headers=headers)


def test_the_mark_is_told_and_filtered(api, plan, attribute):
    rows = api.get(f"{API}/attributes/", {"plan": plan.pk, "support": "unsupported"})
    (row,) = rows.data["results"]
    assert (row["support"], row["support_fault"]) == ("unsupported", "the model gave no quote")
    assert (row["quote_start"], row["quote_line"], row["dictionary_match"]) == (None, 9, "absent")
    unknown = api.get(f"{API}/attributes/", {"plan": plan.pk, "unknown": "true"})
    assert [row["id"] for row in unknown.data["results"]] == [attribute.pk]
    wrong = api.get(f"{API}/attributes/", {"plan": plan.pk, "support": "no"})
    assert wrong.status_code == 400


def test_submitting_names_what_lacks_a_note(api, plan, attribute):
    refused = api.post(f"{API}/plans/{plan.pk}/submit/", {}, format="json")
    assert (refused.status_code, refused.data["code"]) == (409, "unsupported_attributes")
    assert "“Loan Type”" in refused.data["detail"]
    assert refused.data["errors"][0]["pointer"] == f"/attributes/{attribute.pk}"


def test_a_note_or_a_passage_settles_what_was_read(api, attribute, specification, tester):
    assert settle(api, attribute, match="", note="Known.").status_code == 428
    assert settle(api, attribute, match='"9"', note="Known.").status_code == 412
    empty = settle(api, attribute)
    assert (empty.status_code, empty.data["errors"][0]["pointer"]) == (422, "/note")
    noted = settle(api, attribute, note="Known.")
    assert (noted.status_code, noted.data["support"]) == (200, "noted")
    assert (noted.data["noted_by"], noted.data["support_note"]) == (tester.pk, "Known.")
    quoted = settle(api, attribute, '"2"', quote="2. Loan Type", document=specification.pk)
    assert (quoted.data["support"], quoted.data["quote_line"]) == ("supported", 9)
    assert quoted.data["quote_place"] == "2. Loan Type, line 9"
    missing = settle(api, attribute, '"3"', quote="2. Loan Type", document=specification.pk + 99)
    assert missing.status_code == 404
    absent = settle(api, attribute, '"3"', quote="Nowhere at all")
    assert (absent.status_code, absent.data["errors"][0]["code"]) == (422, "not_there")


def test_what_is_supported_is_not_to_be_settled(api, plan):
    refused = settle(api, plan.attributes.first(), note="x")
    assert (refused.status_code, refused.data["code"]) == (409, "nothing_to_settle")


def test_the_owner_reads_and_settles_nothing(attribute, owner):
    client = APIClient()
    client.force_authenticate(owner)
    assert settle(client, attribute, note="x").status_code == 403
    attribute.refresh_from_db()
    assert attribute.support == "unsupported"
