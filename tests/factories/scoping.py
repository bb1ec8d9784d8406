"""Approved plans and scopes, made by the services that people use."""

import csv
from pathlib import Path

from synapse.cycles.models import CycleReport
from synapse.cycles.phases import PhaseKind
from synapse.cycles.services import approval
from synapse.cycles.services.phases import complete_phase, skip_phase, start_phase
from synapse.planning.models import Attribute, Plan
from synapse.scoping.models import Scope, ScopeItem
from tests.factories.cycles import make_cycle_report

BUILTIN = Path(__file__).resolve().parents[2] / "synapse/planning/builtin"

# name, technical name and what differs from a plain mandatory amount
SMALL = [
    {"name": "Account Number", "technical_name": "AccountNumber", "is_key": True, "key_order": 1},
    {"name": "Balance", "is_cde": True},
    {"name": "Rate", "has_open_issue": True},
    {"name": "Opened On", "data_type": "date"},
    {"name": "Remark", "data_type": "string", "requirement": "optional"},
]


def make_approved_plan(cycle_report: CycleReport, rows: list[dict] | None = None) -> Plan:
    """The next version of the report's plan, approved; planning is begun if it isn't yet."""
    phase = cycle_report.phases.get(kind=PhaseKind.PLANNING)
    tester, owner = cycle_report.tester, cycle_report.report.owner
    if phase.state == phase.State.NOT_STARTED:
        phase = start_phase(phase=phase, actor=tester)
    plan = Plan.objects.filter(phase=phase, status=Plan.Status.DRAFT).first()
    if plan is None:
        plan = approval.start_version(model=Plan, phase=phase, actor=tester)
    plan.attributes.all().delete()
    add_attributes(plan, rows or SMALL)
    approval.submit(version=plan, actor=tester)
    return approval.approve(version=plan, actor=owner)


def add_attributes(plan: Plan, rows: list[dict]) -> None:
    Attribute.objects.bulk_create(
        Attribute(
            version=plan,
            position=position,
            **{
                "line": str(position),
                "item_code": f"M{position:03}",
                "format": "N12.2",
                "data_type": "decimal",
                "requirement": "mandatory",
                "description": f"The {row['name'].lower()} of the account.",
                "quote": f"the {row['name'].lower()}",
                "quote_place": f"row {position}",
            }
            | row,
        )
        for position, row in enumerate(rows, start=1)
    )


def make_scope(*, rows: list[dict] | None = None, cycle_report: CycleReport | None = None) -> Scope:
    """The first draft of a scope, as starting the phase makes it."""
    cycle_report = cycle_report or make_cycle_report()
    tester = cycle_report.tester
    make_approved_plan(cycle_report, rows)
    complete_phase(phase=cycle_report.phases.get(kind=PhaseKind.PLANNING), actor=tester)
    skip_phase(
        phase=cycle_report.phases.get(kind=PhaseKind.PROFILING),
        actor=tester,
        reason="No population in this test.",
    )
    phase = start_phase(phase=cycle_report.phases.get(kind=PhaseKind.SCOPING), actor=tester)
    return Scope.objects.get(phase=phase)


def item_named(scope: Scope, name: str) -> ScopeItem:
    return scope.scope_items.select_related("attribute").get(attribute__name=name)


def many_rows(count: int) -> list[dict]:
    """A key and as many plain attributes as make `count` rows."""
    key = {"name": "Record Id", "is_key": True, "key_order": 1}
    return [key, *({"name": f"Field {number}"} for number in range(2, count + 1))]


def schedule_d1() -> list[dict]:
    """The 118 attributes of the built-in dictionary, four keys, demonstration flags."""
    flagged = {
        name: {row["item_code"] for row in _read(f"fr_y14m_d1_{name}.csv") if _counts(row)}
        for name in ("cde", "issues")
    }
    rows = []
    for row in _read("fr_y14m_d1.csv"):
        key_order = int(row["line"]) if row["line"] in {"1", "2", "3", "4"} else None
        rows.append(
            {
                **{name: row[name] for name in ("name", "technical_name", "line", "item_code")},
                "format": row["format"],
                "data_type": _type_of(row["format"]),
                "requirement": row["requirement"].lower(),
                "description": row["description"],
                "allowed_values": [
                    dict(zip(("code", "meaning"), part.split(" = "), strict=True))
                    for part in filter(None, row["allowed_values"].split("; "))
                ],
                "is_key": key_order is not None,
                "key_order": key_order,
                "is_cde": row["item_code"] in flagged["cde"],
                "has_open_issue": row["item_code"] in flagged["issues"],
            }
        )
    return rows


def _counts(row: dict) -> bool:
    return row.get("status", "open") == "open"


def _read(name: str) -> list[dict]:
    with (BUILTIN / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _type_of(format_: str) -> str:
    if format_.startswith("Date"):
        return "date"
    if format_.startswith("C"):
        return "string"
    return "decimal" if "." in format_ else "integer"
