"""Approved rule sets and finished profiles over small files of records."""

from jobs.testing import run_pending
from synapse.cycles.services import approval
from synapse.planning.models import Plan
from synapse.profiling.models import Profile, RuleSet
from synapse.profiling.tasks.profiling import start_profile
from tests.factories.profiling import make_population, make_profiling_phase

# Over `tests.factories.profiling.RECORDS`: five records, the key is the first column.
RULES = (
    {"rule_id": "R1", "kind": "not_blank", "attributes": ["CycleEndingBalance"],
     "severity": "critical"},
    {"rule_id": "R2", "kind": "in_set", "attributes": ["Credit Card Type"],
     "parameters": {"values": ["1"]}, "severity": "high"},
    {"rule_id": "R3", "kind": "range", "attributes": ["CycleEndingBalance"],
     "parameters": {"min": "10"}},
    {"rule_id": "R4", "kind": "unique", "attributes": ["ReferenceNumber"], "severity": "low"},
    {"rule_id": "R5", "kind": "not_blank", "attributes": ["Nowhere"]},
)  # fmt: skip


def make_rule_set(phase, rules=RULES, *, approved: bool = True) -> RuleSet:
    """Rules that their tester submitted and the report's owner approved."""
    cycle_report = phase.cycle_report
    plan = Plan.objects.get(phase__cycle_report=cycle_report, status=Plan.Status.APPROVED)
    rule_set = approval.start_version(
        model=RuleSet, phase=phase, actor=cycle_report.tester, plan=plan
    )
    for position, values in enumerate(rules, start=1):
        rule_set.rules.create(position=position, **values)
    if not approved:
        return rule_set
    approval.submit(version=rule_set, actor=cycle_report.tester)
    return approval.approve(version=rule_set, actor=cycle_report.report.owner)


def make_profile(*, phase=None, rules=RULES, run: bool = True, **population_options) -> Profile:
    """A profile of an imported file, run to its end by its job unless `run` is off."""
    phase = phase or make_profiling_phase()
    population = make_population(phase=phase, **population_options)
    rule_set = make_rule_set(phase, rules)
    job = start_profile(rule_set=rule_set, population=population, actor=phase.cycle_report.tester)
    if run:
        run_pending()
    return Profile.objects.get(pk=job.subject_id)
