"""Proposing rules in a worker: tried part by part, then stored at once."""

from django.contrib.auth import get_user_model
from django.db import transaction

from jobs import JobRun, PlannedItem, enqueue, selectors, task
from jobs.models import Job
from synapse.common.errors import DomainError
from synapse.common.words import counted
from synapse.profiling import rules
from synapse.profiling.errors.rule_sets import PopulationNotUsable
from synapse.profiling.models import Population, RuleSet
from synapse.profiling.services import rule_proposals as proposals
from synapse.profiling.services.rule_sets import lock_rule_set_of

LONGEST = 3 * 3600


def can_watch(user, job: Job) -> bool:
    """Everybody who sees the rule set."""
    return isinstance(job.subject, RuleSet) and rules.can_view(user, job.subject)


def outcome(result: dict) -> str:
    needing = result["needs_condition"]
    more = f"; {needing:,} need{'s' if needing == 1 else ''} a condition" if needing else ""
    return f"{counted(result['rules'], 'rule')}, {result['switched_on']:,} switched on{more}."


@task(
    "profiling.propose_rules",
    queue="batch",
    title="Propose rules",
    timeout=LONGEST,
    may_watch=can_watch,
    says=outcome,
)
def propose_rules(run: JobRun, *, rule_set_id: int, builtin: bool | None) -> dict:
    items = run.plan(
        lambda: [
            PlannedItem(step.key, step.label, step.payload)
            for step in proposals.plan(rule_set_id, builtin)
        ]
    )
    actor = get_user_model().objects.get(pk=run.job.owner_id)
    read = proposals.ground(rule_set_id, builtin)
    for item in items:
        run.step(item.label)
        try:
            if item.payload["kind"] == proposals.STORE:
                counts = proposals.gather(read)
                with run.commit(item):
                    proposals.store(read, item.payload, counts, actor=actor)
                continue
            proposals.work(read, item.payload)
        except DomainError as error:
            with run.commit(item, failure=error):
                continue
        with run.commit(item):
            continue
    if not run.job.failed:
        proposals.clean_up(read)
    return proposals.summary(rule_set_id)


@transaction.atomic
def start_proposal(
    *,
    rule_set: RuleSet,
    actor,
    population: Population | None = None,
    builtin: bool | None = None,
) -> Job:
    """Starts the job in the caller's transaction; AlreadyRunning if one is under way.

    `population` changes the one that the set reads. `builtin` adds the shipped rules: None where
    they fit the plan, False never.
    """
    rule_set = lock_rule_set_of(actor, rule_set.pk)
    if population is not None and population.pk != rule_set.population_id:
        foreign = population.cycle_report_id != rule_set.phase.cycle_report_id
        if foreign or not population.is_imported:
            raise PopulationNotUsable(name=population.name)
        rule_set.population = population
        rule_set.save(update_fields=["population"])
    return enqueue(
        propose_rules,
        subject=rule_set,
        owner=actor,
        rule_set_id=rule_set.pk,
        builtin=builtin,
    )


def latest_job(rule_set: RuleSet) -> Job | None:
    """The newest job that proposed rules for the set, alive or ended."""
    return selectors.latest_job(rule_set, propose_rules.name)
