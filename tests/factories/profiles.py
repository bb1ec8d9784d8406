"""Finished profiles over small files of records."""

from jobs.testing import run_pending
from synapse.cycles.models import Phase
from synapse.profiling.models import Profile
from synapse.profiling.tasks.profiling import start_profile
from tests.factories.planning import FIELDS
from tests.factories.profiling import make_approved_rules, make_population, make_profiling_phase

# A field of the plan that `tests.factories.profiling.RECORDS` has no column for.
ABSENT = {"name": "Maturity Date", "line": "16", "item_code": "M059", "data_type": "date",
          "technical_name": "MaturityDate"}  # fmt: skip

# Over `tests.factories.profiling.RECORDS`: five records, the key is the first column.
RULES = (
    {"rule_id": "R1", "kind": "not_blank", "attributes": ["CycleEndingBalance"],
     "severity": "critical"},
    {"rule_id": "R2", "kind": "in_set", "attributes": ["Credit Card Type"],
     "parameters": {"values": ["1"]}, "severity": "high"},
    {"rule_id": "R3", "kind": "range", "attributes": ["CycleEndingBalance"],
     "parameters": {"min": "10"}},
    {"rule_id": "R4", "kind": "unique", "attributes": ["ReferenceNumber"], "severity": "low"},
    {"rule_id": "R5", "kind": "not_blank", "attributes": ["MaturityDate"]},
)  # fmt: skip


def make_profile_phase(**options) -> Phase:
    """Profiling in progress; the plan knows one field more than the file."""
    return make_profiling_phase(**{"fields": (*FIELDS, ABSENT), **options})


def make_profile(*, phase=None, rules=RULES, run: bool = True, **population_options) -> Profile:
    """A profile of an imported file, run to its end by its job unless `run` is off."""
    phase = phase or make_profile_phase()
    population = make_population(phase=phase, **population_options)
    rule_set = make_approved_rules(phase=phase, rules=rules)
    job = start_profile(rule_set=rule_set, population=population, actor=phase.cycle_report.tester)
    if run:
        run_pending()
    return Profile.objects.get(pk=job.subject_id)
