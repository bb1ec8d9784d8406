"""What each kind of rule checks, with an example, for those who write rules by hand."""

import json
from dataclasses import dataclass
from typing import Any

from synapse.profiling.rule_states import RuleKind


@dataclass(frozen=True)
class KindHelp:
    """One kind in words; `attributes` and `parameters` make an example that is a valid rule."""

    kind: RuleKind
    says: str
    attributes: tuple[str, ...]
    parameters: dict[str, Any]

    @property
    def example(self) -> str:
        return json.dumps(self.parameters)


IF_THEN = {
    "if": {"attribute": "Status", "is": "in", "values": ["3", "4"]},
    "then": {"attribute": "Closed On", "is": "not_blank"},
}
KINDS = (
    KindHelp(RuleKind.NOT_BLANK, "The value is there.", ("Loan Id",), {}),
    KindHelp(
        RuleKind.IN_SET,
        "The value is one of a list.",
        ("Status",),
        {"values": ["1", "2", "3"]},
    ),
    KindHelp(
        RuleKind.REGEX,
        "The whole value has a pattern (RE2).",
        ("Postcode",),
        {"pattern": "[0-9]{5}"},
    ),
    KindHelp(
        RuleKind.RANGE,
        "The number or date lies between limits; each may be another column. Codes stand apart.",
        ("Score",),
        {"min": "300", "max": "850", "codes": ["9999"]},
    ),
    KindHelp(
        RuleKind.LENGTH, "The text has so many characters.", ("Loan Id",), {"min": 1, "max": 18}
    ),
    KindHelp(
        RuleKind.DATE_FORMAT,
        "The value is a date, written so.",
        ("Period",),
        {"format": "YYYYMMDD", "end_of_month": True},
    ),
    KindHelp(
        RuleKind.COMPARE,
        "The value is <, <=, =, !=, >= or > another column or value.",
        ("Opened On",),
        {"op": "<=", "right": "Period"},
    ),
    KindHelp(
        RuleKind.SUM_EQUALS,
        "Other columns add up to this one.",
        ("Total",),
        {"parts": ["Principal", "Interest"], "tolerance": "0.01"},
    ),
    KindHelp(
        RuleKind.IF_THEN,
        "Where the first holds, the second must hold. A statement is blank, not_blank, in, not_in, "
        "matches, between, length, date_format or compare; all, any and not join them.",
        ("Status", "Closed On"),
        IF_THEN,
    ),
    KindHelp(
        RuleKind.UNIQUE,
        "No two records have the same values, in the file or within equal values of others.",
        ("Loan Id",),
        {"within": ["Period"]},
    ),
    KindHelp(RuleKind.CONSTANT, "All records have one same value.", ("Period",), {}),
)
