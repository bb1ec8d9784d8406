"""Large files in parts: begun, taken up again where they broke off, put together in storage."""

import hashlib
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from synapse.audit.services import record
from synapse.cycles.models import CycleReport
from synapse.planning.services.documents import clean_name
from synapse.profiling import rules, storage
from synapse.profiling.errors.populations import PartTooLarge, UploadIncomplete, WrongPart
from synapse.profiling.models import Population, UploadPart
from synapse.profiling.services.populations import (
    MEGABYTE,
    check_size,
    keep_source,
    lock,
    source_name,
)
from synapse.profiling.services.understanding import approved_plan, attributes_of, understand

PART_SIZE = 8 * MEGABYTE


@transaction.atomic
def begin_upload(
    *, cycle_report: CycleReport, name: str, size: int, actor, fingerprint: str = ""
) -> Population:
    """An upload to be sent in parts; the unfinished one of the same file is taken up again.

    The same file is told by name, size and the sender's `fingerprint`; without one, none is.
    """
    rules.require_upload(actor, cycle_report)
    name = clean_name(name)
    check_size(name, size)
    plan = approved_plan(cycle_report)
    same = Population.objects.filter(
        cycle_report=cycle_report, name=name, size=size, file="", fingerprint=fingerprint
    )
    known = same.order_by("-pk").first() if fingerprint else None
    return known or Population.objects.create(
        cycle_report=cycle_report,
        plan=plan,
        name=name,
        size=size,
        fingerprint=fingerprint,
        uploaded_by=actor,
    )


def store_part(*, population: Population, number: int, content: bytes, actor) -> UploadPart:
    """Keeps one part; the same number again replaces what was sent before."""
    rules.require_upload(actor, population.cycle_report)
    if len(content) > PART_SIZE:
        raise PartTooLarge(limit=PART_SIZE // MEGABYTE)
    _require_fitting(population, number, content)
    # Written before the row is locked: storage may take its time.
    storage.write_part(part_name(population, number), content)
    with transaction.atomic():
        population = lock(population)
        if population.file:
            storage.delete_files([part_name(population, number)])
        _require_fitting(population, number, content)
        part, _ = UploadPart.objects.update_or_create(
            population=population,
            number=number,
            defaults={"size": len(content), "sha256": hashlib.sha256(content).hexdigest()},
        )
    return part


def _require_fitting(population: Population, number: int, content: bytes) -> None:
    expected, reason = part_size(population, number), ""
    if population.file:
        reason = "the file is whole already"
    elif expected is None:
        reason = f"the file has parts 1 to {part_count(population)}"
    elif len(content) != expected:
        reason = f"it has {len(content):,} bytes and must have {expected:,}"
    if reason:
        raise WrongPart(number=number, file=population.name, reason=reason)


def part_count(population: Population) -> int:
    return -(-population.size // PART_SIZE)


def part_size(population: Population, number: int) -> int | None:
    """What the part must have, None for a number the file has no part of."""
    if not 1 <= number <= part_count(population):
        return None
    return min(PART_SIZE, population.size - (number - 1) * PART_SIZE)


def missing_parts(population: Population) -> list[int]:
    if population.file:
        return []
    there = set(population.upload_parts.values_list("number", flat=True))
    return [number for number in range(1, part_count(population) + 1) if number not in there]


def require_complete(population: Population) -> None:
    if missing := missing_parts(population):
        raise UploadIncomplete(
            file=population.name,
            missing=len(missing),
            total=part_count(population),
            first=missing[0],
        )


def assemble(population: Population):
    """Puts the parts together and looks at the whole; touches files, and may take a while."""
    require_complete(population)
    digest = hashlib.sha256()
    with storage.writing(source_name(population)) as whole, whole.open("wb") as target:
        for number in range(1, part_count(population) + 1):
            with storage.local_files([part_name(population, number)]) as [part]:
                content = part.read_bytes()
                digest.update(content)
                target.write(content)
    with storage.local_files([source_name(population)]) as [path]:
        plan = approved_plan(population.cycle_report)
        return digest.hexdigest(), understand(path, population.name, attributes_of(plan))


def keep_assembled(population: Population, sha256: str, found, *, actor) -> Population:
    """The parts have become the file; to be called in a transaction."""
    population = keep_source(population, sha256, found, actor=actor)
    population.upload_parts.all().delete()
    return population


def clear_parts(population: Population) -> None:
    storage.delete_folder(parts_folder(population))


def broken_off(days: int) -> list[Population]:
    """Uploads begun so many days ago that never became a file; none where 0 days say: for ever."""
    begun = timezone.now() - timedelta(days=days)
    unfinished = Population.objects.filter(file="", uploaded_at__lt=begun)
    return list(unfinished.order_by("pk")) if days else []


def drop(population_id: int) -> None:
    """Deletes an upload that is broken off, unless it became a file meanwhile; with its parts."""
    unfinished = Population.objects.select_for_update(of=("self",)).filter(file="")
    population = unfinished.select_related("cycle_report").filter(pk=population_id).first()
    if population is None:
        return
    record(
        actor=None,
        action="population.delete",
        obj=population,
        before={"name": population.name, "size": population.size},
        reason="The upload was broken off and not taken up again.",
        cycle_report=population.cycle_report,
    )
    folder = population.folder
    population.delete()
    transaction.on_commit(lambda: storage.delete_folder(folder))


def parts_folder(population: Population) -> str:
    return f"{population.folder}/upload"


def part_name(population: Population, number: int) -> str:
    return f"{parts_folder(population)}/{number:06}"
