"""Rule sets: written by the tester, approved by the owner, frozen afterwards."""

import pytest
from django.db import IntegrityError, transaction

from synapse.audit.models import Entry
from synapse.common.errors import NotAllowed
from synapse.common.versions import is_intact
from synapse.cycles.errors import OwnApproval
from synapse.cycles.services import approval
from synapse.cycles.services.phases import reopen_phase
from synapse.planning.services.editing import add_attribute
from synapse.profiling import rulebook
from synapse.profiling.errors.rule_sets import (
    NoRules,
    NoRuleSelected,
    PopulationNotUsable,
    RuleExists,
    RuleSetNotDraft,
    RulesNeedPlan,
    RulesReadOldPlan,
    RulesUnfit,
    StaleRule,
    UnknownRules,
)
from synapse.profiling.rule_states import RuleKind, RuleSource, Severity
from synapse.profiling.services.rule_editing import (
    add_rule,
    delete_rule,
    edit_rule,
    switch_rules,
)
from synapse.profiling.services.rule_imports import import_rules
from synapse.profiling.services.rule_sets import start_rule_set, take_over_plan
from tests.factories.cycles import make_phase
from tests.factories.profiling import (
    make_approved_rules,
    make_population,
    make_profiling_phase,
    make_rule_set,
    make_uploaded_population,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def rule_set():
    return make_rule_set()


@pytest.fixture
def tester(rule_set):
    return rule_set.cycle_report.tester


def test_the_words_of_the_models_are_those_of_the_rule_book():
    assert tuple(RuleKind.values) == rulebook.KINDS
    assert tuple(Severity.values) == rulebook.SEVERITIES
    assert tuple(RuleSource.values) == rulebook.SOURCES


def test_a_draft_reads_the_approved_plan_and_the_newest_imported_population():
    phase = make_profiling_phase()
    make_population(phase=phase)
    newest = make_population(phase=phase, name="newer.csv")
    make_uploaded_population(phase=phase, name="unread.csv")
    rule_set = start_rule_set(phase=phase, actor=phase.cycle_report.tester)
    assert rule_set.plan.is_approved
    assert rule_set.population == newest


def test_without_an_approved_plan_there_are_no_rules():
    phase = make_phase("profiling")
    with pytest.raises(RulesNeedPlan):
        start_rule_set(phase=phase, actor=phase.cycle_report.tester)


def test_a_population_that_is_not_imported_or_of_another_report_is_refused():
    phase = make_profiling_phase()
    unread = make_uploaded_population(phase=phase)
    with pytest.raises(PopulationNotUsable):
        start_rule_set(phase=phase, actor=phase.cycle_report.tester, population=unread)
    with pytest.raises(PopulationNotUsable):
        start_rule_set(phase=phase, actor=phase.cycle_report.tester, population=make_population())


def test_approval_seals_the_rules_and_the_database_refuses_changes(rule_set, tester):
    version = approval.submit(version=rule_set, actor=tester)
    with pytest.raises(OwnApproval):
        approval.approve(version=version, actor=tester)
    version = approval.approve(version=version, actor=version.cycle_report.report.owner)
    assert is_intact(version)
    rule = version.rules.first()
    with pytest.raises(IntegrityError, match="approved"), transaction.atomic():
        version.rules.filter(pk=rule.pk).update(enabled=False)
    with pytest.raises(RuleSetNotDraft):
        edit_rule(rule=rule, actor=tester, lock_version=1, severity="low")
    with pytest.raises(RuleSetNotDraft):
        delete_rule(rule=rule, actor=tester, lock_version=1)


def test_a_revision_begins_with_the_same_rules(rule_set, tester):
    owner = rule_set.cycle_report.report.owner
    version = approval.submit(version=rule_set, actor=tester)
    version = approval.reject(version=version, actor=owner, reason="Too few.")
    draft = approval.revise(version=version, actor=tester)
    assert [rule.canonical() for rule in draft.items()] == [
        rule.canonical() for rule in version.items()
    ]


def test_nothing_switched_on_can_not_be_submitted(rule_set, tester):
    switch_rules(
        rule_set=rule_set,
        actor=tester,
        rule_ids=rule_set.rules.values_list("pk", flat=True),
        enabled=False,
    )
    with pytest.raises(NoRules):
        approval.submit(version=rule_set, actor=tester)


def test_rules_about_fields_that_a_newer_plan_lacks_are_told_at_submission(rule_set, tester):
    plan = rule_set.plan
    cycle_report = plan.cycle_report
    executive = cycle_report.cycle.executive
    reopen_phase(phase=plan.phase, actor=executive, reason="A field was renamed.")
    draft = approval.revise(version=plan, actor=tester)
    draft.attributes.filter(name="Credit Card Type").delete()
    add_attribute(plan=draft, actor=tester, name="Another", data_type="string")
    draft = approval.submit(version=draft, actor=tester)
    approval.approve(version=draft, actor=cycle_report.report.owner)
    with pytest.raises(RulesReadOldPlan):
        approval.submit(version=rule_set, actor=tester)
    take_over_plan(rule_set=rule_set, actor=tester)
    with pytest.raises(RulesUnfit, match="Credit Card Type") as caught:
        approval.submit(version=rule_set, actor=tester)
    assert [fault["pointer"] for fault in caught.value.errors] == ["/rules/C1"]


def test_only_the_tester_writes_rules(rule_set):
    owner = rule_set.cycle_report.report.owner
    with pytest.raises(NotAllowed):
        add_rule(
            rule_set=rule_set, actor=owner, rule_id="X", kind="not_blank",
            attributes=["ReferenceNumber"],
        )  # fmt: skip


def test_an_id_is_taken_once(rule_set, tester):
    with pytest.raises(RuleExists):
        add_rule(
            rule_set=rule_set, actor=tester, rule_id="N1", kind="not_blank",
            attributes=["CycleEndingBalance"],
        )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"kind": "not_blank", "attributes": ["Nothing"]}, "/attributes/0"),
        (
            {"kind": "regex", "attributes": ["ReferenceNumber"], "parameters": {"pattern": "("}},
            "/parameters/pattern",
        ),
        ({"kind": "nonsense", "attributes": ["ReferenceNumber"]}, "/kind"),
        (
            {"kind": "range", "attributes": ["CycleEndingBalance"], "parameters": {}},
            "/parameters",
        ),
    ],
)
def test_a_rule_that_can_not_be_evaluated_is_refused_at_the_place(
    rule_set, tester, fields, pointer
):
    with pytest.raises(rulebook.InvalidRule) as caught:
        add_rule(rule_set=rule_set, actor=tester, rule_id="X1", **fields)
    assert caught.value.errors[0]["pointer"] == pointer


def test_an_edit_counts_on_and_a_stale_one_is_told_who_was_faster(rule_set, tester):
    rule = rule_set.rules.get(rule_id="B1")
    edited = edit_rule(rule=rule, actor=tester, lock_version=1, severity="critical")
    assert (edited.severity, edited.lock_version) == ("critical", 2)
    with pytest.raises(StaleRule, match="severity"):
        edit_rule(rule=rule, actor=tester, lock_version=1, severity="low")


def test_a_stale_edit_is_told_of_a_switch_and_of_an_import(rule_set, tester):
    rule = rule_set.rules.get(rule_id="B1")
    edit_rule(rule=rule, actor=tester, lock_version=1, severity="low")
    switch_rules(rule_set=rule_set, actor=tester, rule_ids=[rule.pk], enabled=False)
    with pytest.raises(StaleRule, match="switched off"):
        edit_rule(rule=rule, actor=tester, lock_version=2, severity="high")
    content = b"rule_id,attributes,kind,min\nB1,CycleEndingBalance,range,5\n"
    import_rules(rule_set=rule_set, name="mine.csv", content=content, actor=tester)
    with pytest.raises(StaleRule, match=r"imported from mine\.csv"):
        edit_rule(rule=rule, actor=tester, lock_version=3, severity="high")


def test_a_switch_takes_all_or_none(rule_set, tester):
    pks = [*rule_set.rules.values_list("pk", flat=True)]
    assert switch_rules(rule_set=rule_set, actor=tester, rule_ids=pks[:2], enabled=False) == 2
    assert switch_rules(rule_set=rule_set, actor=tester, rule_ids=pks[:2], enabled=False) == 0
    with pytest.raises(UnknownRules):
        switch_rules(rule_set=rule_set, actor=tester, rule_ids=[*pks, 10**9], enabled=False)
    with pytest.raises(NoRuleSelected):
        switch_rules(rule_set=rule_set, actor=tester, rule_ids=[], enabled=False)
    assert rule_set.rules.filter(enabled=False).count() == 2


def test_switching_on_answers_the_need_of_a_condition(rule_set, tester):
    rule = rule_set.rules.get(rule_id="N1")
    rule_set.rules.filter(pk=rule.pk).update(enabled=False, needs_condition=True)
    switch_rules(rule_set=rule_set, actor=tester, rule_ids=[rule.pk], enabled=True)
    rule.refresh_from_db()
    assert (rule.enabled, rule.needs_condition) == (True, False)


def test_a_rule_that_is_given_its_condition_is_no_longer_said_to_need_one(rule_set, tester):
    rule = rule_set.rules.get(rule_id="N1")
    remark = "needs a condition: 37 % of records are blank"
    rule_set.rules.filter(pk=rule.pk).update(needs_condition=True, remark=remark)
    edited = edit_rule(rule=rule, actor=tester, lock_version=1, severity="low")
    assert (edited.needs_condition, edited.remark) == (True, remark)
    other = {"kind": "length", "parameters": {"min": 1}}
    edited = edit_rule(rule=rule, actor=tester, lock_version=2, **other)
    assert (edited.needs_condition, edited.remark) == (False, "")
    told = Entry.objects.filter(action="rule.edit").latest("id")
    assert (told.before["remark"], told.after["remark"]) == (remark, "")


def test_factories_make_valid_rule_sets():
    approved = make_approved_rules()
    assert approved.is_approved
    assert is_intact(approved)
