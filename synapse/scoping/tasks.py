"""What scoping runs in workers, and how it is started."""

from django.db import transaction

import llm
from jobs import Item, JobRun, PlannedItem, enqueue, selectors, task
from jobs.models import Job
from llm.models import LLMCall
from synapse.common.words import counted
from synapse.cycles.selectors import model_scope
from synapse.scoping import rules
from synapse.scoping.errors import NotJudged
from synapse.scoping.models import Scope, ScopeItem
from synapse.scoping.services import recommendation
from synapse.scoping.services.judging import OPERATION, Caller, Outcome, judge
from synapse.scoping.states import JudgedBy

CONCURRENCY = 8
BY_RULE = "estimates by rule, no model"


def can_watch(user, job: Job) -> bool:
    """Everybody who sees the scope."""
    return isinstance(job.subject, Scope) and rules.can_view_scope(user, job.subject)


def outcome(result: dict) -> str:
    judged, source = counted(result["judged"], "attribute"), result["source"]
    unsupported = f", {result['unsupported']:,} unsupported" if result.get("unsupported") else ""
    return f"{judged} judged, {result['recommended']:,} recommended{unsupported}; {source}."


@task("scoping.recommend", queue="llm", title="Recommend scope", may_watch=can_watch, says=outcome)
def recommend(run: JobRun, *, version_id: int, by: str, everything: bool) -> dict:
    run.step(f"via {source_label(by)}")
    items = run.plan(
        lambda: [
            PlannedItem(batch.key, batch.label, batch.payload)
            for batch in recommendation.plan(version_id, everything=everything)
        ]
    )
    ask = _ask_model(run, version_id) if by == JudgedBy.MODEL else _estimate(version_id)
    for item, outcome in run.map(ask, items, concurrency=CONCURRENCY):
        with run.commit(item, failure=_failure(outcome)):
            recommendation.store(version_id, item.payload, outcome, by=by)
    return recommendation.summary(version_id) | {"source": source_label(by)}


@transaction.atomic
def start_recommendation(
    *, scope: Scope, actor, everything: bool | None = None, by: str | None = None
) -> Job:
    """Starts the job, all or nothing; AlreadyRunning if one is under way.

    Without `by` the model judges if one is configured, else the rules estimate. The choice is
    fixed here: a model that fails later is never replaced by estimates. Without `everything` only
    what has no recommendation is asked for, or all if nothing lacks one.
    """
    by = by or default_source()
    if everything is None:
        everything = not recommendation.lacking(scope)
    scope = recommendation.begin(scope=scope, actor=actor, by=by, everything=everything)
    return enqueue(
        recommend,
        subject=scope,
        owner=actor,
        version_id=scope.pk,
        by=by,
        everything=everything,
    )


def default_source() -> str:
    return JudgedBy.MODEL if llm.provider_label(OPERATION) else JudgedBy.ESTIMATED


def source_label(by: str) -> str:
    """Who judges, in words: the model's name, "simulated model", or the rules."""
    return llm.provider_label(OPERATION) if by == JudgedBy.MODEL else BY_RULE


def default_label() -> str:
    """Who judges unless told otherwise."""
    return llm.provider_label(OPERATION) or BY_RULE


def latest_recommendation(scope: Scope) -> Job | None:
    """The newest recommendation job of the scope, alive or ended."""
    return selectors.latest_job(scope, recommend.name)


def _ask_model(run: JobRun, version_id: int):
    owner, scope = model_scope(Scope.objects.get(pk=version_id))

    async def ask(item: Item) -> Outcome:
        caller = Caller(item.job_id, item.key, run.job.owner_id, owner, scope)
        return await judge(
            recommendation.attributes_in(item.payload),
            item.payload["report"],
            caller,
            fresh=item.payload["fresh"],
        )

    return ask


def _estimate(version_id: int):
    estimates = recommendation.estimates(version_id)

    async def ask(item: Item) -> Outcome:
        asked = recommendation.attributes_in(item.payload)
        return Outcome(judged={facts.id: estimates[facts.id] for facts in asked})

    return ask


def _failure(outcome: Outcome) -> NotJudged | None:
    if not outcome.failed:
        return None
    first = next(iter(outcome.failed.values()))
    total = len(outcome.failed) + len(outcome.judged)
    return NotJudged(failed=len(outcome.failed), total=total, reason=first.message)


def call_of(item: ScopeItem) -> LLMCall | None:
    """The model call that judged an item, without its texts; None once it is not kept.

    Whoever sees the item sees its call: that is the rule of the calls' own pages, too.
    """
    calls = LLMCall.objects.defer("request", "response")
    return calls.filter(pk=item.llm_call_id).first() if item.llm_call_id else None


def kept_call_id(item: ScopeItem) -> int | None:
    """The number of that call, for a link to it."""
    call = call_of(item)
    return call.pk if call else None


def job_of(call: LLMCall) -> Job | None:
    """The job that made a call; jobs are kept for a shorter time than calls."""
    return selectors.jobs_for_snapshot().filter(pk=call.job_id).first() if call.job_id else None
