"""Sample sets over REST; each answer is also held against the OpenAPI document."""

import pytest
from rest_framework.test import APIClient

from jobs.testing import run_pending
from synapse.cycles.services import approval
from synapse.sampling.models import SampleSet
from synapse.sampling.services.decisions import decide_many
from synapse.sampling.states import BulkDecision
from tests.factories.accounts import make_admin, make_tester

pytestmark = pytest.mark.django_db
SETS = "/api/v1/sample-sets/"
SAMPLES = "/api/v1/samples/"
SIZES = "/api/v1/sample-sizes/"


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


def of(sample_set, action=""):
    return f"{SETS}{sample_set.pk}/{action}" + ("/" if action else "")


def include_all(sample_set):
    decide_many(
        sample_set=sample_set,
        actor=sample_set.cycle_report.tester,
        sample_ids=list(sample_set.samples.values_list("pk", flat=True)),
        decision=BulkDecision.APPROVE,
    )


@pytest.mark.django_db(transaction=True)
def test_the_whole_path(as_tester, as_owner, phase):
    made = post(as_tester, SETS, {"phase": phase.pk})
    assert made.status_code == 201 and made["Location"].endswith(f"/{made.json()['id']}/")
    sample_set = SampleSet.objects.get(pk=made.json()["id"])
    started = post(as_tester, of(sample_set, "draw"), {"size": 10, "seed": 7})
    assert started.status_code == 202 and "Location" in started
    run_pending()
    told = as_tester.get(of(sample_set)).json()
    assert (told["size"], told["seed"], told["population_count"]) == (10, 7, 200)
    rows = as_tester.get(SAMPLES, {"sample_set": sample_set.pk}).json()["results"]
    assert len(rows) == 10
    ids = [row["id"] for row in rows]
    answer = post(as_tester, of(sample_set, "decide"), {"items": ids, "decision": "approved"})
    assert answer.json() == {"changed": 10}
    assert as_tester.get(of(sample_set, "counts")).json()["approved"] == 10
    assert post(as_tester, of(sample_set, "submit")).json()["status"] == "pending"
    assert post(as_tester, of(sample_set, "approve")).status_code == 403
    approved = post(as_owner, of(sample_set, "approve")).json()
    assert approved["status"] == "approved" and len(approved["content_hash"]) == 64
    revised = post(as_tester, of(sample_set, "revise"))
    assert revised.status_code == 201
    compared = as_tester.get(f"{SETS}{revised.json()['id']}/compare/").json()
    assert compared == []


def test_others_find_nothing(sample_set):
    stranger = api(make_tester("stranger"))
    sample = sample_set.items()[0]
    assert stranger.get(SETS).json()["results"] == []
    assert stranger.get(SAMPLES).json()["results"] == []
    for address in (of(sample_set), f"{of(sample_set)}samples.csv/", f"{SAMPLES}{sample.pk}/"):
        assert stranger.get(address).status_code == 404
    assert post(stranger, of(sample_set, "draw")).status_code == 404
    assert api(make_admin("ada")).get(of(sample_set)).status_code == 200


def test_refusals_of_a_draw_name_what_is_wrong(as_tester, sample_set):
    mix = post(as_tester, of(sample_set, "draw"), {"mix_clean": 50, "replace": True})
    assert mix.status_code == 422
    assert mix.json()["errors"][0]["pointer"] == "/mix_clean"
    size = post(as_tester, of(sample_set, "draw"), {"size": 201, "replace": True})
    assert size.status_code == 422 and "200 records" in size.json()["detail"]
    assert post(as_tester, of(sample_set, "draw"), {"size": 0}).status_code == 400
    again = post(as_tester, of(sample_set, "draw"), {"size": 5})
    assert (again.status_code, again.json()["code"]) == (409, "drawn_already")


def test_a_decision_wants_the_etag_and_a_reason(as_tester, sample_set):
    sample = sample_set.items()[0]
    address = f"{SAMPLES}{sample.pk}/decide/"
    assert post(as_tester, address, {"decision": "approved"}).status_code == 428
    etag = as_tester.get(f"{SAMPLES}{sample.pk}/")["ETag"]
    refused = post(as_tester, address, {"decision": "rejected"}, **{"If-Match": etag})
    assert (refused.status_code, refused.json()["code"]) == (422, "reason_required")
    taken = post(as_tester, address, {"decision": "approved"}, **{"If-Match": etag})
    assert taken.json()["decision"] == "approved" and taken["ETag"] != etag
    stale = post(as_tester, address, {"decision": None}, **{"If-Match": etag})
    assert stale.status_code == 412


@pytest.mark.django_db(transaction=True)
def test_records_are_added_and_removed(as_tester, sample_set):
    drawn = set(sample_set.samples.values_list("record_no", flat=True))
    free = next(number for number in range(1, 200) if number not in drawn)
    started = post(as_tester, of(sample_set, "add"), {"record_no": free, "reason": "Known."})
    assert started.status_code == 202 and "Location" in started
    run_pending()
    job = as_tester.get(started["Location"]).json()
    assert job["result"]["record_no"] == free
    added = as_tester.get(f"{SAMPLES}{job['result']['sample']}/").json()
    assert (added["selection"], added["rationale"]) == ("manual", "Known.")
    gone = as_tester.delete(f"{SAMPLES}{added['id']}/")
    assert gone.status_code == 204
    kept = as_tester.delete(f"{SAMPLES}{sample_set.items()[0].pk}/")
    assert (kept.status_code, kept.json()["code"]) == (409, "not_manual")


def test_a_record_that_cant_be_added_is_refused_by_its_field(as_tester, sample_set):
    drawn = sample_set.items()[0]
    for named, code, pointer in (
        ({"record_no": 9999}, "record_unknown", "/record_no"),
        ({"record_no": drawn.record_no}, "record_twice", "/record_no"),
        ({"key": drawn.key}, "record_twice", "/key"),
        ({"record_no": 1, "key": "A00001"}, "one_of", "/record_no"),
    ):
        refused = post(as_tester, of(sample_set, "add"), named | {"reason": "Known."}).json()
        assert [(e["code"], e["pointer"]) for e in refused["errors"]] == [(code, pointer)]
    foreign = {"key": "A00001", "reason": "Known.", "population": sample_set.population_id + 1}
    moved = post(as_tester, of(sample_set, "add"), foreign)
    assert (moved.status_code, moved.json()["code"]) == (412, "stale")


def test_filters_and_export(as_tester, sample_set):
    rows = as_tester.get(SAMPLES, {"sample_set": sample_set.pk, "clean": "true"}).json()["results"]
    assert {row["category"] for row in rows} == {"clean"}
    assert as_tester.get(SAMPLES, {"colour": "red"}).status_code == 400
    answer = as_tester.get(f"{of(sample_set)}samples.csv/", {"anomaly": "true"})
    text = answer.getvalue().decode("utf-8-sig")
    assert len(text.splitlines()) == 1 + sample_set.samples.filter(category="anomaly").count()


def test_the_owner_rejects_with_a_reason(as_tester, as_owner, sample_set, tester):
    include_all(sample_set)
    approval.submit(version=sample_set, actor=tester)
    assert post(as_owner, of(sample_set, "reject")).status_code == 400
    rejected = post(as_owner, of(sample_set, "reject"), {"reason": "Too few."}).json()
    assert (rejected["status"], rejected["decision_note"]) == ("rejected", "Too few.")


def test_sample_sizes(as_tester):
    told = as_tester.get(SIZES, {"confidence": 95, "tolerable": 5, "expected": 0}).json()
    assert (told["size"], told["allowed"]) == (59, 0)
    finite = as_tester.get(SIZES, {"tolerable": 5, "population": 100}).json()
    assert finite["size"] == 45
    proofs = as_tester.get(SIZES, {"records": 25}).json()["proofs"]
    assert (
        proofs[0]["sentence"]
        == "25 records without a deviation prove, at 95 % confidence, that at most 11.3 % deviate."
    )
    none = as_tester.get(SIZES, {"tolerable": 2, "expected": 2}).json()
    assert none["size"] is None and none["sentence"]
    assert as_tester.get(SIZES, {"confidence": 12}).status_code == 400
    assert as_tester.get(SIZES, {"colour": "red"}).status_code == 400
    assert APIClient().get(SIZES).status_code == 401
