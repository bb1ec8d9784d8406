"""What planning runs in workers, and how it is started."""

import time

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

import llm
from jobs import AlreadyRunning, Item, JobRun, PlannedItem, enqueue, selectors, task
from jobs.models import Job
from jobs.states import LIVE
from synapse.common.words import counted
from synapse.cycles.selectors import model_scope
from synapse.planning import rules
from synapse.planning.drafts import Checked
from synapse.planning.errors import NoModelConfigured, PartlyTaken, TextNotTaken
from synapse.planning.models import Document, Plan
from synapse.planning.services import draft_storage, drafting, importing, texts
from synapse.planning.services.dictionaries import dictionary_of
from synapse.planning.services.documents import take_document
from synapse.planning.services.importing import Choices
from synapse.planning.states import DocumentKind, TextState

CONCURRENCY = 8
# Bytes. Reading a dictionary of this size takes about half a second.
LARGE = 1024 * 1024
# Seconds between two words about the pages that were read.
TELL_EVERY = 0.5


def can_watch(user, job: Job) -> bool:
    """Everybody who sees the plan."""
    return isinstance(job.subject, Plan) and rules.can_view_plan(user, job.subject)


def can_watch_text(user, job: Job) -> bool:
    """Everybody who sees the report."""
    return isinstance(job.subject, Document) and rules.can_view_document(user, job.subject)


def taken(result: dict) -> str:
    told = f"The text of {counted(result['pages'], 'page')} was taken out"
    hidden = result["hidden"]
    return f"{told}; {counted(hidden, 'hidden character')} left out." if hidden else f"{told}."


@task("planning.take_text", title="Take the text out", may_watch=can_watch_text, says=taken)
def take_text(run: JobRun, *, document_id: int) -> dict:
    """A file that can't be read to its end fails the job: part of a text is none."""
    document = Document.objects.select_related("cycle_report").get(pk=document_id)
    actor = get_user_model().objects.get(pk=run.job.owner_id)
    told = time.monotonic()

    def tell(page: int, pages: int) -> None:
        nonlocal told
        if time.monotonic() - told < TELL_EVERY:
            return run.check()
        told = time.monotonic()
        return run.step(f"page {page:,} of {pages:,}")

    run.step("opening the file")
    for item in run.plan([PlannedItem("text", "all pages")]):
        found = texts.take(document, tell)
        with run.commit(item):
            texts.store(document, found, actor=actor)
    facts = texts.facts_of(document)
    return {"pages": facts.pages, "hidden": facts.hidden}


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


@transaction.atomic
def take_in(*, actor, **upload) -> tuple[Document, Job | None]:
    """Stores an upload (see take_document), and starts to take its text out where it has one."""
    document = take_document(actor=actor, **upload)
    if not texts.needs_taking(document):
        return document, None
    try:
        return document, enqueue(take_text, subject=document, owner=actor, document_id=document.pk)
    except AlreadyRunning as running:
        return document, running.job


def text_job(document: Document) -> Job | None:
    """The newest job that took its text out, or is to."""
    return selectors.latest_job(document, take_text.name)


def require_text(document: Document) -> None:
    """TextNotTaken, which says why, unless the text is there to be read."""
    if not texts.needs_taking(document):
        return
    job = text_job(document)
    if job and job.is_live:
        state = TextNotTaken.SOON
    elif job and job.error_message:
        state = TextNotTaken.NEVER.format(reason=job.error_message)
    else:
        state = TextNotTaken.AGAIN
    raise TextNotTaken(file=document.name, state=state)


def with_text_state(documents: QuerySet[Document]) -> QuerySet[Document]:
    """Each with `text_pages` once its text was taken out, and its newest job for that, if any."""
    jobs = Job.objects.filter(
        task=take_text.name,
        subject_type=ContentType.objects.get_for_model(Document),
        subject_id=OuterRef("pk"),
    ).order_by("-id")
    return documents.annotate(
        text_pages=Subquery(texts.pages_of(OuterRef("pk"))),
        text_job=Subquery(jobs.values("pk")[:1]),
        text_job_status=Subquery(jobs.values("status")[:1]),
    )


def text_state(document: Document) -> str:
    """Of a document that went through `with_text_state`; empty where no text is drafted from."""
    if document.kind != DocumentKind.SPECIFICATION:
        return ""
    if document.text_pages is not None or not texts.is_taken(document):
        return TextState.READY
    return TextState.PENDING if document.text_job_status in LIVE else TextState.FAILED


def is_large(document: Document) -> bool:
    return document.kind == DocumentKind.DICTIONARY and document.size > LARGE


def start_drafting(*, plan: Plan, document: Document, actor) -> Job:
    """Starts the job in the caller's transaction; AlreadyRunning if one is under way."""
    drafting.begin(plan=plan, document=document, actor=actor)
    require_text(document)
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
