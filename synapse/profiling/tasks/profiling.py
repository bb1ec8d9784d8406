"""Profiling in a worker: rules part by part, measures, then the sums."""

from django.contrib.auth import get_user_model
from django.db import transaction

from jobs import AlreadyRunning, JobRun, PlannedItem, enqueue, selectors, task
from jobs.models import Job
from synapse.common.errors import DomainError
from synapse.common.words import counted
from synapse.profiling import rules
from synapse.profiling.models import Population, Profile, RuleSet
from synapse.profiling.services import profiles, running, storing

LONGEST = 6 * 3600


def can_watch(user, job: Job) -> bool:
    """Everybody who sees the profile."""
    return isinstance(job.subject, Profile) and rules.can_view(user, job.subject)


def outcome(result: dict) -> str:
    if result["failing_records"] is None:
        return "The profile is finished once what failed is tried again."
    rules_run, records = counted(result["rules"], "rule"), counted(result["records"], "record")
    return f"{rules_run} over {records}: {result['failing_records']:,} failed at least one."


@task(
    "profiling.profile",
    queue="batch",
    title="Profile data",
    timeout=LONGEST,
    may_watch=can_watch,
    says=outcome,
)
def profile(run: JobRun, *, profile_id: int) -> dict:
    items = run.plan(
        lambda: [
            PlannedItem(step.key, step.label, step.payload) for step in running.plan(profile_id)
        ]
    )
    actor = get_user_model().objects.get(pk=run.job.owner_id)
    read = running.ground(profile_id)
    for item in items:
        run.step(item.label)
        try:
            found = running.work(read, item.payload)
        except DomainError as error:
            with run.commit(item, failure=error):
                continue
        with run.commit(item):
            storing.store(read, item.payload, found, actor=actor)
    return storing.summary(profile_id)


@transaction.atomic
def start_profile(*, rule_set: RuleSet, population: Population, actor) -> Job:
    """Starts the job with a profile of its own; AlreadyRunning while one of the report runs."""
    begun = profiles.begin_profile(rule_set=rule_set, population=population, actor=actor)
    unfinished = Profile.objects.filter(cycle_report=begun.cycle_report, finished_at__isnull=True)
    for other in unfinished.exclude(pk=begun.pk).order_by("-pk"):
        if live := selectors.live_job(other, profile.name):
            raise AlreadyRunning(live)
    return enqueue(profile, subject=begun, owner=actor, profile_id=begun.pk)


def latest_job(of: Profile) -> Job | None:
    """The job of a profile, alive or ended."""
    return selectors.latest_job(of, profile.name)
