"""What a selection hands back: the records chosen, and how far they are what was asked."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Reason:
    """Why a record is worth testing: which attribute, what kind, how strongly, in words."""

    attribute: str
    kind: str
    strength: Decimal
    text: str
    rule_id: str = ""
    value: str = ""

    def as_json(self) -> dict[str, str]:
        return {
            "attribute": self.attribute,
            "kind": self.kind,
            "strength": str(self.strength),
            "text": self.text,
            "rule_id": self.rule_id,
            "value": self.value,
        }


@dataclass(frozen=True)
class ChosenRecord:
    """One record of the sample; `rank` is the sum over its reasons of risk times strength."""

    record_no: int
    key: str
    category: str
    rank: Decimal
    reasons: tuple[Reason, ...]
    rationale: str


@dataclass(frozen=True)
class Selection:
    """Samples ordered by category (anomaly, boundary, clean), then as they were chosen.

    `report` is JSON: asked, found, population, distinct_keys, excluded, seed, method, query_hash,
    categories {name: {percent, asked, found, available, why}}, stratum {clean, spotless, is_even},
    shortfalls [sentence],
    uncovered [{attribute, label, wanted, got, why}], coverage {column: records}, unused [sentence],
    upper_limits [{confidence, percent}], projection (sentence).
    """

    samples: tuple[ChosenRecord, ...]
    report: dict[str, Any] = field(default_factory=dict)
