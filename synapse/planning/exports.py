"""A list of attributes as CSV or JSON, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable

from synapse.common.spreadsheets import harmless
from synapse.planning.models import Attribute

COLUMNS = (
    "line", "name", "technical_name", "item_code", "format", "data_type", "length", "scale",
    "requirement", "static_dynamic", "allowed_values", "description", "is_key", "key_order",
    "is_cde", "cde_source", "has_open_issue", "issues", "source", "quote", "quote_place", "remark",
)  # fmt: skip


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
    own = {name: getattr(attribute, name) for name in COLUMNS if name != "issues"}
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
