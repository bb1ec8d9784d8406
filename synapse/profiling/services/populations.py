"""Populations taken in whole, confirmed as they are to be read, and deleted while unused."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import transaction
from django.utils import timezone

from synapse.audit.services import record
from synapse.common.errors import Stale
from synapse.common.workfolders import work_folder
from synapse.cycles.models import CycleReport
from synapse.planning.services.documents import clean_name
from synapse.profiling import rules, storage
from synapse.profiling.errors.populations import (
    EmptyUpload,
    PopulationFinished,
    PopulationTooLarge,
    UploadUnfinished,
)
from synapse.profiling.models import Population
from synapse.profiling.services.understanding import (
    Understood,
    approved_plan,
    attributes_of,
    look_again,
    understand,
)

MEGABYTE = 1024 * 1024


def take_population(
    *,
    cycle_report: CycleReport,
    name: str,
    content: BinaryIO | Path | bytes,
    actor,
    given: Mapping[str, Any] | None = None,
) -> Population:
    """Stores a file of records that can be read; nothing is kept of one that can't."""
    rules.require_upload(actor, cycle_report)
    name = clean_name(name)
    plan = approved_plan(cycle_report)
    with _as_file(content) as path:
        size = path.stat().st_size
        check_size(name, size)
        found = understand(path, name, attributes_of(plan), given=given)
        population = Population.objects.create(
            cycle_report=cycle_report, plan=plan, name=name, size=size, uploaded_by=actor
        )
        try:
            storage.write_file(source_name(population), path)
            sha256 = digest_of(path)
            with transaction.atomic():
                return keep_source(population, sha256, found, actor=actor)
        except BaseException:
            population.delete()
            storage.delete_folder(population.folder)
            raise


def confirm(
    *,
    population: Population,
    actor,
    lock_version: int | None = None,
    reading: Mapping[str, Any] | None = None,
    matches: Mapping[int, int | None] | None = None,
) -> Population:
    """Fixes how the file is read and what its columns hold; may be done again until the import.

    `reading` names what is read otherwise than detected, `matches` gives attributes to columns by
    their position.
    """
    rules.require_upload(actor, population.cycle_report)
    require_whole(population)
    found = look_again(population, changes=reading, chosen=matches)
    with transaction.atomic():
        population = lock(population, lock_version)
        understood(population, found)
        population.plan = approved_plan(population.cycle_report)
        population.confirmed_by, population.confirmed_at = actor, timezone.now()
        forget_import(population)
        population.save()
        record(
            actor=actor,
            action="population.confirm",
            obj=population,
            after=_confirmed(population, found),
            cycle_report=population.cycle_report,
        )
    return population


@transaction.atomic
def delete_population(*, population: Population, actor, lock_version: int | None = None) -> None:
    """Only one that isn't imported; its files go with it."""
    rules.require_upload(actor, population.cycle_report)
    population = lock(population, lock_version)
    record(
        actor=actor,
        action="population.delete",
        obj=population,
        before={"name": population.name, "sha256": population.sha256, "size": population.size},
        cycle_report=population.cycle_report,
    )
    folder = population.folder
    population.delete()
    transaction.on_commit(lambda: storage.delete_folder(folder))


def lock(population: Population, lock_version: int | None = None) -> Population:
    """The row as it is now, locked, once it may still change; `lock_version` is what was read."""
    fresh = Population.objects.select_for_update(of=("self",)).select_related("cycle_report")
    fresh = fresh.get(pk=population.pk)
    require_unfinished(fresh)
    if lock_version is not None and fresh.lock_version != lock_version:
        raise Stale(what=f"“{fresh}”")
    return fresh


def forget_import(population: Population) -> None:
    """An import begun before counts no more: its rows go, its files once this is committed."""
    former = import_folder(population)
    population.lock_version += 1
    population.imported_parts.all().delete()
    population.rejected_rows.all().delete()
    transaction.on_commit(lambda: storage.delete_folder(former))


def keep_source(population: Population, sha256: str, found: Understood, *, actor) -> Population:
    """The file is whole and stands in storage; to be called in a transaction."""
    population = lock(population)
    population.file.name = source_name(population)
    population.sha256 = sha256
    understood(population, found)
    population.save()
    record(
        actor=actor,
        action="population.upload",
        obj=population,
        after={"name": population.name, "sha256": sha256, "size": population.size},
        cycle_report=population.cycle_report,
    )
    return population


def understood(population: Population, found: Understood) -> None:
    population.reading = found.reading.as_json()
    population.columns = [column.as_json() for column in found.match.columns]


def _confirmed(population: Population, found: Understood) -> dict[str, Any]:
    return {
        "plan": population.plan_id,
        "columns": len(found.match.columns),
        "without_attribute": list(found.match.extra)[:50],
        "missing_attributes": len(found.match.missing),
    } | {name: population.reading[name] for name in found.reading.CHANGEABLE}


def source_name(population: Population) -> str:
    return f"{population.folder}/source"


def import_folder(population: Population) -> str:
    """Each confirmation has its own, so a straggler of an older import overwrites nothing."""
    return f"{population.folder}/import-{population.lock_version}"


def require_whole(population: Population) -> None:
    if not population.file:
        raise UploadUnfinished(file=population.name)


def require_unfinished(population: Population) -> None:
    if population.imported_at:
        raise PopulationFinished(file=population.name)


def check_size(name: str, size: int) -> None:
    if size <= 0:
        raise EmptyUpload(file=name)
    if size > settings.POPULATION_MAX_MB * MEGABYTE:
        raise PopulationTooLarge(
            file=name, size=f"{size / MEGABYTE:,.1f}", limit=f"{settings.POPULATION_MAX_MB:,}"
        )


def digest_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def _as_file(content: BinaryIO | Path | bytes) -> Iterator[Path]:
    """The content as a file of this machine, never whole in memory."""
    if isinstance(content, Path):
        yield content
        return
    if isinstance(content, TemporaryUploadedFile):
        yield Path(content.temporary_file_path())
        return
    with work_folder("population") as folder:
        path = folder / "upload"
        with path.open("wb") as spool:
            if isinstance(content, bytes):
                spool.write(content)
            else:
                while block := content.read(MEGABYTE):
                    spool.write(block)
        yield path
