"""Profiles by the real job: what is counted, kept, refused, repeated and frozen."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from jobs.models import Job
from jobs.testing import run_pending
from synapse.audit.models import Entry
from synapse.common.errors import DomainError
from synapse.cycles.gates import completion_obstacle
from synapse.cycles.services import approval
from synapse.cycles.services.phases import complete_phase, reopen_phase
from synapse.profiling.models import AttributeProfile, Profile, RuleResult
from synapse.profiling.selectors import failures
from synapse.profiling.selectors.profiles import (
    latest_profile,
    quality_by_attribute,
    unmeasured,
)
from synapse.profiling.services import storing
from synapse.profiling.tasks.profiling import profile as profile_task
from synapse.profiling.tasks.profiling import start_profile
from tests.factories.cycles import make_cycle_report
from tests.factories.profiles import RULES, make_profile, make_profile_phase
from tests.factories.profiling import (
    make_approved_rules,
    make_population,
    make_profiling_phase,
    make_rule_set,
    make_uploaded_population,
)

pytestmark = pytest.mark.django_db


def counts(profile) -> dict:
    return {
        row.rule.rule_id: (row.checked, row.failed, row.not_applicable, row.error)
        for row in profile.results.select_related("rule")
    }


def test_each_rule_tells_checked_failed_not_applicable_and_error_apart():
    profile = make_profile()
    assert profile_task.name == "profiling.profile"
    job = Job.objects.get(task=profile_task.name)
    told = "5 rules over 5 records: 3 failed at least one."
    assert (job.status, job.message) == ("succeeded", told)
    assert counts(profile) == {
        "R1": (5, 1, 0, 0),
        "R2": (4, 1, 1, 0),
        "R3": (3, 1, 1, 1),
        "R4": (5, 0, 0, 0),
        "R5": (0, 0, 0, 5),
    }
    assert profile.is_finished
    assert (profile.record_count, profile.rules_run, profile.failing_records) == (5, 5, 3)


def test_a_rule_without_its_column_is_an_error_and_the_others_still_run():
    broken = make_profile().results.get(rule__rule_id="R5")
    assert broken.status == "error"
    assert "MaturityDate" in broken.message


def test_failing_records_are_kept_by_number_key_and_value():
    profile = make_profile()
    found = [(f.record_no, f.key, f.rule_id, f.value) for f in failures.failures(profile)]
    assert found == [
        (2, "0002", "R1", ""),
        (3, "0003", "R2", "2"),
        (4, "0004", "R3", "7"),
    ]
    assert [f.record_no for f in failures.failures(profile, "R2")] == [3]
    assert [f.record_no for f in failures.failures(profile, after=1, limit=1)] == [3]
    assert len(list(failures.each_failure(profile))) == 3


def test_columns_are_measured_and_their_quality_is_by_the_rules_about_them():
    profile = make_profile()
    balance = profile.attribute_profiles.get(column="CycleEndingBalance")
    assert (balance.rows, balance.blank, balance.distinct) == (5, 1, 4)
    assert (balance.minimum, balance.maximum) == ("7", "100.5")
    assert balance.quantiles["p50"] == "12"
    assert balance.attribute.name == "Cycle Ending Balance"
    # R1 80 % with weight 1 x 1, R3 66.67 % with weight 0.6 x 0.9.
    assert balance.quality == Decimal("75.32")
    key = profile.attribute_profiles.get(column="ReferenceNumber")
    assert key.quality == 100
    assert {"value": "0001", "count": 1} in key.top_values
    assert latest_profile(profile.cycle_report) == profile
    assert quality_by_attribute(profile.cycle_report)[balance.attribute_id] == 75


def test_no_data_is_no_quality():
    only_blank = "ReferenceNumber,Credit Card Type,CycleEndingBalance\n1,,\n2,,\n"
    rules = [{"rule_id": "A", "kind": "range", "attributes": ["CycleEndingBalance"],
              "parameters": {"min": "0"}}]  # fmt: skip
    profile = make_profile(content=only_blank, rules=rules)
    assert profile.is_finished
    assert profile.quality is None
    assert quality_by_attribute(profile.cycle_report) == {}


def test_rules_that_are_switched_off_do_not_run():
    rules = [
        {"rule_id": "A", "kind": "not_blank", "attributes": ["ReferenceNumber"]},
        {"rule_id": "B", "kind": "not_blank", "attributes": ["ReferenceNumber"], "enabled": False},
    ]
    assert list(counts(make_profile(rules=rules))) == ["A"]


def test_only_approved_rules_run():
    phase = make_profiling_phase()
    population = make_population(phase=phase)
    draft = make_rule_set(phase=phase)
    with pytest.raises(DomainError) as refused:
        start_profile(rule_set=draft, population=population, actor=phase.cycle_report.tester)
    assert refused.value.code == "rules_not_approved"
    assert not Profile.objects.exists()


def test_what_cannot_be_profiled_is_refused():
    phase = make_profiling_phase()
    tester = phase.cycle_report.tester
    rule_set = make_approved_rules(phase=phase)
    unread = make_uploaded_population(phase=phase)
    foreign = make_population(phase=make_profiling_phase(cycle_report=make_cycle_report()))
    for population, actor, code in [
        (unread, tester, "population_not_imported"),
        (foreign, tester, "foreign_population"),
        (unread, phase.cycle_report.report.owner, "not_allowed"),
    ]:
        with pytest.raises(DomainError) as refused:
            start_profile(rule_set=rule_set, population=population, actor=actor)
        assert refused.value.code == code


def test_a_later_plan_still_knows_key_and_attributes_of_the_file():
    phase = make_profile_phase()
    population = make_population(phase=phase)
    cycle_report = phase.cycle_report
    old = population.plan
    executive = cycle_report.cycle.executive
    reopen_phase(phase=old.phase, actor=executive, reason="A field was reworded.")
    new = approval.revise(version=old, actor=cycle_report.tester)
    approval.submit(version=new, actor=cycle_report.tester)
    approval.approve(version=new, actor=cycle_report.report.owner)
    rule_set = make_approved_rules(phase=phase, rules=RULES)
    start_profile(rule_set=rule_set, population=population, actor=cycle_report.tester)
    run_pending()
    profile = latest_profile(cycle_report)
    assert profile.rule_set.plan_id == new.pk != old.pk
    assert [f.key for f in failures.failures(profile)] == ["0002", "0003", "0004"]
    assert {each.attribute.version_id for each in profile.attribute_profiles.all()} == {new.pk}
    assert [each.name for each in unmeasured(profile)] == ["Maturity Date"]


def test_the_phase_completes_only_once_its_approved_rules_were_run():
    phase = make_profiling_phase()
    make_approved_rules(phase=phase)
    assert "was not run" in completion_obstacle(phase)
    start_profile(
        rule_set=phase.rulesets.get(),
        population=make_population(phase=phase),
        actor=phase.cycle_report.tester,
    )
    run_pending()
    assert complete_phase(phase=phase, actor=phase.cycle_report.tester).is_complete


@pytest.mark.parametrize("model", [Profile, RuleResult, AttributeProfile])
def test_what_a_finished_profile_says_cannot_change(model):
    make_profile()
    rows = model.objects.all()
    name = {Profile: "rules_run", RuleResult: "not_applicable", AttributeProfile: "distinct"}[model]
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**{name: F(name) + 1})
    with pytest.raises(IntegrityError), transaction.atomic():
        rows._raw_delete(using="default")


def test_the_trail_shows_start_and_end():
    profile = make_profile()
    trail = Entry.objects.filter(object_id=str(profile.pk), action__startswith="profile.")
    assert [entry.action for entry in trail.order_by("id")] == ["profile.start", "profile.finish"]


def test_the_job_tells_what_came_of_it():
    profile = make_profile()
    assert storing.summary(profile.pk) == {
        "records": 5,
        "rules": 5,
        "failing_records": 3,
        "quality": str(profile.quality),
    }
