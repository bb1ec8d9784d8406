"""Calls and their cost as files for a spreadsheet."""

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone

from llm import surroundings
from llm.costs import Line
from llm.models import LLMCall

# The first so many of the list: enough for a spreadsheet, and made in a second.
MOST = 5_000
# Makes spreadsheets read UTF-8.
MARK = "\ufeff"
# The beginnings that a spreadsheet takes for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# Plain columns of a call; its texts are not handed out in bulk.
COLUMNS = [
    "id", "uuid", "started_at", "settled_at", "operation", "item_key", "job_id", "owner_id",
    "data_owner", "outcome", "validation", "error_code", "error", "attempt", "reask_of", "cached",
    "cached_from", "simulated", "masked", "provider", "model_asked", "model_returned",
    "prompt_version", "prompt_hash", "prompt_scope", "schema_name", "schema_hash", "items",
    "tokens_in", "tokens_out", "cost", "queue_ms", "latency_ms", "timeout", "http_status",
    "provider_request_id",
]  # fmt: skip
NAMES = ["asked_for", "whose_data"]
COST_COLUMNS = ["calls", "cached", "failed", "tokens_in", "tokens_out", "cost", "latency_ms"]


def calls_csv(calls: QuerySet[LLMCall]) -> HttpResponse:
    """One line a call, at most MOST; three queries."""
    rows = list(calls[:MOST])
    around = surroundings.current()
    people = around.people({call.owner_id for call in rows if call.owner_id})
    owners = around.data_owners({call.data_owner for call in rows})
    return _file(
        "model-calls",
        COLUMNS + NAMES,
        (
            [
                *(getattr(call, name) for name in COLUMNS),
                people.get(call.owner_id, ""),
                owners.get(call.data_owner, ""),
            ]
            for call in rows
        ),
    )


def costs_csv(by: str, lines: Iterable[Line]) -> HttpResponse:
    """One line a value of what they are added up by."""
    return _file(
        f"model-cost-by-{by}",
        [by, *COST_COLUMNS],
        ([line.label, *(getattr(line, name) for name in COST_COLUMNS)] for line in lines),
    )


def _file(name: str, headings: list[str], rows: Iterable[list]) -> HttpResponse:
    text = io.StringIO()
    text.write(MARK)
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return HttpResponse(
        text.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}-{timezone.localdate()}.csv"'
        },
    )


def _cell(value: object) -> object:
    """A cell that a spreadsheet would run is marked as text."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value
