"""The text of a specification: read from a text file, or taken once out of a PDF or Word file."""

from collections.abc import Callable

from django.db.models import QuerySet

from synapse.audit.services import record
from synapse.planning.errors import TextNotTaken, WrongDocument
from synapse.planning.models import Document, TakenText
from synapse.planning.services.documents import content_of
from synapse.planning.specification import (
    check_length,
    read_specification,
    reader_of,
    refuse_records,
)
from synapse.planning.states import DocumentKind
from synapse.planning.taking import bounded
from synapse.planning.taking.bounded import Taken


def text_of(document: Document) -> str:
    """What everybody reads; raises TextNotTaken while it isn't taken out."""
    if document.kind != DocumentKind.SPECIFICATION:
        raise WrongDocument(
            file=document.name, found=document.get_kind_display(), needed="specification"
        )
    if not is_taken(document):
        return read_specification(content_of(document), document.name)
    text = TakenText.objects.filter(document=document).values_list("text", flat=True).first()
    if text is None:
        raise TextNotTaken(file=document.name, state=TextNotTaken.LOOK)
    return text


def is_taken(document: Document) -> bool:
    """Whether its text is one that a job takes out."""
    return document.kind == DocumentKind.SPECIFICATION and bool(reader_of(document.name))


def needs_taking(document: Document) -> bool:
    return is_taken(document) and not TakenText.objects.filter(document=document).exists()


def text_in(content: bytes, file: str, tell: Callable[[int, int], None]) -> str:
    """The text of a file that is no upload; not for requests, since it may take minutes."""
    reader = reader_of(file)
    if not reader:
        return read_specification(content, file)
    return bounded.take(content, reader, file, tell).text


def take(document: Document, tell: Callable[[int, int], None]) -> Taken:
    """Takes the text out, writing nothing; `tell(page, pages)` hears how far it is."""
    found = bounded.take(content_of(document), reader_of(document.name), document.name, tell)
    check_length(found.text, document.name)
    refuse_records(found.text, document.name)
    return found


def store(document: Document, found: Taken, *, actor) -> None:
    """Keeps it once; in the caller's transaction."""
    TakenText.objects.create(
        document=document, text=found.text, pages=found.pages, hidden=found.hidden
    )
    record(
        actor=actor,
        action="document.take_text",
        obj=document,
        after={"pages": found.pages, "characters": len(found.text), "hidden": found.hidden},
        cycle_report=document.cycle_report,
    )


def pages_of(document) -> QuerySet:
    """For a subquery: how many pages the text of a document has, nothing while there is none."""
    return TakenText.objects.filter(document=document).values("pages")


def facts_of(document: Document) -> TakenText | None:
    """What is known of the text, without the text itself."""
    return TakenText.objects.defer("text").filter(document=document).first()
