"""What sampling runs in workers, and how it is started."""

from django.contrib.auth import get_user_model
from django.db import transaction

from jobs import JobRun, PlannedItem, enqueue, selectors, task
from jobs.models import Job
from synapse.common.words import counted
from synapse.sampling import rules
from synapse.sampling.models import SampleSet
from synapse.sampling.options import DrawOptions
from synapse.sampling.services import drafting, drawing, storing


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


def latest_draw(sample_set: SampleSet) -> Job | None:
    """The newest draw of the set, alive or ended."""
    return selectors.latest_job(sample_set, draw.name)
