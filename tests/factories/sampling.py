"""Populations, profiles and sample sets on the small plan of the scoping factory."""

import hashlib
import tempfile
from datetime import date, timedelta
from pathlib import Path

import duckdb
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from synapse.cycles.models import CycleReport, Phase
from synapse.cycles.phases import PhaseKind
from synapse.cycles.services import approval
from synapse.cycles.services.phases import complete_phase, start_phase
from synapse.planning.models import Plan
from synapse.profiling import storage
from synapse.profiling.models import AttributeProfile, Population, Profile, RuleResult, RuleSet
from synapse.sampling.models import SampleSet
from synapse.sampling.options import DrawOptions
from synapse.sampling.services import drawing, storing
from synapse.sampling.services.drafting import start_sample_set
from synapse.scoping.models import Scope
from synapse.scoping.services.decisions import decide_many
from synapse.scoping.states import Decision
from tests.factories.cycles import make_cycle_report
from tests.factories.scoping import make_approved_plan

HUGE = "99999.00"
RECORDS = 200
COLUMNS = ("AccountNumber", "Balance", "Rate", "Opened On", "Remark")
COMPANIONS = {"Balance": "number", "Rate": "number", "Opened On": "date"}


def make_records(count: int = RECORDS) -> list[tuple]:
    """Accounts: each 20th without a rate, each 50th with a balance out of all proportion."""
    first = date(2020, 1, 5)
    return [
        (
            f"A{number:05}",
            HUGE if number % 50 == 0 else f"{100 + number * 37 % 900}.25",
            None if number % 20 == 0 else f"{1 + number % 9}.50",
            f"{first + timedelta(days=number * 3 % 20):%Y%m%d}",
            "=1+1" if number == 7 else None,
        )
        for number in range(1, count + 1)
    ]


def make_population(
    cycle_report: CycleReport,
    *,
    records: list[tuple] | None = None,
    name: str = "accounts.csv",
    parts: int = 1,
    columns: tuple[str, ...] = COLUMNS,
) -> Population:
    """An imported population of the report's approved plan, as an import leaves it."""
    records = make_records() if records is None else records
    tester, now = cycle_report.tester, timezone.now()
    plan = Plan.objects.get(
        phase__cycle_report=cycle_report, phase__kind=PhaseKind.PLANNING, status="approved"
    )
    text = "\n".join(",".join(value or "" for value in record) for record in records)
    population = Population.objects.create(
        cycle_report=cycle_report,
        plan=plan,
        name=name,
        size=len(text),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        columns=_columns(plan, columns),
        row_count=len(records),
        uploaded_by=tester,
        confirmed_by=tester,
        confirmed_at=now,
    )
    population.file.save("source", ContentFile(text.encode()), save=False)
    population.parts = [_write_part(population, records, part, parts) for part in range(parts)]
    population.content_sha256 = hashlib.sha256(f"content {text}".encode()).hexdigest()
    population.imported_at = now
    population.save()
    return population


def make_rule_set(phase: Phase) -> RuleSet:
    """Two approved rules: a rate is there, a balance is at most 50,000."""
    plan = Plan.objects.get(phase__cycle_report=phase.cycle_report, status="approved")
    tester, owner = phase.cycle_report.tester, phase.cycle_report.report.owner
    rule_set = approval.start_version(model=RuleSet, phase=phase, actor=tester, plan=plan)
    for position, values in enumerate(
        (
            {"rule_id": "rate-there", "kind": "not_blank", "attributes": ["Rate"]},
            {
                "rule_id": "balance-limit",
                "kind": "range",
                "attributes": ["Balance"],
                "parameters": {"min": "0", "max": "50000"},
                "severity": "high",
            },
        ),
        start=1,
    ):
        rule_set.rules.create(position=position, **values)
    approval.submit(version=rule_set, actor=tester)
    return approval.approve(version=rule_set, actor=owner)


def make_profile(population: Population, rule_set: RuleSet) -> Profile:
    """A finished profile, as a run of the two rules leaves it."""
    profile = Profile.objects.create(
        cycle_report=population.cycle_report,
        rule_set=rule_set,
        population=population,
        number=Profile.objects.filter(cycle_report=population.cycle_report).count() + 1,
        created_by=population.cycle_report.tester,
        record_count=population.row_count,
        rules_run=2,
    )
    rows = _rows(population)
    failures = [
        (number, key, "rate-there", "Rate", None) for number, key, _, rate in rows if rate is None
    ] + [
        (number, key, "balance-limit", "Balance", balance)
        for number, key, balance, _ in rows
        if balance == HUGE
    ]
    for rule in rule_set.rules.all():
        failed = sum(failure[2] == rule.rule_id for failure in failures)
        RuleResult.objects.create(
            profile=profile, rule=rule, checked=population.row_count, failed=failed
        )
    attribute = population.plan.attributes.get(name="Balance")
    AttributeProfile.objects.create(
        profile=profile,
        attribute=attribute,
        position=2,
        column="Balance",
        rows=population.row_count,
        blank=0,
        distinct=100,
        minimum="100.25",
        maximum=HUGE,
        quantiles={
            "p01": "105.25", "p05": "140.25", "p25": "300.25", "p50": "500.25",
            "p75": "750.25", "p95": "970.25", "p99": "99999.00",
        },
    )  # fmt: skip
    profile.failure_files = [_write_failures(profile, failures)]
    profile.failing_records = len({failure[0] for failure in failures})
    profile.quality = "97.00"
    profile.finished_at = timezone.now()
    profile.save()
    return profile


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
    rule_set = make_rule_set(phase)
    population = make_population(cycle_report, records=records, parts=parts)
    profile = make_profile(population, rule_set)
    complete_phase(phase=phase, actor=tester)
    if not profiled:
        population = make_population(cycle_report, records=records, name="later.csv", parts=parts)
        assert population.pk != profile.population_id
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
        drawn = work.work(step.payload)
    with transaction.atomic():
        storing.store(work, drawn, actor=sample_set.phase.cycle_report.tester)
    work.clear()
    return SampleSet.objects.get(pk=sample_set.pk)


def _phase(cycle_report: CycleReport, kind: str) -> Phase:
    return cycle_report.phases.get(kind=kind)


def _columns(plan: Plan, names: tuple[str, ...]) -> list[dict]:
    attributes = {each.technical_name or each.name: each for each in plan.attributes.all()}
    found = []
    for position, name in enumerate(names, start=1):
        attribute = attributes.get(name)
        companion = COMPANIONS.get(name)
        found.append(
            {
                "position": position,
                "heading": name,
                "name": name,
                "attribute_id": attribute.pk if attribute else None,
                "data_type": attribute.data_type if attribute else "",
                "number": f"{name}#number" if companion == "number" else "",
                "date": f"{name}#date" if companion == "date" else "",
                "blank": 0,
                "unreadable": 0,
            }
        )
    return found


def _write_part(population: Population, records: list[tuple], part: int, parts: int) -> str:
    names = [column["name"] for column in population.columns]
    each = -(-len(records) // parts)
    first = part * each
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as database:
        texts = ", ".join(f'"{name}" VARCHAR' for name in names)
        database.execute(f"CREATE TABLE t (record_no BIGINT, line_no BIGINT, {texts})")
        marks = ", ".join("?" * (len(names) + 2))
        database.executemany(
            f"INSERT INTO t VALUES ({marks})",
            [
                (number, number + 1, *record[: len(names)])
                for number, record in enumerate(records[first : first + each], start=first + 1)
            ],
        )
        typed = "".join(map(_companion, population.columns))
        out = Path(folder) / "part.parquet"
        database.execute(f"COPY (SELECT *{typed} FROM t ORDER BY record_no) TO '{out}'")
        name = f"{population.folder}/part-{part + 1:05}.parquet"
        storage.write_file(name, out)
    return name


def _companion(column: dict) -> str:
    name = column["name"]
    if column["number"]:
        return f', TRY_CAST("{name}" AS DECIMAL(38, 10)) AS "{column["number"]}"'
    if column["date"]:
        return f', TRY_STRPTIME("{name}", \'%Y%m%d\')::DATE AS "{column["date"]}"'
    return ""


def _write_failures(profile: Profile, failures: list[tuple]) -> str:
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as database:
        database.execute(
            "CREATE TABLE t (record_no BIGINT, key VARCHAR, rule_id VARCHAR, attribute VARCHAR,"
            " value VARCHAR)"
        )
        if failures:
            database.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?)", failures)
        out = Path(folder) / "failures.parquet"
        database.execute(f"COPY t TO '{out}'")
        name = f"{profile.folder}/failures-part-00001.parquet"
        storage.write_file(name, out)
    return name


def _rows(population: Population) -> list[tuple]:
    with storage.local_parts(population) as parts, duckdb.connect() as database:
        return database.execute(
            'SELECT record_no, "AccountNumber", "Balance", "Rate" '
            f"FROM read_parquet({[str(part) for part in parts]}) ORDER BY record_no"
        ).fetchall()
