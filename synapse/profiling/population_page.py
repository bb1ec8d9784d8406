"""What the pages of populations show around their rows."""

from synapse.cycles.models import Phase
from synapse.planning.models import Attribute
from synapse.planning.states import DataType
from synapse.profiling import rules
from synapse.profiling.models import Population
from synapse.profiling.population.schema import CSV, PARQUET, XLSX, Column, Reading
from synapse.profiling.population.values import Typist
from synapse.profiling.population_forms import (
    BY_KIND,
    DECIMALS,
    DELIMITERS,
    QUOTES,
    ReadingForm,
    match_field,
)
from synapse.profiling.selectors.populations import current_population
from synapse.profiling.services.understanding import Understood
from synapse.profiling.tasks.importing import latest_jobs

SAMPLES, LONGEST, WIDEST = 3, 40, 30
SHOWN = 50
KINDS = {CSV: "delimited text", XLSX: "XLSX workbook", PARQUET: "Parquet"}


def populations_part(phase: Phase, user) -> dict:
    """What `_populations.html` shows; jobs that run are shown above it."""
    rows = phase.cycle_report.populations.select_related("uploaded_by").order_by("-pk")
    populations = list(rows[:SHOWN])
    jobs = latest_jobs([each for each in populations if not each.is_imported])
    for each in populations:
        each.job = jobs.get(each.pk)
    current = current_population(phase.cycle_report)
    return {
        "populations": populations,
        "population_count": phase.cycle_report.populations.count(),
        "population_jobs": [job for job in jobs.values() if job.is_live],
        "current_population": current.pk if current else None,
        "can_upload": rules.can_upload(user, phase),
    }


def tabs(population: Population, *, rejected: bool) -> list[dict]:
    return [
        {"label": "Columns", "count": len(population.columns), "url": "?show=columns",
         "current": not rejected},
        {"label": "Rejected rows", "count": population.rejected_count,
         "url": "?show=rejected", "current": rejected},
    ]  # fmt: skip


def facts(population: Population, attributes: list[Attribute]) -> list[dict]:
    """The figures, each leading to its rows; none of a file that isn't whole."""
    if not population.file:
        return []
    missing = len(missing_attributes(population, attributes))
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
    if missing:
        rows.append({"value": missing, "label": "attributes without a column", "url": "#missing",
                     "colour": "warn"})  # fmt: skip
    return rows


def missing_attributes(population: Population, attributes: list[Attribute]) -> list[Attribute]:
    """Attributes that no column holds; unknown, so none, while the file isn't whole."""
    taken = {column["attribute_id"] for column in population.columns}
    return [each for each in attributes if each.pk not in taken] if population.file else []


def named_columns(columns: list[dict], attributes: list[Attribute]) -> list[dict]:
    """The columns as stored, each with the attribute it holds."""
    names = {each.pk: each.name for each in attributes}
    return [
        column
        | {
            "attribute": names.get(column["attribute_id"], ""),
            "planned": DataType(column["data_type"]).label if column["data_type"] else "",
        }
        for column in columns
    ]


def looked_at(look: Understood, names: dict[int, str], typed=None, errors=None) -> list[dict]:
    """Each column with the beginning of its values and the attribute written beside it."""
    rows = []
    for column in look.match.columns:
        place, field = column.position - 1, match_field(column.position)
        values = [row[place] for row in look.reading.sample if place < len(row)]
        values = list(dict.fromkeys(value for value in values if value.strip()))
        shown = names.get(column.attribute_id, "")
        rows.append(
            {
                "column": column,
                "planned": DataType(column.data_type).label if column.data_type else "",
                "field": field,
                "value": typed.get(field, shown) if typed is not None else shown,
                "samples": [value[:LONGEST] for value in values[:SAMPLES]],
                "unlike": [value[:LONGEST] for value in unlike(column, values, look.reading)],
                "error": (errors or {}).get(column.position, ""),
            }
        )
    return rows


def unlike(column: Column, values: list[str], reading: Reading) -> list[str]:
    """Those of the values that can't be read as the type planned for the column."""
    typist = Typist([column], reading.decimal)
    if not typist.needs(column):
        return []
    read = typist.parser(column)
    return [value for value in values if value.strip() not in column.codes and read(value) is None]


def beginning(reading: Reading) -> dict:
    """The first records, as many columns of them as can be looked at."""
    return {
        "headings": reading.names[:WIDEST],
        "records": [row[:WIDEST] for row in reading.sample],
        "more": max(0, reading.fields - WIDEST),
    }


def same_file(population: Population) -> Population | None:
    """Another upload of the very same bytes for this report, the newest."""
    same = Population.objects.filter(
        cycle_report=population.cycle_report_id, sha256=population.sha256
    )
    others = same.exclude(pk=population.pk) if population.sha256 else same.none()
    return others.order_by("-pk").first()


def reading_facts(reading: dict) -> list[tuple[str, str]]:
    """How the file is or was read, in words."""
    words = [("Kind", KINDS.get(reading.get("kind"), ""))]
    for name in BY_KIND.get(reading.get("kind"), ()):
        value = reading.get(name)
        known = {"delimiter": DELIMITERS, "quote": QUOTES, "decimal": DECIMALS}.get(name, {})
        if name == "header":
            value = "yes" if value else "no"
        words.append((ReadingForm.base_fields[name].label, known.get(value, value)))
    if reading.get("records") is not None:
        words.append(("Records, as the file itself says", reading["records"]))
    return words
