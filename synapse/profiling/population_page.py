"""What the pages of populations show around their rows."""

import hashlib

from synapse.common.versions import canonical_json
from synapse.cycles.models import Phase
from synapse.planning.models import Attribute
from synapse.profiling import rules
from synapse.profiling.models import Population
from synapse.profiling.population.schema import Reading
from synapse.profiling.selectors.populations import current_population
from synapse.profiling.services.understanding import Understood, attributes_of
from synapse.profiling.tasks.importing import latest_jobs

SAMPLES = 3
SHOWN = 20


def populations_part(phase: Phase, user) -> dict:
    """What `_populations.html` shows."""
    rows = phase.cycle_report.populations.select_related("uploaded_by").order_by("-pk")
    populations = list(rows[:SHOWN])
    jobs = latest_jobs([each for each in populations if not each.is_imported])
    for each in populations:
        each.job = jobs.get(each.pk)
    current = current_population(phase.cycle_report)
    return {
        "populations": populations,
        "current_population": current.pk if current else None,
        "can_upload": rules.can_upload(user, phase),
    }


def facts(population: Population) -> list[dict]:
    missing = len(missing_attributes(population, attributes_of(population.plan)))
    extra = sum(column["attribute_id"] is None for column in population.columns)
    rows = [{"value": len(population.columns), "label": "columns", "url": "?show=columns"}]
    if population.is_imported:
        rejected = population.rejected_count
        rows = [
            {"value": population.row_count, "label": "records"},
            {"value": rejected, "label": "rejected rows", "url": "?show=rejected",
             "colour": "bad" if rejected else "ok"},
            *rows,
        ]  # fmt: skip
    rows.append({"value": extra, "label": "columns without an attribute",
                 "url": "?show=columns&unmatched=on"})  # fmt: skip
    rows.append({"value": missing, "label": "attributes without a column", "url": "#missing",
                 "colour": "warn" if missing else ""})  # fmt: skip
    return rows


def missing_attributes(population: Population, attributes: list[Attribute]) -> list[Attribute]:
    taken = {column["attribute_id"] for column in population.columns}
    return [each for each in attributes if each.pk not in taken]


def named_columns(columns: list[dict], attributes: list[Attribute]) -> list[dict]:
    """The columns as stored, each with the attribute it holds."""
    names = {each.pk: each.name for each in attributes}
    return [column | {"attribute": names.get(column["attribute_id"], "")} for column in columns]


def looked_at(look: Understood, names: dict[int, str], typed=None, errors=None) -> list[dict]:
    """Each column with the beginning of its values and the attribute written beside it."""
    sample, rows = look.reading.sample, []
    for column in look.match.columns:
        place = column.position - 1
        values = [row[place][:40] for row in sample if place < len(row) and row[place].strip()]
        field = f"column_{column.position}"
        shown = names.get(column.attribute_id, "")
        rows.append(
            {
                "column": column,
                "field": field,
                "value": typed.get(field, "") if typed is not None else shown,
                "samples": list(dict.fromkeys(values))[:SAMPLES],
                "error": (errors or {}).get(column.position, ""),
            }
        )
    return rows


def signature(reading: Reading) -> str:
    """Tells whether a file is still read as it was when its columns were shown."""
    seen = [*(getattr(reading, name) for name in Reading.CHANGEABLE), reading.names]
    return hashlib.sha256(canonical_json(seen).encode()).hexdigest()
