"""Taking in documents: checked before anything is kept, stored once by their content."""

import hashlib
from pathlib import PurePath

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction

from synapse.audit.services import record
from synapse.common.errors import Invalid, NotAllowed
from synapse.cycles import rules as spine
from synapse.cycles.models import CycleReport
from synapse.planning.dictionary.reading import first_look
from synapse.planning.errors import FileTooLarge, UnknownFileType
from synapse.planning.lists import read_list
from synapse.planning.models import Document
from synapse.planning.specification import check_specification, reader_of
from synapse.planning.states import DocumentKind

NAME_LIMIT = 200
TABLE = (
    "a CSV, XLSX or JSON file as a dictionary, or this one as a specification, "
    "from which a model drafts the fields"
)


def upload_limit() -> int:
    return settings.UPLOAD_MAX_MB * 1024 * 1024


def take_document(
    *, cycle_report: CycleReport, kind: str, name: str, content: bytes, actor, mapping=None
) -> Document:
    """Stores an upload that can be read; one that can't raises an UnreadableDocument.

    The same file again gives the document stored before. `mapping` helps to read a dictionary whose
    headings aren't recognised.
    """
    if not spine.can_work_on(actor, cycle_report):
        raise NotAllowed(action="upload documents for this report")
    if kind not in DocumentKind.values:
        raise Invalid(
            reason=f"“{kind}” is no kind of document; use {', '.join(DocumentKind.values)}."
        )
    name = clean_name(name)
    if len(content) > upload_limit():
        raise FileTooLarge(file=name, limit=f"{settings.UPLOAD_MAX_MB} MB")
    _check_readable(kind, content, name, mapping)
    return _store(cycle_report, kind, name, content, actor)


def content_of(document: Document) -> bytes:
    with document.file.open("rb") as stream:
        return stream.read()


def clean_name(name: str) -> str:
    """The file's own name, without folders or characters that could confuse a page."""
    last = PurePath(name.replace("\\", "/")).name
    printable = "".join(character for character in last if character.isprintable()).strip()
    return printable[-NAME_LIMIT:] or "upload"


def _check_readable(kind: str, content: bytes, name: str, mapping) -> None:
    if kind == DocumentKind.DICTIONARY:
        _refuse_prose(content, name)
        first_look(content, name, mapping=mapping, limit=upload_limit())
    elif kind == DocumentKind.SPECIFICATION:
        check_specification(content, name)
    else:
        read_list(content, name, kind, limit=upload_limit())


def _refuse_prose(content: bytes, name: str) -> None:
    """A dictionary is a table; a PDF or Word file holds one only for a reader."""
    if reader_of(name) or content.startswith(b"%PDF"):
        found = "a PDF" if content.startswith(b"%PDF") else "a Word file"
        raise UnknownFileType(file=name, found=found, expected=TABLE)


@transaction.atomic
def _store(cycle_report: CycleReport, kind: str, name: str, content: bytes, actor) -> Document:
    digest = hashlib.sha256(content).hexdigest()
    known = Document.objects.filter(
        cycle_report=cycle_report, kind=kind, sha256=digest, name=name
    ).first()
    if known:
        return known
    document = Document(
        cycle_report=cycle_report,
        kind=kind,
        name=name,
        sha256=digest,
        size=len(content),
        uploaded_by=actor,
    )
    path = document.file.field.generate_filename(document, name)
    storage = document.file.storage
    # Files are named by their content, so what is already there under that name is the same file.
    document.file.name = path if storage.exists(path) else storage.save(path, ContentFile(content))
    document.save()
    record(
        actor=actor,
        action="document.upload",
        obj=document,
        after={"name": name, "kind": kind, "sha256": digest, "size": len(content)},
        cycle_report=cycle_report,
    )
    return document
