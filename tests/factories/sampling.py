"""Populations, profiles and sample sets on the small plan of the scoping factory."""

import csv
import io
from contextlib import contextmanager
from datetime import date, timedelta

from django.db import transaction

from synapse.cycles.models import CycleReport, Phase
from synapse.cycles.phases import PhaseKind
from synapse.cycles.services import approval
from synapse.cycles.services.phases import complete_phase, reopen_phase, start_phase
from synapse.profiling.models import Population, Profile, RuleSet
from synapse.profiling.services import profiles, running, storing
from synapse.profiling.services.populations import confirm
from synapse.sampling.models import Sample, SampleSet
from synapse.sampling.options import DrawOptions
from synapse.sampling.services import adding, drawing
from synapse.sampling.services import storing as drawn
from synapse.sampling.services.drafting import start_sample_set
from synapse.scoping.models import Scope
from synapse.scoping.services.decisions import decide_many
from synapse.scoping.states import Decision
from tests.factories.cycles import make_cycle_report
from tests.factories.profiling import import_now, make_approved_rules, make_uploaded_population
from tests.factories.scoping import make_approved_plan

HUGE = "99999.00"
RECORDS = 200
COLUMNS = ("AccountNumber", "Balance", "Rate", "Opened On", "Remark")
RULES = (
    {"rule_id": "rate-there", "kind": "not_blank", "attributes": ["Rate"]},
    {"rule_id": "balance-limit", "kind": "range", "attributes": ["Balance"],
     "parameters": {"min": "0", "max": "50000"}, "severity": "high"},
)  # fmt: skip


def make_records(count: int = RECORDS) -> list[tuple]:
    """Accounts: each 20th without a rate, each 50th with a balance out of all proportion.

    Two have a balance of nothing, the least that the rules allow.
    """
    first = date(2020, 1, 5)
    return [
        (
            f"A{number:05}",
            _balance(number),
            None if number % 20 == 0 else f"{1 + number % 9}.50",
            f"{first + timedelta(days=number * 3 % 20):%Y%m%d}",
            "=1+1" if number == 7 else None,
        )
        for number in range(1, count + 1)
    ]


def _balance(number: int) -> str:
    if number in {31, 61}:
        return "0.00"
    return HUGE if number % 50 == 0 else f"{100 + number * 37 % 900}.25"


def make_population(
    cycle_report: CycleReport,
    *,
    records: list[tuple] | None = None,
    name: str = "accounts.csv",
    parts: int = 1,
    columns: tuple[str, ...] = COLUMNS,
) -> Population:
    """An imported population of the report's approved plan; profiling is reopened for it."""
    records = make_records() if records is None else records
    tester, text = cycle_report.tester, io.StringIO()
    writer = csv.writer(text)
    writer.writerows([columns, *(record[: len(columns)] for record in records)])
    with _open(cycle_report.phases.get(kind=PhaseKind.PROFILING)) as phase:
        population = make_uploaded_population(phase=phase, content=text.getvalue(), name=name)
        population = confirm(population=population, actor=tester)
        return import_now(population, tester, part_records=-(-len(records) // parts))


def make_profile(population: Population, rule_set: RuleSet) -> Profile:
    """A finished profile; the steps of its job one after the other."""
    tester = population.cycle_report.tester
    profile = profiles.begin_profile(rule_set=rule_set, population=population, actor=tester)
    ground = running.ground(profile.pk)
    for step in running.plan(profile.pk):
        found = running.work(ground, step.payload)
        with transaction.atomic():
            storing.store(ground, step.payload, found, actor=tester)
    return Profile.objects.get(pk=profile.pk)


def make_later_profile(population: Population, rule_set: RuleSet) -> Profile:
    """The same, when profiling is complete already."""
    with _open(population.cycle_report.phases.get(kind=PhaseKind.PROFILING)):
        return make_profile(population, rule_set)


def make_sampling_phase(
    *,
    cycle_report: CycleReport | None = None,
    profiled: bool = True,
    records: list[tuple] | None = None,
    parts: int = 1,
) -> Phase:
    """Sampling in progress: an approved scope of four attributes and a population to draw from."""
    cycle_report = cycle_report or make_cycle_report()
    tester, owner = cycle_report.tester, cycle_report.report.owner
    make_approved_plan(cycle_report)
    complete_phase(phase=_phase(cycle_report, PhaseKind.PLANNING), actor=tester)
    phase = start_phase(phase=_phase(cycle_report, PhaseKind.PROFILING), actor=tester)
    rule_set = make_approved_rules(phase=phase, rules=RULES)
    make_profile(make_population(cycle_report, records=records, parts=parts), rule_set)
    if not profiled:
        later = [*(records or make_records()), ("Z00001", "1.00", "1.50", "20200105", None)]
        make_population(cycle_report, records=later, name="later.csv", parts=parts)
    complete_phase(phase=phase, actor=tester)
    phase = start_phase(phase=_phase(cycle_report, PhaseKind.SCOPING), actor=tester)
    scope = Scope.objects.get(phase=phase)
    ids = [item.pk for item in scope.items()]
    decide_many(scope=scope, actor=tester, item_ids=ids, decision=Decision.INCLUDE)
    approval.submit(version=scope, actor=tester)
    approval.approve(version=scope, actor=owner)
    complete_phase(phase=phase, actor=tester)
    return start_phase(phase=_phase(cycle_report, PhaseKind.SAMPLING), actor=tester)


def make_sample_set(
    *, cycle_report: CycleReport | None = None, phase: Phase | None = None, **options
) -> SampleSet:
    """A draft with drawn samples, ten if nothing else is said."""
    phase = phase or make_sampling_phase(cycle_report=cycle_report)
    sample_set = start_sample_set(phase=phase, actor=phase.cycle_report.tester)
    return draw_into(sample_set, **{"size": 10, "seed": 7, **options})


def draw_into(sample_set: SampleSet, **options) -> SampleSet:
    """The steps of a draw one after the other, as its job takes them."""
    work = drawing.Draw(sample_set.pk, 0, DrawOptions(**options))
    for step in work.steps():
        outcome = work.work(step.payload)
    with transaction.atomic():
        drawn.store(work, outcome, actor=sample_set.phase.cycle_report.tester)
    work.clear()
    return SampleSet.objects.get(pk=sample_set.pk)


def add_by_hand(sample_set: SampleSet, **named) -> Sample:
    """A record added by its tester; the steps of the job one after the other."""
    tester = sample_set.phase.cycle_report.tester
    named = {"reason": "A case that is known."} | named
    with transaction.atomic():
        wish = adding.begin(sample_set=sample_set, actor=tester, **named)
    addition = adding.Addition(sample_set.pk, wish, tester)
    found = addition.look_up()
    with transaction.atomic():
        return addition.store(found)


def _phase(cycle_report: CycleReport, kind: str) -> Phase:
    return cycle_report.phases.get(kind=kind)


@contextmanager
def _open(phase: Phase):
    """The phase in progress; if it was complete, it is so again afterwards."""
    closed = phase.is_complete
    if closed:
        executive = phase.cycle_report.cycle.executive
        phase = reopen_phase(phase=phase, actor=executive, reason="Another file came.")
    yield phase
    if closed:
        complete_phase(phase=phase, actor=phase.cycle_report.tester)
