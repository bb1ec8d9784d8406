"""Attributes drafted from a specification: the parts to ask about, the question, what is kept."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import llm
from llm.errors import PromptTooLong, Truncated
from synapse.planning import drafts
from synapse.planning.dictionary.text import same_name
from synapse.planning.drafts import Checked
from synapse.planning.errors import NothingQuotable, WrongDocument
from synapse.planning.models import Attribute, Document, Plan, RejectedDraft
from synapse.planning.rules import require_editable
from synapse.planning.schemas import DraftedAttributes
from synapse.planning.services.documents import content_of
from synapse.planning.services.plans import lock_editable
from synapse.planning.specification import Part, cut, halves, read_specification
from synapse.planning.states import DocumentKind, Source

OPERATION = "planning.draft_attributes"


@dataclass(frozen=True)
class PlannedPart:
    key: str
    label: str
    payload: dict[str, Any]


@dataclass(frozen=True)
class Caller:
    """Whom the calls are booked to."""

    job_id: int
    item_key: str
    owner_id: int | None
    data_owner: str = ""
    scope: str = ""


def begin(*, plan: Plan, document: Document, actor) -> Plan:
    """Refuses what couldn't be drafted: wrong person, state or document."""
    require_editable(actor, plan)
    wrong_kind = document.kind != DocumentKind.SPECIFICATION
    if wrong_kind or document.cycle_report_id != plan.cycle_report.pk:
        raise WrongDocument(
            file=document.name, found=document.get_kind_display(), needed="specification"
        )
    return plan


def plan_parts(document_id: int) -> list[PlannedPart]:
    document = Document.objects.get(pk=document_id)
    parts = cut(read_specification(content_of(document), document.name))
    return [
        PlannedPart(
            key=f"part-{place:03d}",
            label=part.label[:120],
            payload={"first_line": part.first_line, "text": part.text, "path": list(part.path)},
        )
        for place, part in enumerate(parts, start=1)
    ]


async def ask(payload: dict[str, Any], caller: Caller) -> Checked:
    """The checked drafts of one part; nothing usable among several is this part's failure."""
    part = Part(payload["first_line"], payload["text"], tuple(payload["path"]))
    checked = await _ask_part(part, caller)
    if checked.refused and not checked.drafts:
        raise NothingQuotable(
            count=len(checked.refused), place=part.label, reasons=reasons(checked)
        )
    return checked


async def _ask_part(part: Part, caller: Caller) -> Checked:
    complete = partial(
        llm.complete,
        job_id=caller.job_id,
        item_key=caller.item_key,
        owner_id=caller.owner_id,
        data_owner=caller.data_owner,
        scope=caller.scope,
    )
    whole = Checked()
    for piece, answer in await answers_for(part, complete):
        checked = drafts.check(piece, answer.parsed.attributes)
        checked.call_id = answer.call_id
        checked.simulated = answer.simulated
        whole = whole.join(checked)
    return whole


async def answers_for(
    part: Part, complete: Callable[..., Awaitable[llm.Answer]]
) -> list[tuple[Part, llm.Answer]]:
    """What is answered to the part; one cut off is never asked for again as it was, but in halves.

    `complete` is `llm.complete`, with whose calls these are.
    """
    place = " › ".join(part.path) or "the beginning of the document"
    variables = {"place": place, "text": part.text}
    try:
        return [(part, await complete(OPERATION, variables, DraftedAttributes))]
    except (Truncated, PromptTooLong):
        pieces = halves(part)
        if len(pieces) == 1:
            raise
    return [pair for piece in pieces for pair in await answers_for(piece, complete)]


def reasons(checked: Checked) -> str:
    said = [f"“{entry.name}”: {entry.reason}" for entry in checked.refused]
    return "; ".join(said[:3]) + (f"; and {len(said) - 3} more" if len(said) > 3 else "")


def store(version_id: int, document_id: int, job_id: int, actor, checked: Checked) -> None:
    """In the caller's transaction: new attributes, and what was refused, for the tester to see."""
    plan = lock_editable(Plan.objects.get(pk=version_id), actor)
    known = {same_name(name) for name in plan.attributes.values_list("name", flat=True)}
    fresh, refused = [], list(checked.refused)
    for draft in checked.drafts:
        name = draft.values["name"]
        if same_name(name) in known:
            refused.append(
                drafts.Refused(name, draft.quote, draft.place, "the plan already has this name")
            )
            continue
        known.add(same_name(name))
        fresh.append(
            Attribute(
                version=plan,
                position=draft.line_number,
                source=Source.MODEL,
                quote=draft.quote,
                quote_place=draft.place,
                remark=draft.remark[:300],
                document_id=document_id,
                llm_call_id=checked.call_id,
                simulated=checked.simulated,
                **draft.values,
            )
        )
    Attribute.objects.bulk_create(fresh)
    RejectedDraft.objects.bulk_create(
        RejectedDraft(
            version=plan,
            document_id=document_id,
            job_id=job_id,
            place=entry.place[:300],
            name=entry.name,
            quote=entry.quote[:2000],
            reason=entry.reason,
        )
        for entry in refused
    )


def summary(version_id: int, document_id: int, job_id: int) -> dict[str, int]:
    attributes = Attribute.objects.filter(version_id=version_id, document_id=document_id)
    return {
        "attributes": attributes.filter(source=Source.MODEL).count(),
        "refused": RejectedDraft.objects.filter(version_id=version_id, job_id=job_id).count(),
    }
