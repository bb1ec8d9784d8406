"""The pages of a profile: who sees what, in which order, what is taken away, what is refused."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jobs.models import Job
from jobs.testing import run_pending
from synapse.profiling.models import Profile
from synapse.profiling.services.profiles import begin_profile
from tests.factories.accounts import make_admin, make_tester
from tests.factories.planning import FIELDS
from tests.factories.profiles import make_profile, make_profile_phase
from tests.factories.profiling import (
    make_approved_rules,
    make_population,
    make_profiling_phase,
)

pytestmark = pytest.mark.django_db

PAGES = ["profile_detail", "profile_attributes", "profile_failures"]
EXPORTS = ["result_export", "attribute_export", "failure_export"]
UNSAFE = """\
ReferenceNumber,Credit Card Type,CycleEndingBalance
=1+1,@SUM(A1),100.50
0002,<i>2</i>,-5
"""


@pytest.fixture
def profile():
    return make_profile()


@pytest.fixture
def as_tester(client, profile):
    client.force_login(profile.created_by)
    return client


def url(name, profile, query=""):
    return reverse(f"profiling:{name}", args=[profile.pk]) + query


def page(client, address, **headers):
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    return response


def shown(client, profile, query):
    rows = page(client, url("profile_detail", profile, query)).context["page_obj"]
    return [row.rule.rule_id for row in rows]


def columns(client, profile, query):
    rows = page(client, url("profile_attributes", profile, query)).context["page_obj"]
    return [row.column for row in rows]


def export(client, name, profile, query=""):
    response = page(client, url(name, profile, query))
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("name", PAGES + EXPORTS)
def test_who_takes_part_sees_it_and_nobody_else(client, profile, name):
    cycle_report = profile.cycle_report
    insiders = [cycle_report.tester, cycle_report.report.owner, make_admin()]
    for person, code in [*((each, 200) for each in insiders), (make_tester(), 404)]:
        client.force_login(person)
        assert client.get(url(name, profile)).status_code == code
    client.logout()
    assert client.get(url(name, profile)).status_code == 302


def test_the_page_tells_what_each_rule_found(as_tester, profile):
    text = page(as_tester, profile.get_absolute_url()).content.decode()
    assert "Could not be run: " in text and "has no column" in text
    assert "1 attribute of the plan has no column in this population" in text
    assert "Maturity Date" in text
    # R5 checked nothing: its share is no number.
    assert text.count("no data") == 1


@pytest.mark.parametrize(
    ("query", "rules"),
    [
        ("?outcome=failing", ["R1", "R2", "R3"]),
        ("?outcome=clean", ["R4"]),
        ("?outcome=unreadable", ["R3"]),
        ("?outcome=broken", ["R5"]),
        ("?outcome=idle", []),
        ("?kind=not_blank", ["R1", "R5"]),
        ("?severity=high", ["R2"]),
        ("?search=maturity", ["R5"]),
        ("?source=manual&severity=low", ["R4"]),
        ("?sort=-severity", ["R1", "R2", "R3", "R5", "R4"]),
        ("?sort=-checked", ["R1", "R4", "R2", "R3", "R5"]),
        ("?sort=-error", ["R5", "R3", "R1", "R2", "R4"]),
        ("?sort=nonsense", ["R1", "R2", "R3", "R4", "R5"]),
        ("?page=99", ["R1", "R2", "R3", "R4", "R5"]),
    ],
)
def test_rules_are_narrowed_and_sorted_by_the_address(as_tester, profile, query, rules):
    assert shown(as_tester, profile, query) == rules


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["ReferenceNumber", "Credit Card Type", "CycleEndingBalance"]),
        ("?blanks=true", ["Credit Card Type", "CycleEndingBalance"]),
        ("?unreadable=true", ["CycleEndingBalance"]),
        ("?judged=false", []),
        ("?planned=false", []),
        ("?search=M058", ["CycleEndingBalance"]),
        ("?sort=quality", ["Credit Card Type", "CycleEndingBalance", "ReferenceNumber"]),
        ("?sort=-distinct", ["ReferenceNumber", "CycleEndingBalance", "Credit Card Type"]),
    ],
)
def test_columns_are_narrowed_and_sorted_by_the_address(as_tester, profile, query, names):
    assert columns(as_tester, profile, query) == names


def test_the_panel_shows_the_column_of_the_address(as_tester, profile):
    balance = profile.attribute_profiles.get(column="CycleEndingBalance")
    address = url("profile_attributes", profile, f"?column={balance.pk}")
    whole = page(as_tester, address).content.decode()
    part = page(as_tester, address, **{"HX-Target": "panel"}).content.decode()
    assert "<html" not in part and part.strip() in whole
    for text in ("<h2>CycleEndingBalance</h2>", "1 (20 %)", "75.3", "R1", "R3", "100.5"):
        assert text in part


@pytest.mark.parametrize(
    ("column", "is_number"), [("0", True), ("9" * 18, True), ("9" * 5000, False), ("x", False)]
)
def test_a_column_that_is_not_there_shows_none_or_the_first(as_tester, profile, column, is_number):
    text = page(as_tester, url("profile_attributes", profile, f"?column={column}")).content
    assert (b"Choose a column" in text) is is_number


def test_htmx_gets_the_list_alone(as_tester, profile):
    for name in PAGES:
        text = page(as_tester, url(name, profile), **{"HX-Target": "list"}).content.decode()
        assert "<html" not in text and "<table" in text


def test_failing_records_of_all_rules_and_of_one(as_tester, profile):
    found = page(as_tester, url("profile_failures", profile)).context["page_obj"]
    assert [(each.record_no, each.rule_id) for each in found] == [(2, "R1"), (3, "R2"), (4, "R3")]
    response = page(as_tester, url("profile_failures", profile, "?rule=R3"))
    assert [each.key for each in response.context["page_obj"]] == ["0004"]
    assert f'href="{url("failure_export", profile, "?rule=R3")}"' in response.content.decode()
    assert "1 of 3 checked records fail (33.3 %)" in response.content.decode()
    for rule in ("R4", "nowhere", "%00", "%F0%9F%98%80"):
        text = page(as_tester, url("profile_failures", profile, f"?rule={rule}")).content
        assert b"No record fails this rule" in text


def test_many_failing_records_come_in_pages(client):
    rows = "".join(f"{number:04},3,1\n" for number in range(1, 151))
    profile = make_profile(content=f"ReferenceNumber,Credit Card Type,CycleEndingBalance\n{rows}")
    client.force_login(profile.created_by)
    second = page(client, url("profile_failures", profile, "?rule=R2&page=2")).context["page_obj"]
    assert second.paginator.count == 150
    assert [each.record_no for each in second] == list(range(101, 151))


def test_what_is_taken_away_runs_in_no_spreadsheet(client):
    profile = make_profile(content=UNSAFE)
    client.force_login(profile.created_by)
    failed = {row["record_no"]: row for row in export(client, "failure_export", profile)}
    assert (failed["1"]["key"], failed["1"]["value"]) == ("'=1+1", "'@SUM(A1)")
    spread = {row["column"]: row for row in export(client, "attribute_export", profile)}
    assert spread["ReferenceNumber"]["maximum"] == "'=1+1"
    assert spread["CycleEndingBalance"]["minimum"] == "'-5"
    text = page(client, url("profile_failures", profile)).content.decode()
    assert "<i>2</i>" not in text and "&lt;i&gt;2&lt;/i&gt;" in text


def test_exports_have_what_the_address_leaves(as_tester, profile):
    assert len(export(as_tester, "result_export", profile)) == 5
    [row] = export(as_tester, "result_export", profile, "?outcome=broken")
    assert (row["rule_id"], row["error"], row["status"]) == ("R5", "5", "error")
    assert [row["record_no"] for row in export(as_tester, "failure_export", profile, "?rule=R2")]
    assert len(export(as_tester, "attribute_export", profile, "?blanks=true")) == 2
    assert as_tester.get(url("result_export", profile, "?outcome=x")).status_code == 422
    refused = as_tester.get(url("attribute_export", profile, "?blanks=maybe"))
    assert refused.status_code == 422 and "“maybe” is neither" in refused.content.decode()


def test_a_profile_without_data_says_so_and_never_0(client):
    blank = "ReferenceNumber,Credit Card Type,CycleEndingBalance\n1,,\n"
    rules = [{"rule_id": "A", "kind": "range", "attributes": ["CycleEndingBalance"],
              "parameters": {"min": "0"}}]  # fmt: skip
    profile = make_profile(content=blank, rules=rules)
    client.force_login(profile.created_by)
    facts = page(client, profile.get_absolute_url()).context["facts"]
    assert facts[0]["value"] == "no data"
    assert "rules with nothing to check" in [fact["label"] for fact in facts]


def test_an_unfinished_profile_shows_its_job_and_no_figures(client):
    profile = make_profile(run=False)
    client.force_login(profile.created_by)
    job = Job.objects.get(subject_id=profile.pk, task="profiling.profile")
    for name in PAGES:
        text = page(client, url(name, profile)).content.decode()
        assert f'data-job-bar="{job.pk}"' in text and "Profiling runs" in text
    for name in EXPORTS:
        assert client.get(url(name, profile)).status_code == 409
    stale = begin_profile(
        rule_set=profile.rule_set, population=profile.population, actor=profile.created_by
    )
    assert b"This profile was not finished" in page(client, stale.get_absolute_url()).content


def test_the_tester_starts_a_profile_from_the_phase_page(client):
    phase = make_profile_phase()
    older, newer = make_population(phase=phase), make_population(phase=phase, name="later.csv")
    client.force_login(phase.cycle_report.tester)
    start = reverse("profiling:profile_start", args=[phase.pk])
    assert client.post(start).status_code == 409
    make_approved_rules(phase=phase)
    assert client.post(start, {"population": "x"}).status_code == 404
    response = client.post(start, {"population": older.pk})
    first = Profile.objects.get()
    assert (response.url, first.population) == (first.get_absolute_url(), older)
    assert client.post(start).status_code == 409
    run_pending()
    client.post(start)
    assert Profile.objects.exclude(pk=first.pk).get().population == newer


def test_a_start_is_refused_to_others_and_without_records(client):
    phase = make_profiling_phase()
    make_approved_rules(phase=phase)
    foreign = make_population(phase=make_profiling_phase())
    start = reverse("profiling:profile_start", args=[phase.pk])
    client.force_login(phase.cycle_report.tester)
    assert client.post(start).status_code == 409
    make_population(phase=phase)
    assert client.post(start, {"population": foreign.pk}).status_code == 404
    for person, code in ((phase.cycle_report.report.owner, 403), (make_tester(), 404)):
        client.force_login(person)
        assert client.post(start).status_code == code
    assert not Profile.objects.exists()


def wide(count):
    """A profile of `count` more columns, each with a rule that fails."""
    fields = [{"name": f"Field {n}", "data_type": "string"} for n in range(count)]
    names = ["ReferenceNumber", *(each["name"] for each in fields)]
    content = "\n".join([",".join(names), *(f"{row}" + "," * count for row in range(3))])
    rules = [
        {"rule_id": name, "kind": "not_blank", "attributes": [name]} for name in names
    ]  # fmt: skip
    phase = make_profiling_phase(fields=(FIELDS[0], *fields))
    return make_profile(phase=phase, content=content, rules=rules)


@pytest.mark.parametrize("name", PAGES)
def test_more_rules_and_columns_cost_no_more_queries(client, name):
    asked = []
    for profile in (wide(1), wide(30)):
        client.force_login(profile.created_by)
        page(client, url(name, profile))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(client, url(name, profile))
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 25


@pytest.mark.parametrize("model", ["profile", "ruleresult", "attributeprofile"])
def test_administrators_look_and_change_nothing(client, profile, model):
    client.force_login(make_admin(is_superuser=True))
    listed = reverse(f"admin:profiling_{model}_changelist")
    assert client.get(listed, {"q": "1"}).status_code == 200
    some = {"profile": profile, "ruleresult": profile.results.first(),
            "attributeprofile": profile.attribute_profiles.first()}[model]  # fmt: skip
    shown = reverse(f"admin:profiling_{model}_change", args=[some.pk])
    assert client.get(shown).status_code == 200
    for action, arguments in (("add", []), ("delete", [some.pk])):
        address = reverse(f"admin:profiling_{model}_{action}", args=arguments)
        assert client.post(address).status_code == 403
