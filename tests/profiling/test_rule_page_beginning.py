"""How rules come into a draft on its pages: begun, proposed, imported; and the admin."""

import csv
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jobs.models import Job
from jobs.testing import run_pending
from synapse.profiling.models import Rule, RuleSet
from synapse.profiling.services.rule_editing import add_rule
from tests.factories.accounts import make_admin, make_tester
from tests.factories.cycles import make_phase
from tests.factories.profiling import (
    make_approved_rules,
    make_population,
    make_profiling_phase,
    make_rule_set,
)
from tests.profiling.pages import url

pytestmark = pytest.mark.django_db


@pytest.fixture
def rule_set(phase):
    return make_rule_set(phase=phase)


def faults(response) -> dict:
    return dict(response.context["form"].errors.items())


def send(client, rule_set, content, name="rules.csv"):
    file = SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())
    return client.post(url("rule_set_import", rule_set), {"file": file})


def test_an_import_tells_what_was_taken_and_each_row_that_was_not(as_tester, rule_set):
    page = send(
        as_tester,
        rule_set,
        "rule_id,attributes,kind,parameters\n"
        'N1,ReferenceNumber,not_blank,\nNEW,CycleEndingBalance,range,"{""min"": 1}"\n'
        "C1,Credit Card Type,in_set,1|2|3\nBAD,Nothing There,not_blank,\n"
        "WORSE,CycleEndingBalance,shiny,\n",
    )
    assert page.status_code == 200
    text = page.content.decode()
    assert "<b>1</b> added, <b>1</b> changed, <b>1</b> unchanged" in text
    refused = page.context["result"].refused
    assert [(each.row, each.rule_id) for each in refused] == [(5, "BAD"), (6, "WORSE")]
    assert all(each.reason[1:] in text.replace("&#x27;", "'") for each in refused)
    assert rule_set.rules.get(rule_id="NEW").parameters == {"min": 1}


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff\xfe", b"a,b\n1,2\n", b"[]", b"{", b"rule_id,attributes\n"]
)
def test_a_file_without_rules_is_refused_with_the_reason(as_tester, rule_set, content):
    page = send(as_tester, rule_set, content)
    assert page.status_code == 422
    assert "read as rules" in page.content.decode()
    assert rule_set.rules.count() == 3


@pytest.mark.parametrize("value", ["a\0b", "\ud800", float("inf")])
def test_what_no_database_keeps_is_refused_by_row(as_tester, rule_set, value):
    rule = {"rule_id": "Z1", "kind": "in_set", "attributes": ["ReferenceNumber"]}
    rules = [
        rule | {"parameters": {"values": [value]}},
        rule | {"rule_id": "\ud800", "kind": "not_blank", "parameters": {}},
        rule | {"rule_id": "Z3", "kind": "not_blank", "parameters": {}},
    ]
    page = send(as_tester, rule_set, json.dumps(rules), "rules.json")
    assert page.context["result"].added == ["Z3"]
    assert [each.row for each in page.context["result"].refused] == [1, 2]


@pytest.mark.parametrize("form", ["csv", "json"])
def test_what_is_exported_is_imported_again_unchanged(as_tester, rule_set, form):
    for rule_id, kind in (("K1", "constant"), ("U1", "unique")):
        add_rule(
            rule_set=rule_set, actor=rule_set.cycle_report.tester, rule_id=rule_id, kind=kind,
            attributes=["ReferenceNumber", "Credit Card Type"], description="=1+1 is no formula",
        )  # fmt: skip
    address = url("rule_set_export", rule_set, form)
    content = as_tester.get(address).content
    page = send(as_tester, rule_set, content, f"rules.{form}")
    assert page.context["result"].counts == {
        "added": 0, "changed": 0, "unchanged": 5, "replaced": 0, "refused": 0,
    }  # fmt: skip
    narrowed = as_tester.get(f"{address}?kind=range").content.decode("utf-8-sig")
    found = (
        json.loads(narrowed)["rules"]
        if form == "json"
        else list(csv.DictReader(io.StringIO(narrowed)))
    )
    assert [row["rule_id"] for row in found] == ["B1"]
    assert as_tester.get(f"{address}?kind=none").status_code == 422


def phase_page(client, phase):
    return client.get(url("phase_detail", phase)).content.decode()


def test_the_phase_says_what_is_missing_and_who_does_it(client):
    phase = make_phase("profiling")
    client.force_login(phase.cycle_report.tester)
    assert "No plan is approved yet" in phase_page(client, phase)
    refused = client.post(url("rule_set_start", phase))
    assert refused.status_code == 409
    phase = make_profiling_phase()
    client.force_login(phase.cycle_report.report.owner)
    page = phase_page(client, phase)
    assert "The tester has rules proposed" in page
    assert url("rule_set_start", phase) not in page
    assert client.post(url("rule_set_start", phase)).status_code == 403
    client.force_login(phase.cycle_report.tester)
    assert "Import it first, or begin without" in phase_page(client, phase)
    make_population(phase=phase)
    assert "tried on the population" in phase_page(client, phase)
    client.post(url("rule_set_start", phase))
    rule_set = RuleSet.objects.get()
    page = phase_page(client, phase)
    assert rule_set.get_absolute_url() in page and "Go on with version 1" in page
    assert "No rules yet" in client.get(rule_set.get_absolute_url()).content.decode()
    client.force_login(make_tester("stranger"))
    assert client.post(url("rule_set_start", phase)).status_code == 404


def test_after_a_decision_the_phase_leads_to_a_new_version(client):
    approved = make_approved_rules()
    client.force_login(approved.cycle_report.tester)
    page = phase_page(client, approved.phase)
    assert url("rule_set_revise", approved) in page
    client.force_login(make_admin("ada"))
    page = phase_page(client, approved.phase)
    assert approved.get_absolute_url() in page
    assert url("rule_set_revise", approved) not in page


@pytest.mark.django_db(transaction=True)
def test_rules_are_proposed_in_one_press_and_followed(client):
    phase = make_profiling_phase()
    population = make_population(phase=phase)
    client.force_login(phase.cycle_report.tester)
    page = client.post(url("rule_set_start", phase), {"propose": "on"}, follow=True)
    rule_set, job = RuleSet.objects.get(), Job.objects.get(task="profiling.propose_rules")
    text = page.content.decode()
    assert f'data-job-bar="{job.pk}"' in text and "Rules are being proposed" in text
    assert f'data-job-bar="{job.pk}"' in phase_page(client, phase)
    again = client.post(
        url("rule_set_propose", rule_set), {"population": population.pk}, follow=True
    )
    assert "already under way" in again.content.decode()
    run_pending()
    text = client.get(rule_set.get_absolute_url()).content.decode()
    assert "data-job-bar" not in text
    assert "needs a condition: 20 % of records are blank" in text
    assert Rule.objects.filter(version=rule_set, needs_condition=True, enabled=True).count() == 0


def test_proposals_are_tried_on_the_population_that_is_chosen(as_tester, rule_set):
    page = as_tester.get(url("rule_set_propose", rule_set))
    assert "nothing can be tried" in page.content.decode()
    make_population(phase=rule_set.phase)
    second = make_population(phase=rule_set.phase, name="second.csv")
    page = as_tester.get(url("rule_set_propose", rule_set))
    assert "second.csv (5 records)" in page.content.decode()
    foreign = make_population()
    refused = as_tester.post(url("rule_set_propose", rule_set), {"population": foreign.pk})
    assert [*faults(refused)] == ["population"]
    as_tester.post(url("rule_set_propose", rule_set), {"population": second.pk})
    rule_set.refresh_from_db()
    assert rule_set.population == second
    assert Job.objects.get().task == "profiling.propose_rules"


def test_the_admin_shows_rule_sets_and_changes_nothing(client, rule_set):
    admin = make_admin("ada")
    client.force_login(admin)
    for model, pk in (("ruleset", rule_set.pk), ("rule", rule_set.rules.first().pk)):
        assert client.get(reverse(f"admin:profiling_{model}_changelist")).status_code == 200
        assert client.get(reverse(f"admin:profiling_{model}_change", args=[pk])).status_code == 200
        assert client.post(reverse(f"admin:profiling_{model}_delete", args=[pk])).status_code == 403
        assert client.get(reverse(f"admin:profiling_{model}_add")).status_code == 403
    found = client.get(reverse("admin:profiling_rule_changelist"), {"q": "C1", "kind": "in_set"})
    assert found.context["cl"].result_count == 1
