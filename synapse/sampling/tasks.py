"""What sampling runs in workers, and how it is started."""

from django.contrib.auth import get_user_model
from django.db import transaction

from jobs import JobRun, PlannedItem, enqueue, selectors, task
from jobs.models import Job
from jobs.pauses import close_connections
from synapse.common.words import counted
from synapse.sampling import rules
from synapse.sampling.models import SampleSet
from synapse.sampling.options import DrawOptions
from synapse.sampling.services import adding, drafting, drawing, storing


def can_watch(user, job: Job) -> bool:
    """Everybody who sees the samples."""
    return isinstance(job.subject, SampleSet) and rules.can_view_sample_set(user, job.subject)


def outcome(result: dict) -> str:
    fell = result["shortfalls"]
    short = f"; {counted(fell, 'shortfall')} told in the report" if fell else ""
    drawn, records = counted(result["samples"], "sample"), counted(result["records"], "record")
    return f"{drawn} of {records}{short}."


@task(
    "sampling.draw",
    queue="batch",
    title="Draw samples",
    timeout=7200,
    may_watch=can_watch,
    says=outcome,
)
def draw(run: JobRun, *, version_id: int, options: dict) -> dict:
    work = drawing.Draw(version_id, run.job.pk, DrawOptions(**options))
    work.clear_others()
    items = run.plan(
        lambda: [PlannedItem(step.key, step.label, step.payload) for step in work.steps()]
    )
    actor = get_user_model().objects.get(pk=run.job.owner_id)
    for item in items:
        run.step(item.label)
        # Minutes over files, before the short transaction in which it counts.
        drawn = work.work(item.payload)
        with run.commit(item):
            if drawn is not None:
                storing.store(work, drawn, actor=actor)
    work.clear()
    return storing.summary(SampleSet.objects.get(pk=version_id))


@transaction.atomic
def start_draw(*, sample_set: SampleSet, actor, wished: DrawOptions, replace: bool = False) -> Job:
    """Starts the draw into a draft, all or nothing; AlreadyRunning if one is under way.

    The draft keeps its samples and options until the records are chosen; `replace` confirms that
    what was drawn before may go then.
    """
    sample_set = drawing.begin(sample_set=sample_set, actor=actor, wished=wished, replace=replace)
    return enqueue(
        draw,
        subject=sample_set,
        owner=actor,
        version_id=sample_set.pk,
        options=wished.as_json(),
    )


@transaction.atomic
def start_first_draw(*, phase, actor, wished: DrawOptions) -> tuple[SampleSet, Job]:
    """A new draft and the draw into it, both or neither."""
    sample_set = drafting.start_sample_set(phase=phase, actor=actor)
    return sample_set, start_draw(sample_set=sample_set, actor=actor, wished=wished)


def added(result: dict) -> str:
    if result["sample"] is None:
        return "The record was added, and removed since."
    number, key = result["record_no"], result["key"]
    named = "" if key == str(number) else f" with the key {key}"
    return f"Record {number:,}{named} was added."


# Not on the queue of draws and imports: somebody waits for it, and a second or two is enough.
@task(
    "sampling.add_record",
    queue="default",
    title="Add a record",
    may_watch=can_watch,
    says=added,
)
def add_record(
    run: JobRun,
    *,
    version_id: int,
    population_id: int,
    record_no: int | None,
    key: str,
    reason: str,
) -> dict:
    wish = adding.Wish(population_id, record_no, key, reason)
    actor = get_user_model().objects.get(pk=run.job.owner_id)
    for item in run.plan([PlannedItem("record", "look the record up")]):
        addition = adding.Addition(version_id, wish, actor)
        run.step(f"looking up the record {wish.told}")
        close_connections()
        found = addition.look_up()
        with run.commit(item):
            addition.store(found)
    return adding.summary(version_id, wish)


@transaction.atomic
def start_addition(*, sample_set: SampleSet, actor, **named) -> Job:
    """Starts adding a record by hand, named by `record_no` or `key`, with a `reason`.

    Refused at once by what is known without the file; AlreadyRunning while one is being added.
    """
    wish = adding.begin(sample_set=sample_set, actor=actor, **named)
    return enqueue(
        add_record, subject=sample_set, owner=actor, version_id=sample_set.pk, **wish.as_json()
    )


def latest_job(sample_set: SampleSet) -> Job | None:
    """The newest job that draws or adds into the set; before all a draw that is under way."""
    drawing_now = selectors.live_job(sample_set, draw.name)
    return drawing_now or selectors.latest_job(sample_set, draw.name, add_record.name)


def refused_addition(sample_set: SampleSet, user) -> Job | None:
    """The newest job of the set if it is a record the user named that could not be added."""
    job = latest_job(sample_set)
    is_mine = job is not None and job.task == add_record.name and job.owner_id == user.pk
    return job if is_mine and job.error_code and not job.is_live else None
