"""What a person does about an attribute that its source doesn't bear out."""

from django.db import transaction
from django.utils import timezone

from synapse.common.errors import Invalid
from synapse.planning.drafts import LEAST_QUOTE, PLACE_LIMIT, place_of
from synapse.planning.errors import NothingToSettle
from synapse.planning.models import Attribute, Document
from synapse.planning.quotes import LONGEST, locate
from synapse.planning.services.editing import lock_attribute, record_attribute
from synapse.planning.services.texts import text_of
from synapse.planning.specification import whole
from synapse.planning.states import Source, Support

NOTE_LIMIT = 2_000
NEITHER = "Write a note, or give a passage of the document."


def settle_attribute(
    *,
    attribute: Attribute,
    actor,
    lock_version: int | None,
    note: str = "",
    quote: str = "",
    document: Document | None = None,
) -> Attribute:
    """By a quote that does occur, in its document or another one, or else by a person's note."""
    note, quote = note.strip(), quote.strip()
    if quote:
        return _requote(attribute, actor, lock_version, quote, document or attribute.document)
    if not note:
        supported = attribute.support == Support.SUPPORTED
        detail = "Give a passage of the document." if supported else NEITHER
        raise _invalid("quote" if supported else "note", "required", detail)
    if len(note) > NOTE_LIMIT:
        raise _invalid("note", "too_long", f"At most {NOTE_LIMIT:,} characters.")
    return _note(attribute, actor, lock_version, note)


@transaction.atomic
def _note(attribute: Attribute, actor, lock_version: int | None, note: str) -> Attribute:
    _, attribute = lock_attribute(attribute, actor, lock_version)
    if attribute.support == Support.SUPPORTED:
        raise NothingToSettle(name=attribute.name)
    before = {"support": attribute.support, "support_note": attribute.support_note}
    attribute.support, attribute.support_note = Support.NOTED, note
    attribute.noted_by, attribute.noted_at = actor, timezone.now()
    return _saved(attribute, actor, before, {"support": Support.NOTED, "support_note": note})


def _requote(
    attribute: Attribute,
    actor,
    lock_version: int | None,
    quote: str,
    document: Document | None,
) -> Attribute:
    if document is None or document.cycle_report_id != attribute.version.phase.cycle_report_id:
        raise _invalid("document", "required", "Say which document of this report has it.")
    if len(quote) < LEAST_QUOTE or len(quote) > LONGEST:
        detail = f"{LEAST_QUOTE} to {LONGEST:,} characters."
        raise _invalid("quote", "wrong_length", detail)
    text = text_of(document)
    found = locate(text, quote)
    if found is None:
        raise _invalid("quote", "not_there", f"“{document}” doesn't have this passage.")
    part = whole(text)
    placed = {
        "document": document,
        "quote": text[slice(*found)],
        "quote_place": place_of(part, found[0])[:PLACE_LIMIT],
        "quote_start": found[0],
        "quote_line": part.line_at(found[0]),
        "quote_page": part.page_at(found[0]),
    }
    return _placed(attribute, actor, lock_version, placed)


@transaction.atomic
def _placed(attribute: Attribute, actor, lock_version: int | None, placed: dict) -> Attribute:
    _, attribute = lock_attribute(attribute, actor, lock_version)
    if attribute.source != Source.MODEL:
        raise NothingToSettle(name=attribute.name)
    names = ("support", "support_note", "quote", "quote_place")
    before = {name: getattr(attribute, name) for name in names}
    for name, value in placed.items():
        setattr(attribute, name, value)
    attribute.support, attribute.support_fault = Support.SUPPORTED, ""
    attribute.support_note, attribute.noted_by, attribute.noted_at = "", None, None
    after = {name: getattr(attribute, name) for name in names}
    return _saved(attribute, actor, before, after | {"document": attribute.document.name})


def _saved(attribute: Attribute, actor, before: dict, after: dict) -> Attribute:
    attribute.lock_version += 1
    attribute.save()
    record_attribute("settle", attribute, actor, before=before, after=after)
    return attribute


def _invalid(name: str, code: str, detail: str) -> Invalid:
    fault = {"pointer": f"/{name}", "code": code, "detail": detail}
    return Invalid(reason=f"The attribute can't be settled so: {detail}", errors=[fault])
