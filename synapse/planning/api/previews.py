"""A document's preview as plain data."""

from typing import Any

from synapse.planning.models import Document, Plan
from synapse.planning.services import drafting, flagging, importing
from synapse.planning.services.comparing import compare
from synapse.planning.services.importing import Choices
from synapse.planning.states import DocumentKind


def preview(document: Document, plan: Plan | None, choices: Choices) -> dict[str, Any]:
    """What the document says and, with a plan, what it would change there."""
    told: dict[str, Any] = {"document": document.pk, "kind": document.kind, "counts": {}}
    if document.kind == DocumentKind.DICTIONARY:
        return told | _dictionary(document, plan, choices)
    if document.kind == DocumentKind.SPECIFICATION:
        return told | {"parts": len(drafting.parts_of(document))}
    return told | (_list(document, plan) if plan else {})


def _dictionary(document: Document, plan: Plan | None, choices: Choices) -> dict[str, Any]:
    dictionary = importing.read(document, choices, look=True)
    counts = {"fields": len(dictionary.fields), "left_out": len(dictionary.left_out)}
    if plan:
        counts |= compare(plan, dictionary).counts
    return {
        "header_row": dictionary.header_row,
        "columns": [
            {"heading": each.heading, "role": each.role, "confidence": each.confidence}
            for each in dictionary.columns
        ],
        "read": dictionary.fields,
        "left_out": dictionary.left_out,
        "notes": dictionary.notes,
        "schedules": list(dictionary.schedules),
        "sheets": [
            name for name in (dictionary.table.place, *dictionary.table.other_places) if name
        ],
        "proposed_keys": dictionary.proposed_keys,
        "counts": counts,
    }


def _list(document: Document, plan: Plan) -> dict[str, Any]:
    matches = flagging.match_list(plan, document)

    def rows(pairs) -> list[dict[str, Any]]:
        return [
            {"row": entry.row, "says": entry.label, "attribute": attribute.pk, "by": how}
            for entry, attribute, how in pairs
        ]

    return {
        "matched": rows(matches.sure),
        "suggested": rows(matches.suggested),
        "unmatched": [
            {"row": entry.row, "says": entry.label, "attribute": None, "by": ""}
            for entry in matches.unmatched
        ],
        "counts": {
            "matched": len(matches.sure),
            "suggested": len(matches.suggested),
            "unmatched": len(matches.unmatched),
        },
    }
