"""Pages of rule sets as tester, owner, administrator and stranger meet them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from synapse.cycles.services import approval
from synapse.cycles.services.phases import reopen_phase
from synapse.planning.services.editing import add_attribute
from synapse.profiling.models import Rule, RuleSet
from synapse.profiling.services.rule_editing import edit_rule
from tests.factories.accounts import make_admin, make_tester
from tests.factories.profiling import (
    make_approved_rules,
    make_rule_set,
)
from tests.profiling.pages import url

pytestmark = pytest.mark.django_db

SHOWN = ["rule_set_detail", "rule_set_compare", "rule_set_versions"]
DRAFT_PAGES = [
    "rule_set_propose", "rule_set_import", "rule_set_submit", "rule_set_take_over", "rule_create",
]  # fmt: skip
HTMX = {"HX-Request": "true"}


@pytest.fixture
def rule_set(phase):
    return make_rule_set(phase=phase)


def text(client, address, **options):
    page = client.get(address, **options)
    assert page.status_code == 200, page.content.decode()[:2000]
    return page.content.decode()


@pytest.mark.parametrize("name", SHOWN)
def test_pages_open_for_those_who_take_part_and_no_others(as_tester, rule_set, owner, name):
    for person, code in (
        (rule_set.cycle_report.tester, 200),
        (owner, 200),
        (rule_set.cycle_report.cycle.executive, 200),
        (make_admin("ada"), 200),
        (make_tester("other"), 404),
    ):
        as_tester.force_login(person)
        assert as_tester.get(url(name, rule_set)).status_code == code


@pytest.mark.parametrize("name", DRAFT_PAGES)
def test_only_the_tester_of_the_report_is_shown_how_to_change_it(as_tester, rule_set, owner, name):
    assert as_tester.get(url(name, rule_set)).status_code == 200
    for person, code in ((owner, 403), (make_admin("ada"), 403), (make_tester("other"), 404)):
        as_tester.force_login(person)
        assert as_tester.get(url(name, rule_set)).status_code == code
        assert as_tester.post(url(name, rule_set), {}).status_code in (code, 200)
    assert not RuleSet.objects.exclude(status=RuleSet.Status.DRAFT).exists()


def test_who_may_not_change_a_draft_sees_no_button(as_tester, rule_set, owner):
    rule = rule_set.rules.get(rule_id="C1")
    page = text(as_tester, rule.get_absolute_url())
    changing = [
        url(name, rule_set)
        for name in ("rule_set_propose", "rule_set_import", "rule_create", "rule_set_switch")
    ] + [url(name, rule_set, rule.pk) for name in ("rule_edit", "rule_delete", "rule_switch")]
    assert [address for address in changing if address not in page] == []
    as_tester.force_login(owner)
    page = text(as_tester, rule.get_absolute_url())
    assert [address for address in changing if address in page] == []


def test_rules_are_read_as_sentences_and_narrowed(as_tester, rule_set):
    page = text(as_tester, rule_set.get_absolute_url())
    assert "CycleEndingBalance is at least 0" in page
    page = text(as_tester, f"{rule_set.get_absolute_url()}?kind=range")
    assert "CycleEndingBalance" in page and "ReferenceNumber is not blank" not in page
    page = text(as_tester, f"{rule_set.get_absolute_url()}?search=nothing+such")
    assert "No rule fits" in page
    for key in ("rule", "kind", "-severity", "source", "state", "nonsense"):
        text(as_tester, f"{rule_set.get_absolute_url()}?sort={key}")


def test_severities_are_sorted_by_weight_and_not_by_letter(as_tester, rule_set):
    tester = rule_set.cycle_report.tester
    for rule_id, severity in (("N1", "low"), ("B1", "critical")):
        rule = rule_set.rules.get(rule_id=rule_id)
        edit_rule(rule=rule, actor=tester, lock_version=1, severity=severity)
    page = as_tester.get(f"{rule_set.get_absolute_url()}?sort=-severity").context["page_obj"]
    assert [rule.rule_id for rule in page] == ["B1", "C1", "N1"]


def test_htmx_gets_the_list_or_the_panel_alone(as_tester, rule_set):
    rule = rule_set.rules.get(rule_id="C1")
    rows = text(as_tester, rule_set.get_absolute_url(), headers=HTMX | {"HX-Target": "list"})
    assert "<table" in rows and "<aside" not in rows
    panel = text(as_tester, rule.get_absolute_url(), headers=HTMX | {"HX-Target": "panel"})
    assert panel.count("<aside") == 1 and "<table" not in panel
    # htmx sends the name of a button outside its form only if it says that it submits.
    assert '<button type="submit"' in panel
    assert "SELECT" in panel and "Credit Card Type" in panel and "Not tried" in panel


@pytest.mark.parametrize("wanted", ["0", "x", "99999999999999999999", "-1"])
def test_a_rule_that_is_not_there_leaves_the_panel_away(as_tester, rule_set, wanted):
    assert 'id="panel" aria-label="Rule in focus" tabindex="-1" hidden' in text(
        as_tester, f"{rule_set.get_absolute_url()}?rule={wanted}"
    )


def test_figures_lead_to_their_rows(as_tester, rule_set):
    rule_set.rules.filter(rule_id="N1").update(enabled=False, needs_condition=True)
    context = as_tester.get(rule_set.get_absolute_url()).context
    for fact in context["facts"]:
        if "url" in fact:
            found = as_tester.get(fact["url"]).context["page_obj"].paginator.count
            assert found == fact["value"], fact["label"]
    assert [fact["value"] for fact in context["facts"]] == [3, 2, 1, 1, 0, 3, 1]


def test_a_rule_that_needs_a_condition_tells_what_was_counted(as_tester, rule_set):
    counted = {"checked": 1000, "failed": 370, "not_applicable": 12, "error": 0}
    remark = "needs a condition: 37 % of records are blank"
    rule_set.rules.filter(rule_id="N1").update(
        enabled=False, needs_condition=True, remark=remark, evidence=counted
    )
    page = text(as_tester, rule_set.rules.get(rule_id="N1").get_absolute_url())
    assert page.count(remark) == 2
    assert "370 (37 % of those checked)" in page
    assert "1,000" in page


def test_a_rule_about_a_field_that_is_gone_is_shown_and_keeps_the_set_from_submission(
    as_tester, rule_set, tester, owner
):
    plan = rule_set.plan
    executive = rule_set.cycle_report.cycle.executive
    reopen_phase(phase=plan.phase, actor=executive, reason="A field was renamed.")
    draft = approval.revise(version=plan, actor=tester)
    draft.attributes.filter(name="Credit Card Type").delete()
    add_attribute(plan=draft, actor=tester, name="Another", data_type="string")
    approval.submit(version=draft, actor=tester)
    approval.approve(version=draft, actor=owner)
    page = text(as_tester, rule_set.get_absolute_url())
    assert "Stale." in page
    assert url("rule_set_submit", rule_set) not in page
    page = as_tester.post(url("rule_set_take_over", rule_set), follow=True).content.decode()
    assert "Stale." not in page
    assert "can&#x27;t be evaluated" in page
    assert "Credit Card Type" in page
    page = text(as_tester, rule_set.rules.get(rule_id="C1").get_absolute_url())
    assert "<b>Can't be evaluated.</b>" in page
    refused = as_tester.post(url("rule_set_submit", rule_set), {"note": ""})
    assert refused.status_code == 409
    assert "Credit Card Type" in refused.content.decode()


def test_a_version_is_submitted_withdrawn_rejected_revised_and_approved(
    as_tester, rule_set, tester, owner
):
    assert url("rule_set_submit", rule_set) in text(as_tester, rule_set.get_absolute_url())
    assert "3 of 3 rules, 1 of them" in text(as_tester, url("rule_set_submit", rule_set))
    as_tester.post(url("rule_set_submit", rule_set), {"note": "Ready."})
    page = text(as_tester, rule_set.get_absolute_url())
    assert url("rule_set_approve", rule_set) not in page
    assert url("rule_set_withdraw", rule_set) in page
    assert as_tester.get(url("rule_set_approve", rule_set)).status_code == 403
    assert as_tester.post(url("rule_set_approve", rule_set), {"note": ""}).status_code == 403
    as_tester.post(url("rule_set_withdraw", rule_set))
    as_tester.post(url("rule_set_submit", rule_set), {"note": ""})
    as_tester.force_login(owner)
    assert url("rule_set_approve", rule_set) in text(as_tester, rule_set.get_absolute_url())
    empty = as_tester.post(url("rule_set_reject", rule_set), {"reason": " "})
    assert "This field is required" in empty.content.decode()
    as_tester.post(url("rule_set_reject", rule_set), {"reason": "Too few."})
    as_tester.force_login(tester)
    assert "Too few." in text(as_tester, rule_set.get_absolute_url())
    draft_page = as_tester.post(url("rule_set_revise", rule_set), follow=True)
    draft = RuleSet.objects.get(number=2)
    assert "Version 1 was rejected." in draft_page.content.decode()
    edit_rule(rule=draft.rules.get(rule_id="B1"), actor=tester, lock_version=1, severity="low")
    as_tester.post(url("rule_set_submit", draft), {"note": ""})
    as_tester.force_login(owner)
    as_tester.post(url("rule_set_approve", draft), {"note": ""})
    draft.refresh_from_db()
    assert draft.is_approved
    compared = text(as_tester, url("rule_set_compare", draft))
    assert "<del>medium</del>" in compared and "<ins>low</ins>" in compared
    assert as_tester.get(url("rule_set_compare", draft) + "?with=9").status_code == 404
    assert "Too few." in text(as_tester, url("rule_set_versions", draft))


@pytest.mark.parametrize("name", ["rule_set_propose", "rule_set_import", "rule_create"])
def test_a_decided_version_is_not_changed(client, name):
    approved = make_approved_rules()
    client.force_login(approved.cycle_report.tester)
    assert client.get(url(name, approved)).status_code == 409
    rule = approved.rules.first()
    assert client.get(url("rule_edit", approved, rule.pk)).status_code == 409
    assert (
        client.post(url("rule_switch", approved, rule.pk), {"enabled": "false"}).status_code == 409
    )
    assert approved.rules.filter(enabled=False).count() == 0


def test_pages_ask_as_often_for_many_rules_as_for_few(as_tester, rule_set, tester):
    client = as_tester

    def queries(address, **headers):
        with CaptureQueriesContext(connection) as captured:
            text(client, address, headers=headers)
        return len(captured)

    pages = [
        (rule_set.get_absolute_url(), {}),
        (rule_set.rules.first().get_absolute_url(), {}),
        (rule_set.get_absolute_url(), HTMX | {"HX-Target": "list"}),
        (rule_set.rules.first().get_absolute_url(), HTMX | {"HX-Target": "panel"}),
        (rule_set.phase.get_absolute_url(), {}),
        (url("rule_set_export", rule_set, "csv"), {}),
        (url("rule_create", rule_set), {}),
    ]
    for address, headers in pages:
        # What is read once a process is read now.
        queries(address, **headers)
    few = [queries(address, **headers) for address, headers in pages]
    Rule.objects.bulk_create(
        Rule(
            version=rule_set, rule_id=f"M{number}", position=10 + number, kind="not_blank",
            attributes=["ReferenceNumber"],
        )
        for number in range(300)
    )  # fmt: skip
    assert [queries(address, **headers) for address, headers in pages] == few
