"""What a tester changes on the pages of a rule set, and how a refusal is told."""

import json

import pytest

from synapse.profiling import rulebook
from synapse.profiling.rule_kinds import KINDS
from synapse.profiling.rule_states import RuleKind
from tests.factories.profiling import (
    make_rule_set,
)
from tests.profiling.pages import url

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def rule_set(phase):
    return make_rule_set(phase=phase)


def filled(**changes) -> dict:
    """The form of a rule as it is sent."""
    return {
        "rule_id": "X1",
        "kind": "range",
        "attributes": "CycleEndingBalance",
        "parameters": '{"min": "0", "max": "1000"}',
        "severity": "high",
        "enabled": "on",
        "description": "",
        "remark": "",
    } | changes


def faults(response) -> dict:
    return dict(response.context["form"].errors.items())


def test_a_rule_is_written_by_hand(as_tester, rule_set):
    page = as_tester.get(url("rule_create", rule_set)).content.decode()
    assert "<code>Credit Card Type</code>" in page
    done = as_tester.post(url("rule_create", rule_set), filled(), follow=True)
    rule = rule_set.rules.get(rule_id="X1")
    assert rule.parameters == {"min": "0", "max": "1000"}
    assert (rule.source, rule.severity, rule.enabled) == ("manual", "high", True)
    assert done.request["QUERY_STRING"] == f"rule={rule.pk}"
    assert "CycleEndingBalance is between 0 and 1000" in done.content.decode()


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("ReferenceNumber, CycleEndingBalance", ["ReferenceNumber", "CycleEndingBalance"]),
        (" ReferenceNumber |CycleEndingBalance|", ["ReferenceNumber", "CycleEndingBalance"]),
        ("ReferenceNumber", ["ReferenceNumber"]),
    ],
)
def test_attributes_are_told_apart_by_commas_or_bars(as_tester, rule_set, typed, read):
    sent = filled(kind="unique", attributes=typed, parameters="")
    as_tester.post(url("rule_create", rule_set), sent)
    assert rule_set.rules.get(rule_id="X1").attributes == read


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"parameters": "{min: 0}"}, "parameters", "line 1, column 2"),
        ({"parameters": "[1]"}, "parameters", "in braces"),
        ({"parameters": '{"min": NaN}'}, "parameters", "without end"),
        ({"parameters": '{"min": 1e999}'}, "parameters", "too large"),
        ({"parameters": '{"min": "\\u0000"}'}, "parameters", "NUL"),
        ({"parameters": '{"min": ' + "[" * 5000 + "]" * 5000 + "}"}, "parameters", ""),
        ({"parameters": '{"min": ' + "9" * 5000 + "}"}, "parameters", "without end"),
        ({"parameters": "{}"}, "parameters", "min"),
        ({"parameters": '{"least": 0}'}, "parameters", "least"),
        ({"attributes": "CycleEndingBalans"}, "attributes", "did you mean"),
        ({"attributes": "ReferenceNumber, CycleEndingBalance"}, "attributes", "exactly one"),
        ({"attributes": " , "}, "attributes", "at least one"),
        ({"attributes": ""}, "attributes", "required"),
        ({"kind": "regex", "parameters": '{"pattern": "("}'}, "parameters", "pattern: "),
        ({"kind": "nonsense"}, "kind", "nonsense"),
        ({"rule_id": "N1"}, "rule_id", "already has a rule"),
        ({"rule_id": "x" * 121}, "rule_id", "120"),
        ({"description": "a\0b"}, "description", "Null"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(as_tester, rule_set, changes, field, said):
    refused = as_tester.post(url("rule_create", rule_set), filled(**changes))
    assert refused.status_code in (200, 422)
    found = faults(refused)
    assert [*found] == [field]
    assert said in " ".join(found[field])
    assert rule_set.rules.count() == 3
    # What was typed stays.
    typed = changes.get("parameters", filled()["parameters"])
    assert refused.context["form"]["parameters"].value() == typed


def test_a_rule_is_edited_and_a_stale_edit_is_told_who_was_faster(as_tester, rule_set):
    rule = rule_set.rules.get(rule_id="C1")
    address = url("rule_edit", rule_set, rule.pk)
    page = as_tester.get(address)
    form = page.context["form"]
    sent = {bound.name: bound.value() for bound in form}
    assert sent["attributes"] == "Credit Card Type"
    assert json.loads(sent["parameters"]) == {"values": ["1", "2"]}
    sent["parameters"] = '{"values": ["1", "2", "3"]}'
    assert as_tester.post(address, sent).status_code == 302
    stale = as_tester.post(address, sent | {"severity": "low"})
    assert stale.status_code == 412
    text = stale.content.decode()
    assert "was changed by" in text and "(parameters)" in text
    assert "Begin again from what is saved" in text
    rule.refresh_from_db()
    assert (rule.severity, rule.lock_version) == ("high", 2)


def test_each_kind_is_explained_by_a_rule_that_is_one():
    assert [each.kind for each in KINDS] == list(RuleKind)
    for each in KINDS:
        data = {
            "rule_id": "X", "kind": str(each.kind), "attributes": list(each.attributes),
            "parameters": json.loads(each.example),
        }  # fmt: skip
        assert rulebook.sentence(rulebook.Rule.from_dict(data))


def test_a_rule_is_deleted_after_a_question(as_tester, rule_set, owner):
    rule = rule_set.rules.get(rule_id="C1")
    address = url("rule_delete", rule_set, rule.pk)
    assert "Delete rule “C1”?" in as_tester.get(address).content.decode()
    assert as_tester.post(address, {"expected": 7}).status_code == 412
    as_tester.post(address, {"expected": 1})
    assert not rule_set.rules.filter(rule_id="C1").exists()
    other = rule_set.rules.get(rule_id="B1")
    as_tester.force_login(owner)
    assert (
        as_tester.post(url("rule_delete", rule_set, other.pk), {"expected": 1}).status_code == 403
    )
    assert rule_set.rules.filter(rule_id="B1").exists()


def test_one_rule_is_switched_with_and_without_htmx(as_tester, rule_set, owner):
    rule = rule_set.rules.get(rule_id="C1")
    address = url("rule_switch", rule_set, rule.pk)
    back = as_tester.post(address, {"enabled": "false", "query": "kind=in_set"})
    assert back.url == f"{rule_set.get_absolute_url()}?kind=in_set&rule={rule.pk}"
    rule.refresh_from_db()
    assert not rule.enabled
    part = as_tester.post(address, {"enabled": "true", "query": "kind=in_set"}, headers=HTMX)
    html = part.content.decode()
    assert f'id="rule-{rule.pk}" data-row tabindex="-1" hx-swap-oob="true"' in html
    assert 'id="facts"' in html and 'id="rule-actions"' in html and 'id="panel"' in html
    assert as_tester.post(address, {"enabled": "maybe"}).status_code == 422
    foreign = make_rule_set().rules.first()
    assert as_tester.post(url("rule_switch", rule_set, foreign.pk)).status_code == 404
    as_tester.force_login(owner)
    assert as_tester.post(address, {"enabled": "false"}).status_code == 403
    rule.refresh_from_db()
    assert rule.enabled


def test_ticked_rules_or_all_that_the_filter_finds_are_switched(as_tester, rule_set, owner):
    address = url("rule_set_switch", rule_set)
    ids = {rule.rule_id: rule.pk for rule in rule_set.rules.all()}
    done = as_tester.post(
        address, {"enabled": "false", "item": [ids["N1"], ids["C1"]]}, follow=True
    )
    assert "2 rules switched off." in done.content.decode()
    done = as_tester.post(
        f"{address}?enabled=false&kind=in_set", {"enabled": "true", "matching": "on"}
    )
    assert done.url.endswith("?enabled=false&kind=in_set")
    assert [*rule_set.rules.filter(enabled=False).values_list("rule_id", flat=True)] == ["N1"]
    assert as_tester.post(address, {"enabled": "true"}).status_code == 422
    assert as_tester.post(address, {"enabled": "true", "item": ["x"]}).status_code == 422
    assert as_tester.post(address, {"enabled": "true", "item": [10**9]}).status_code == 422
    broken = as_tester.post(f"{address}?kind=none", {"enabled": "true", "matching": "on"})
    assert broken.status_code == 422
    as_tester.force_login(owner)
    foreign = url("rule_set_switch", make_rule_set())
    assert as_tester.post(foreign, {"enabled": "maybe"}).status_code == 404
    refused = as_tester.post(address, {"enabled": "true", "matching": "on"})
    assert refused.status_code == 403
    assert rule_set.rules.filter(enabled=False).count() == 1
