"""Populations in a worker: parts become a file, a file becomes Parquet."""

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from jobs import JobRun, PlannedItem, enqueue, selectors, task
from jobs.models import Job
from synapse.common.words import counted
from synapse.profiling import rules
from synapse.profiling.errors.populations import PopulationInWork
from synapse.profiling.models import Population
from synapse.profiling.services import importing, uploading

LONGEST = 6 * 3600


def can_watch(user, job: Job) -> bool:
    """Everybody who sees the population."""
    return isinstance(job.subject, Population) and rules.can_view(user, job.subject)


@task(
    "profiling.assemble_population",
    queue="batch",
    title="Put the upload together",
    timeout=LONGEST,
    may_watch=can_watch,
)
def assemble_population(run: JobRun, *, population_id: int) -> dict:
    population = Population.objects.get(pk=population_id)
    actor = get_user_model().objects.get(pk=run.job.owner_id)
    items = run.plan(
        [PlannedItem("whole", "put the parts together"), PlannedItem("clear", "clear the parts")]
    )
    for item in items:
        run.step(item.label)
        if item.key == "whole":
            sha256, found = uploading.assemble(population)
            with run.commit(item):
                uploading.keep_assembled(population, sha256, found, actor=actor)
        else:
            uploading.clear_parts(population)
            with run.commit(item):
                pass
    return {"size": population.size}


def outcome(result: dict) -> str:
    rejected = f", {result['rejected']:,} rejected" if result["rejected"] else ""
    return f"{counted(result['records'], 'record')}{rejected}."


@task(
    "profiling.import_population",
    queue="batch",
    title="Import population",
    timeout=LONGEST,
    may_watch=can_watch,
    says=outcome,
)
def import_population(run: JobRun, *, population_id: int, lock_version: int) -> dict:
    """A file that can't be read to its end fails the job: part of a population is none."""
    actor = get_user_model().objects.get(pk=run.job.owner_id)
    run.step("opening the file")
    with importing.opened(population_id, lock_version) as source:
        items = run.plan(
            lambda: [
                *(PlannedItem(c.key, c.label, dict(c.payload)) for c in importing.plan(source)),
                PlannedItem(importing.SUMS, "counts and hashes"),
            ]
        )
        for item in items:
            run.step(item.label)
            if item.key == importing.SUMS:
                totals = importing.sum_up(source, run.job.total - 1)
                with run.commit(item):
                    importing.finish(source, totals, actor=actor)
            else:
                result = importing.read(source, item.key, item.label, item.payload)
                with run.commit(item):
                    importing.store(source, item.key, result)
    return importing.summary(population_id)


@transaction.atomic
def start_assembly(*, population: Population, actor) -> Job:
    """Starts the job once every part is there; AlreadyRunning if one is under way."""
    rules.require_upload(actor, population.cycle_report)
    uploading.require_complete(population)
    return enqueue(
        assemble_population, subject=population, owner=actor, population_id=population.pk
    )


@transaction.atomic
def start_import(*, population: Population, actor) -> Job:
    """Starts the import of what was confirmed; AlreadyRunning if one is under way."""
    require_idle(population)
    population = importing.begin_import(population=population, actor=actor)
    return enqueue(
        import_population,
        subject=population,
        owner=actor,
        population_id=population.pk,
        lock_version=population.lock_version,
    )


def require_idle(population: Population) -> None:
    """Nobody changes a population under the hands of its job."""
    job = latest_job(population)
    if job and job.is_live:
        raise PopulationInWork(file=population.name)


def latest_job(population: Population) -> Job | None:
    return selectors.latest_job(population, assemble_population.name, import_population.name)


def latest_jobs(populations: list[Population]) -> dict[int, Job]:
    """The newest job of each, in one query."""
    kind = ContentType.objects.get_for_model(Population)
    ids = [population.pk for population in populations]
    rows = selectors.jobs_for_snapshot().filter(subject_type=kind, subject_id__in=ids)
    return {job.subject_id: job for job in rows.order_by("id")}
