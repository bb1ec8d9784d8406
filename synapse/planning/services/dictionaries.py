"""The fields that the dictionaries of a report name, to hold drafted names against."""

import re
from pathlib import Path

from synapse.planning.dictionary.fields import Field
from synapse.planning.dictionary.reading import read_dictionary
from synapse.planning.errors import UnreadableDocument
from synapse.planning.joining import KnownField, known_fields
from synapse.planning.models import Document, Plan
from synapse.planning.services.documents import content_of, upload_limit
from synapse.planning.states import DocumentKind, Source

_BUILTIN = Path(__file__).parents[1] / "builtin"
# By number and schedule of the report, letters and digits alone.
_FILES = {("fry14m", "d1"): "fr_y14m_d1.csv"}


def dictionary_of(plan: Plan) -> tuple[KnownField, ...]:
    """What was imported into the plan or uploaded for the report, else the built-in dictionary."""
    imported = list(plan.attributes.filter(source=Source.DICTIONARY).order_by("position", "pk"))
    documents = Document.objects.filter(
        cycle_report_id=plan.phase.cycle_report_id, kind=DocumentKind.DICTIONARY
    )
    uploaded = [_fields(document) for document in documents.order_by("-pk")]
    found = known_fields(imported, *uploaded)
    return found or known_fields(_builtin(plan.cycle_report.report))


def _fields(document: Document) -> list[Field]:
    """None of a file that needs choices to be read, such as its schedule: its import counts."""
    try:
        read = read_dictionary(content_of(document), document.name, limit=upload_limit())
    except UnreadableDocument:
        return []
    return read.fields


def _builtin(report) -> list[Field]:
    plain = [re.sub(r"[\W_]+", "", text).lower() for text in (report.number, report.schedule)]
    file = _FILES.get((plain[0], plain[1].removeprefix("schedule")))
    if file is None:
        return []
    content = (_BUILTIN / file).read_bytes()
    return read_dictionary(content, file, limit=len(content)).fields
