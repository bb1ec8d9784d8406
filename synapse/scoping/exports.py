"""The scope as CSV, of exactly the rows that the filter shows."""

from collections.abc import Iterable, Iterator

from synapse.common.streaming import csv_lines
from synapse.scoping.models import ScopeItem
from synapse.scoping.scoring import COMPONENTS

HEADINGS = [
    "line",
    "attribute",
    "technical_name",
    "item_code",
    "key",
    "cde",
    "open_issue",
    *COMPONENTS,
    "data_quality",
    "score",
    "judged_by",
    "advice",
    "advice_reason",
    "decision",
    "override",
    "reason",
    "decided_by",
    "failure",
    "rationale",
    "unsupported",
    "quote",
    "quote_field",
    "quote_start",
]


def rows(items: Iterable[ScopeItem]) -> Iterator[str]:
    return csv_lines(HEADINGS, map(_values, items))


def _values(item: ScopeItem) -> list:
    attribute = item.attribute
    words = {True: "in", False: "out", None: ""}
    return [
        attribute.line,
        attribute.name,
        attribute.technical_name,
        attribute.item_code,
        _yes(attribute.is_key),
        _yes(attribute.is_cde),
        _yes(attribute.has_open_issue),
        *(getattr(item, name) for name in COMPONENTS),
        item.data_quality,
        item.score,
        f"{item.judged_by} (simulated)" if item.simulated else item.judged_by,
        words[item.recommended],
        item.recommendation_reason,
        "key" if attribute.is_key else words[item.in_scope] or "undecided",
        _yes(item.is_override),
        item.reason,
        str(item.decided_by or ""),
        item.failure,
        item.rationale,
        _yes(item.unsupported),
        item.quote,
        item.quote_field,
        item.quote_start,
    ]


def _yes(value: bool) -> str:
    return "yes" if value else ""
