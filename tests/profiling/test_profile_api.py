"""Profiles over REST; each answer is also held against the OpenAPI document."""

import csv
import io

import pytest

from jobs.testing import run_pending
from synapse.profiling.models import Profile
from tests.factories.accounts import make_admin, make_tester
from tests.factories.profiles import make_profile, make_profile_phase
from tests.factories.profiling import (
    make_approved_rules,
    make_population,
    make_profiling_phase,
    make_rule_set,
    make_uploaded_population,
)

pytestmark = pytest.mark.django_db
PROFILES = "/api/v1/profiles/"
RESULTS = "/api/v1/rule-results/"
COLUMNS = "/api/v1/attribute-profiles/"


@pytest.fixture
def profile():
    return make_profile()


@pytest.fixture
def client(api, profile):
    return api(profile.created_by)


def of(profile, action=""):
    return f"{PROFILES}{profile.pk}/{action}" + ("/" if action else "")


def start(client, rule_set, population):
    body = {"rule_set": rule_set.pk, "population": population.pk}
    return client.post(PROFILES, body, format="json")


def refusal(response):
    return response.status_code, response.json()["code"]


def lines(response):
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_profile_is_started_followed_and_read(api):
    phase = make_profile_phase()
    population = make_population(phase=phase)
    rule_set = make_approved_rules(phase=phase)
    client = api(phase.cycle_report.tester)
    started = start(client, rule_set, population)
    assert started.status_code == 202
    assert int(started["Retry-After"]) > 0
    assert refusal(start(client, rule_set, population)) == (409, "already_running")
    run_pending()
    job = client.get(started["Location"]).json()
    profile = Profile.objects.get()
    assert (job["status"], job["result_url"]) == ("succeeded", profile.get_absolute_url())
    told = client.get(of(profile)).json()
    assert (told["rule_set"], told["population"]) == (rule_set.pk, population.pk)
    assert (told["record_count"], told["rules_run"], told["failing_records"]) == (5, 3, 0)
    assert told["finished_at"] and told["quality"] == str(profile.quality)


def test_what_each_rule_found_is_read_and_narrowed(client, profile):
    rows = client.get(RESULTS, {"profile": profile.pk}).json()["results"]
    assert {
        row["rule_id"]: (row["checked"], row["failed"], row["not_applicable"], row["error"])
        for row in rows
    } == {
        "R1": (5, 1, 0, 0),
        "R2": (4, 1, 1, 0),
        "R3": (3, 1, 1, 1),
        "R4": (5, 0, 0, 0),
        "R5": (0, 0, 0, 5),
    }
    broken = client.get(RESULTS, {"outcome": "broken"}).json()["results"]
    assert [(row["rule_id"], row["status"]) for row in broken] == [("R5", "error")]
    assert "MaturityDate" in broken[0]["message"]
    assert client.get(RESULTS, {"outcome": "splendid"}).status_code == 400
    assert client.get(RESULTS, {"colour": "red"}).status_code == 400


def test_how_columns_are_spread(client, profile):
    [row] = client.get(COLUMNS, {"profile": profile.pk, "search": "M058"}).json()["results"]
    assert (row["column"], row["attribute_name"]) == ("CycleEndingBalance", "Cycle Ending Balance")
    assert (row["rows"], row["blank"], row["unreadable"], row["distinct"]) == (5, 1, 1, 4)
    assert row["quantiles"]["p50"] == "12" and row["quality"] == "75.32"
    assert {"value": "NA", "count": 1} in row["top_values"]


def test_failing_records_come_in_pages(client, profile):
    first = client.get(of(profile, "failures"), {"limit": 2}).json()
    assert [(row["record_no"], row["key"], row["rule_id"]) for row in first["results"]] == [
        (2, "0002", "R1"),
        (3, "0003", "R2"),
    ]
    rest = client.get(of(profile, "failures"), {"after": first["next_after"]}).json()
    assert [row["record_no"] for row in rest["results"]] == [4]
    assert rest["next_after"] is None
    one = client.get(of(profile, "failures"), {"rule": "R3"}).json()["results"]
    assert one == [
        {"record_no": 4, "key": "0004", "rule_id": "R3", "attribute": "CycleEndingBalance",
         "value": "7"}
    ]  # fmt: skip
    assert client.get(of(profile, "failures"), {"rule": "nowhere"}).json()["results"] == []


@pytest.mark.parametrize(
    "query", [{"limit": 0}, {"limit": 1001}, {"after": -1}, {"rule": "\0"}, {"colour": "red"}]
)
def test_failures_asked_for_wrongly_are_refused(client, profile, query):
    assert client.get(of(profile, "failures"), query).status_code == 400


def test_csv(client, profile):
    assert [row["rule_id"] for row in lines(client.get(of(profile, "results.csv")))] == [
        "R1", "R2", "R3", "R4", "R5",
    ]  # fmt: skip
    clean = client.get(of(profile, "results.csv"), {"outcome": "clean"})
    assert [row["rule_id"] for row in lines(clean)] == ["R4"]
    assert len(lines(client.get(of(profile, "attributes.csv")))) == 3
    failed = lines(client.get(of(profile, "failures.csv"), {"rule": "R2"}))
    assert [(row["record_no"], row["value"]) for row in failed] == [("3", "2")]
    assert lines(client.get(of(profile, "failures.csv"), {"rule": "\0"})) == []
    for path in ("results.csv", "attributes.csv", "failures.csv"):
        assert client.get(of(profile, path), {"colour": "red"}).status_code == 400


def test_an_unfinished_profile_tells_no_figures(api):
    profile = make_profile(run=False)
    client = api(profile.created_by)
    told = client.get(of(profile)).json()
    assert (told["finished_at"], told["failing_records"], told["quality"]) == (None, None, None)
    for path in ("failures", "failures.csv", "results.csv", "attributes.csv"):
        assert refusal(client.get(of(profile, path))) == (409, "profile_unfinished")
    assert client.get(PROFILES, {"finished": "true"}).json()["results"] == []
    assert len(client.get(PROFILES, {"finished": "false"}).json()["results"]) == 1


def test_only_approved_rules_and_populations_of_the_report_run(api):
    phase = make_profiling_phase()
    cycle_report = phase.cycle_report
    population = make_population(phase=phase)
    draft = make_rule_set(phase=phase)
    tester = api(cycle_report.tester)
    assert refusal(start(tester, draft, population)) == (409, "rules_not_approved")
    owner = api(cycle_report.report.owner)
    assert refusal(start(owner, draft, population)) == (403, "not_allowed")
    foreign = make_population(phase=make_profiling_phase())
    assert start(tester, draft, foreign).status_code == 404
    assert start(api(make_tester()), draft, population).status_code == 404
    assert not Profile.objects.exists()


def test_a_population_of_another_cycle_report_of_the_same_tester_is_refused(api):
    phase = make_profiling_phase()
    rule_set = make_approved_rules(phase=phase)
    other = make_profiling_phase()
    type(other.cycle_report).objects.filter(pk=other.cycle_report.pk).update(
        tester=phase.cycle_report.tester
    )
    other.cycle_report.refresh_from_db()
    client = api(phase.cycle_report.tester)
    foreign = make_population(phase=other)
    assert refusal(start(client, rule_set, foreign)) == (422, "foreign_population")
    unread = make_uploaded_population(phase=phase)
    assert refusal(start(client, rule_set, unread)) == (409, "population_not_imported")


@pytest.mark.parametrize(
    "body", [{}, {"rule_set": 1}, {"rule_set": "x", "population": 1},
             {"rule_set": 2**63, "population": 1}]
)  # fmt: skip
def test_a_start_wants_two_numbers(client, body):
    assert client.post(PROFILES, body, format="json").status_code == 400


def test_others_find_nothing_and_administrators_all(api, profile):
    stranger, column = api(make_tester()), profile.attribute_profiles.first()
    addresses = [
        of(profile), of(profile, "failures"), of(profile, "failures.csv"),
        of(profile, "results.csv"), of(profile, "attributes.csv"),
        f"{RESULTS}{profile.results.first().pk}/", f"{COLUMNS}{column.pk}/",
    ]  # fmt: skip
    for address in addresses:
        assert stranger.get(address).status_code == 404
        assert api(profile.cycle_report.report.owner).get(address).status_code == 200
        assert api(make_admin()).get(address).status_code == 200
        assert api().get(address).status_code == 401
    for address in (PROFILES, RESULTS, COLUMNS):
        assert stranger.get(address).json()["results"] == []


def test_nothing_found_can_be_changed(client, profile):
    for address in (of(profile), f"{RESULTS}{profile.results.first().pk}/"):
        for method in ("put", "patch", "delete"):
            assert getattr(client, method)(address, {}, format="json").status_code == 405
