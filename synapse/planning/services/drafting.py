"""Attributes drafted from a specification: the parts to ask about, the question, what is kept."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import llm
from llm import packing
from llm.errors import PromptTooLong, Truncated
from synapse.planning import drafts, specification
from synapse.planning.drafts import Checked
from synapse.planning.errors import NothingQuotable, WrongDocument
from synapse.planning.models import Document, Plan
from synapse.planning.rules import require_editable
from synapse.planning.schemas import DraftedAttributes
from synapse.planning.services.texts import text_of
from synapse.planning.specification import Part, cut, halves
from synapse.planning.states import DocumentKind

OPERATION = "planning.draft_attributes"
# Tokens answered for 100 characters of text until some were measured: on the public HMDA
# specification, dense with fields, they are 44 to 64.
TOKENS_OF_A_HUNDRED = 64


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


def part_size(scope: str) -> int:
    """Characters of a part, so that its answer fills 60 % of what a model may answer at most.

    How many fields a text defines isn't known before it is read, so what is measured is the tokens
    that answers took for each 100 characters of text, near the dearest. A text denser in fields
    than those before it is still cut off at times; its part is then halved.
    """
    hundreds = packing.batch_size(
        OPERATION,
        expected=TOKENS_OF_A_HUNDRED,
        most=specification.hundreds(specification.PART_CHARACTERS),
        scope=scope,
    )
    return 100 * hundreds


def parts_of(document: Document) -> list[Part]:
    """What is asked about, one call each, as things stand."""
    report = document.cycle_report.report
    size = part_size(llm.prompt_scope(report.number, report.schedule))
    return cut(text_of(document), size)


def plan_parts(document_id: int) -> list[PlannedPart]:
    documents = Document.objects.select_related("cycle_report__report")
    return [
        PlannedPart(
            key=f"part-{place:03d}",
            label=part.label[:120],
            payload=asdict(part),
        )
        for place, part in enumerate(parts_of(documents.get(pk=document_id)), start=1)
    ]


async def ask(payload: dict[str, Any], caller: Caller) -> Checked:
    """The checked drafts of one part; nothing usable among several is this part's failure."""
    part = Part(**payload | {"path": tuple(payload["path"])})
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
        whole = whole.join(
            drafts.check(
                piece,
                answer.parsed.attributes,
                call_id=answer.call_id,
                simulated=answer.simulated,
            )
        )
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
        answer = await complete(
            OPERATION, variables, DraftedAttributes, items=specification.hundreds(len(part.text))
        )
        return [(part, answer)]
    except (Truncated, PromptTooLong):
        pieces = halves(part)
        if len(pieces) == 1:
            raise
    return [pair for piece in pieces for pair in await answers_for(piece, complete)]


def reasons(checked: Checked) -> str:
    said = [f"“{entry.name}”: {entry.reason}" for entry in checked.refused]
    return "; ".join(said[:3]) + (f"; and {len(said) - 3} more" if len(said) > 3 else "")
