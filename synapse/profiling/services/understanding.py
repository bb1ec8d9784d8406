"""How a file of records is read and which attribute each of its columns holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synapse.cycles.models import CycleReport
from synapse.cycles.phases import PhaseKind
from synapse.cycles.selectors import approved_version
from synapse.planning.models import Attribute, Plan
from synapse.profiling import population as engine
from synapse.profiling import storage
from synapse.profiling.errors.populations import PlanNotApproved
from synapse.profiling.models import Population
from synapse.profiling.population.schema import Match, Reading


@dataclass(frozen=True)
class Understood:
    """A file as it would be imported."""

    reading: Reading
    match: Match


def approved_plan(cycle_report: CycleReport) -> Plan:
    plan = approved_version(Plan, cycle_report.phases.get(kind=PhaseKind.PLANNING))
    if plan is None:
        raise PlanNotApproved()
    return plan


def attributes_of(plan: Plan) -> list[Attribute]:
    """In the order of the dictionary, which a file without headings goes by."""
    return list(plan.attributes.order_by("position", "pk"))


def understand(
    path: Path,
    name: str,
    attributes: list[Attribute],
    *,
    given: Mapping[str, Any] | None = None,
    chosen: Mapping[int, int | None] | None = None,
) -> Understood:
    """What is `given` or `chosen` is taken as it is, everything else detected."""
    reading = engine.detect(path, name, attributes=attributes, given=dict(given or {}))
    return Understood(reading, engine.match(reading, attributes, chosen=chosen))


def look_again(
    population: Population,
    *,
    changes: Mapping[str, Any] | None = None,
    chosen: Mapping[int, int | None] | None = None,
) -> Understood:
    """The stored file read with these changes; keeps nothing.

    What was confirmed before stays fixed. Columns confirmed before keep their attributes as long
    as the file is read as it was. The file itself is opened only to be read in another way: a
    large workbook takes longer than a page may.
    """
    plan = approved_plan(population.cycle_report)
    is_same_plan = population.plan_id == plan.pk
    given = {}
    if population.confirmed_at:
        given = {name: population.reading[name] for name in Reading.CHANGEABLE}
        if chosen is None and not changes and is_same_plan:
            columns = population.columns
            chosen = {column["position"]: column["attribute_id"] for column in columns}
    given |= changes or {}
    attributes = attributes_of(plan)
    is_as_kept = all(population.reading[name] == value for name, value in given.items())
    if is_as_kept and (population.confirmed_at or is_same_plan):
        reading = Reading.from_json(population.reading)
        return Understood(reading, engine.match(reading, attributes, chosen=chosen))
    with storage.local_files([population.file.name]) as [path]:
        return understand(path, population.name, attributes, given=given, chosen=chosen)
