"""A confirmed file into Parquet, chunk by chunk, each stored once, then summed up."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from synapse.audit.services import record
from synapse.common.workfolders import work_folder
from synapse.profiling import population as engine
from synapse.profiling import rules, storage
from synapse.profiling.errors.populations import (
    ImportPartsMissing,
    NotConfirmed,
    PopulationChanged,
)
from synapse.profiling.models import Population, PopulationPart, RejectedRow
from synapse.profiling.population.schema import (
    Chunk,
    ChunkResult,
    Column,
    Reading,
    Totals,
    columns_from_json,
)
from synapse.profiling.services.populations import forget_import, import_folder, lock

KEPT_REJECTIONS = 10_000
SUMS = "sums"
# What PostgreSQL can't hold as text.
UNPRINTABLE = str.maketrans({"\0": "␀"} | {code: "�" for code in range(0xD800, 0xE000)})


@dataclass(frozen=True)
class Source:
    """The file of one confirmation, open to be read."""

    population: Population
    path: Path
    reading: Reading
    columns: tuple[Column, ...]

    def part_file(self, key: str) -> str:
        """The same name at every repetition, so that a chunk read twice leaves one file."""
        return f"{import_folder(self.population)}/{key}.parquet"


@transaction.atomic
def begin_import(*, population: Population, actor) -> Population:
    """Clears what an earlier, broken-off import left; the population as it is then."""
    rules.require_upload(actor, population.cycle_report)
    population = lock(population)
    if not population.confirmed_at:
        raise NotConfirmed(file=population.name)
    forget_import(population)
    population.save(update_fields=["lock_version"])
    return population


@contextmanager
def opened(population_id: int, lock_version: int) -> Iterator[Source]:
    population = Population.objects.get(pk=population_id)
    _require_same(population, lock_version)
    reading = Reading.from_json(population.reading)
    with (
        storage.local_files([population.file.name]) as [stored],
        work_folder("population") as folder,
    ):
        path = engine.prepare(stored, reading, folder, file=population.name)
        yield Source(population, path, reading, columns_from_json(population.columns))


def plan(source: Source) -> list[Chunk]:
    return engine.plan_chunks(source.path, source.reading, file=source.population.name)


def read(source: Source, key: str, label: str, payload: dict[str, Any]) -> ChunkResult:
    """Turns one chunk into its Parquet file; touches no database."""
    chunk = Chunk(key=key, label=label, payload=payload)
    with storage.writing(source.part_file(key)) as out:
        return engine.read_chunk(
            source.path,
            source.reading,
            chunk,
            source.columns,
            out,
            file=source.population.name,
        )


def store(source: Source, key: str, result: ChunkResult) -> None:
    """Keeps what a chunk held, in the caller's short transaction."""
    population = lock(source.population)
    _require_same(population, source.population.lock_version)
    PopulationPart.objects.create(
        population=population,
        key=key,
        file=source.part_file(key),
        row_count=result.rows,
        rejected_count=result.rejected_count,
        facts=result.facts(),
    )
    room = KEPT_REJECTIONS - population.rejected_rows.count()
    RejectedRow.objects.bulk_create(
        RejectedRow(
            population=population,
            record_no=row.record_no,
            line_no=row.line_no,
            code=row.code[:40],
            reason=row.reason.translate(UNPRINTABLE)[:500],
            text=row.text.translate(UNPRINTABLE)[:2000],
        )
        for row in result.rejected[: max(room, 0)]
    )


def sum_up(source: Source, chunk_count: int) -> Totals:
    """The totals of all chunks, once each has left its row."""
    parts = list(source.population.imported_parts.order_by("key"))
    if len(parts) != chunk_count:
        raise ImportPartsMissing(count=chunk_count - len(parts), file=source.population.name)
    return engine.combine(
        [part.facts for part in parts],
        source.columns,
        reading=source.reading,
        file=source.population.name,
        first_rejected=source.population.rejected_rows.order_by("record_no").first(),
    )


def finish(source: Source, totals: Totals, *, actor) -> Population:
    """From here on the population is usable and frozen; in the caller's short transaction."""
    population = lock(source.population)
    _require_same(population, source.population.lock_version)
    parts = population.imported_parts.order_by("key")
    population.parts = list(parts.filter(row_count__gt=0).values_list("file", flat=True))
    population.columns = [column.as_json() for column in totals.columns]
    population.reading |= {"notes": [*source.reading.notes, *totals.notes]}
    population.row_count = totals.rows
    population.rejected_count = totals.rejected_count
    population.content_sha256 = totals.content_sha256
    population.imported_at = timezone.now()
    population.save()
    folder, kept = import_folder(source.population), population.parts
    transaction.on_commit(lambda: storage.keep_only(folder, kept))
    record(
        actor=actor,
        action="population.import",
        obj=population,
        after={
            "records": totals.rows,
            "rejected": totals.rejected_count,
            "content_sha256": totals.content_sha256,
            "sha256": population.sha256,
        },
        cycle_report=population.cycle_report,
    )
    return population


def summary(population_id: int) -> dict[str, Any]:
    """What the job tells at its end."""
    population = Population.objects.get(pk=population_id)
    return {
        "records": population.row_count,
        "rejected": population.rejected_count,
        "columns": len(population.columns),
        "content_sha256": population.content_sha256,
    }


def _require_same(population: Population, lock_version: int) -> None:
    if population.lock_version != lock_version:
        raise PopulationChanged(file=population.name)
