"""Populations and rule sets as the services make them."""

from django.db import transaction

from synapse.cycles.models import Phase
from synapse.cycles.phases import PhaseKind
from synapse.cycles.services import approval
from synapse.planning.models import Plan
from synapse.profiling.models import Population, RuleSet
from synapse.profiling.population import plan_chunks
from synapse.profiling.population.schema import PART_RECORDS
from synapse.profiling.services import importing
from synapse.profiling.services.populations import confirm, take_population
from synapse.profiling.services.rule_editing import add_rule
from synapse.profiling.services.rule_sets import start_rule_set
from tests.factories.cycles import make_cycle_report, make_phase
from tests.factories.planning import make_approved_plan

RECORDS = """\
ReferenceNumber,Credit Card Type,CycleEndingBalance
0001,1,100.50
0002,1,
0003,2,12.00
0004,,7
0005,1,NA
"""

RULES = (
    {"rule_id": "N1", "kind": "not_blank", "attributes": ["ReferenceNumber"]},
    {"rule_id": "C1", "kind": "in_set", "attributes": ["Credit Card Type"],
     "parameters": {"values": ["1", "2"]}, "severity": "high"},
    {"rule_id": "B1", "kind": "range", "attributes": ["CycleEndingBalance"],
     "parameters": {"min": "0"}},
)  # fmt: skip


def make_profiling_phase(*, cycle_report=None, started: bool = True, **plan_options) -> Phase:
    """The phase over an approved plan, in progress unless `started` is off."""
    cycle_report = cycle_report or make_cycle_report()
    if not Plan.objects.filter(phase__cycle_report=cycle_report).exists():
        phase = make_phase(PhaseKind.PLANNING, cycle_report=cycle_report)
        make_approved_plan(phase=phase, **plan_options)
    return make_phase(PhaseKind.PROFILING, cycle_report=cycle_report, started=started)


def make_uploaded_population(
    *, phase=None, content: str | bytes = RECORDS, name: str = "records.csv", **options
) -> Population:
    """A file that waits to be confirmed."""
    phase = phase or make_profiling_phase(**options)
    return take_population(
        cycle_report=phase.cycle_report,
        name=name,
        content=content if isinstance(content, bytes) else content.encode(),
        actor=phase.cycle_report.tester,
    )


def make_population(*, part_records: int = PART_RECORDS, **options) -> Population:
    """A file confirmed as it was understood, and imported in parts of so many records."""
    population = make_uploaded_population(**options)
    actor = population.cycle_report.tester
    population = confirm(population=population, actor=actor)
    return import_now(population, actor, part_records=part_records)


def import_now(population: Population, actor, *, part_records: int = PART_RECORDS) -> Population:
    """The whole import without a job, cut into parts of so many records."""
    population = importing.begin_import(population=population, actor=actor)
    with importing.opened(population.pk, population.lock_version) as source:
        chunks = plan_chunks(
            source.path, source.reading, records=part_records, file=population.name
        )
        for chunk in chunks:
            result = importing.read(source, chunk.key, chunk.label, dict(chunk.payload))
            with transaction.atomic():
                importing.store(source, chunk.key, result)
        totals = importing.sum_up(source, len(chunks))
        with transaction.atomic():
            return importing.finish(source, totals, actor=actor)


def make_rule_set(*, phase=None, population=None, rules=(), **options) -> RuleSet:
    """A draft with a few rules written by hand."""
    phase = phase or make_profiling_phase(**options)
    tester = phase.cycle_report.tester
    rule_set = start_rule_set(phase=phase, actor=tester, population=population)
    for values in rules or RULES:
        add_rule(rule_set=rule_set, actor=tester, **values)
    return rule_set


def make_approved_rules(**options) -> RuleSet:
    """Rules that their tester submitted and their owner approved."""
    rule_set = make_rule_set(**options)
    cycle_report = rule_set.cycle_report
    rule_set = approval.submit(version=rule_set, actor=cycle_report.tester)
    return approval.approve(version=rule_set, actor=cycle_report.report.owner)
