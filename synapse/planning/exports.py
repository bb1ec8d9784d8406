"""A list of attributes as CSV or JSON, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable

from django.db.models import QuerySet

from synapse.common.spreadsheets import harmless
from synapse.planning.models import Attribute

COLUMNS = (
    "line", "name", "technical_name", "item_code", "format", "data_type", "length", "scale",
    "requirement", "static_dynamic", "allowed_values", "description", "is_key", "key_order",
    "is_cde", "cde_source", "has_open_issue", "issues", "source", "quote", "quote_place",
    "quote_page", "quote_line", "quote_start", "support", "support_fault", "support_note",
    "noted_by", "noted_at", "dictionary_match", "dictionary_field", "llm_call", "simulated",
    "remark",
)  # fmt: skip


_COMPOSED = {"issues", "noted_by", "noted_at", "llm_call"}


def exported(attributes: QuerySet[Attribute]) -> QuerySet[Attribute]:
    """With all that an export tells, in a fixed number of queries."""
    return attributes.select_related("noted_by").prefetch_related("issues")


def as_csv(attributes: Iterable[Attribute]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for attribute in attributes:
        record = as_record(attribute)
        record["allowed_values"] = "\n".join(
            f"{entry['code']} = {entry['meaning']}" for entry in record["allowed_values"]
        )
        record["issues"] = "; ".join(
            f"{issue['issue_id']} ({issue['status']})" for issue in record["issues"]
        )
        writer.writerow([_cell(record[name]) for name in COLUMNS])
    return stream.getvalue()


def as_record(attribute: Attribute) -> dict:
    own = {name: getattr(attribute, name) for name in COLUMNS if name not in _COMPOSED}
    own["noted_by"] = str(attribute.noted_by or "")
    own["noted_at"] = attribute.noted_at.isoformat() if attribute.noted_at else ""
    own["llm_call"] = attribute.llm_call_id
    own["issues"] = [
        {
            "issue_id": issue.issue_id,
            "status": issue.status,
            "severity": issue.severity,
            "description": issue.description,
        }
        for issue in attribute.issues.all()
    ]
    return {name: own[name] for name in COLUMNS}


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return harmless(value)
