"""What planning runs in workers, and how it is started."""

from django.contrib.auth import get_user_model

import llm
from jobs import Item, JobRun, PlannedItem, enqueue, selectors, task
from jobs.models import Job
from synapse.common.words import counted
from synapse.cycles.selectors import model_scope
from synapse.planning import rules
from synapse.planning.drafts import Checked
from synapse.planning.errors import NoModelConfigured, PartlyTaken
from synapse.planning.models import Document, Plan
from synapse.planning.services import draft_storage, drafting, importing
from synapse.planning.services.dictionaries import dictionary_of
from synapse.planning.services.importing import Choices
from synapse.planning.states import DocumentKind

CONCURRENCY = 8
# Bytes. Reading a dictionary of this size takes about half a second.
LARGE = 1024 * 1024


def can_watch(user, job: Job) -> bool:
    """Everybody who sees the plan."""
    return isinstance(job.subject, Plan) and rules.can_view_plan(user, job.subject)


def drafted(result: dict) -> str:
    told = [f"{counted(result['attributes'], 'attribute')} drafted"]
    if result.get("unsupported"):
        told.append(f"{result['unsupported']:,} unsupported")
    if result["refused"]:
        told.append(f"{counted(result['refused'], 'draft')} refused")
    return f"{', '.join(told)}."


@task(
    "planning.draft_attributes",
    queue="llm",
    title="Draft attributes",
    may_watch=can_watch,
    says=drafted,
)
def draft_attributes(run: JobRun, *, version_id: int, document_id: int) -> dict:
    run.step(f"reading the specification, via {llm.provider_label(drafting.OPERATION)}")
    plan = Plan.objects.select_related("phase__cycle_report__report").get(pk=version_id)
    owner, scope = model_scope(plan)
    items = run.plan(
        lambda: [
            PlannedItem(part.key, part.label, part.payload)
            for part in drafting.plan_parts(document_id)
        ]
    )
    dictionary = dictionary_of(plan)
    actor = get_user_model().objects.get(pk=run.job.owner_id)

    async def ask(item: Item) -> Checked:
        caller = drafting.Caller(item.job_id, item.key, run.job.owner_id, owner, scope)
        return await drafting.ask(item.payload, caller)

    for item, checked in run.map(ask, items, concurrency=CONCURRENCY):
        with run.commit(item, failure=_partly(item, checked)):
            draft_storage.store(version_id, document_id, run.job.pk, actor, checked, dictionary)
    return draft_storage.summary(version_id, document_id, run.job.pk)


def imported(result: dict) -> str:
    told = ", ".join(f"{count:,} {name}" for name, count in result.items() if count)
    return f"Attributes: {told or 'none'}."


@task("planning.import_dictionary", title="Import dictionary", may_watch=can_watch, says=imported)
def import_large(run: JobRun, *, version_id: int, document_id: int, choices: dict) -> dict:
    """A dictionary too large to be read while somebody waits for the page."""
    items = run.plan([PlannedItem("import", "all fields")])
    actor = get_user_model().objects.get(pk=run.job.owner_id)
    result = {}
    for item in items:
        with run.commit(item):
            result = importing.import_dictionary(
                plan=Plan.objects.get(pk=version_id),
                document=Document.objects.get(pk=document_id),
                actor=actor,
                choices=Choices(**choices),
            ).counts
    return result


def start_import(*, plan: Plan, document: Document, actor, choices: Choices) -> Job:
    """Starts the import in the caller's transaction; AlreadyRunning if one is under way."""
    rules.require_editable(actor, plan)
    return enqueue(
        import_large,
        subject=plan,
        owner=actor,
        version_id=plan.pk,
        document_id=document.pk,
        choices={
            "mapping": dict(choices.mapping),
            "sheet": choices.sheet,
            "schedule": choices.schedule,
            "keys": None if choices.keys is None else list(choices.keys),
        },
    )


def is_large(document: Document) -> bool:
    return document.kind == DocumentKind.DICTIONARY and document.size > LARGE


def start_drafting(*, plan: Plan, document: Document, actor) -> Job:
    """Starts the job in the caller's transaction; AlreadyRunning if one is under way."""
    drafting.begin(plan=plan, document=document, actor=actor)
    if not llm.provider_label(drafting.OPERATION):
        raise NoModelConfigured
    return enqueue(
        draft_attributes,
        subject=plan,
        owner=actor,
        version_id=plan.pk,
        document_id=document.pk,
    )


def latest_job(plan: Plan) -> Job | None:
    """The newest job that fills the plan, alive or ended."""
    return selectors.latest_job(plan, draft_attributes.name, import_large.name)


def _partly(item: Item, checked: Checked) -> PartlyTaken | None:
    """Refused drafts leave their part amber, though what was taken is kept."""
    if not checked.refused:
        return None
    return PartlyTaken(
        refused=len(checked.refused),
        count=len(checked.refused) + len(checked.drafts),
        place=item.label,
        reasons=drafting.reasons(checked),
    )
