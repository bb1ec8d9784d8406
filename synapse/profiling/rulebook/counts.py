"""What is counted of a rule, and how the counts of parts add up."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

OK, ERROR = "ok", "error"


@dataclass(frozen=True)
class RuleCount:
    """One rule over some records; checked + not_applicable + error is their number.

    A rule that can't be evaluated at all has status "error": each record counts as an error, and
    `message` says why.
    """

    rule_id: str
    checked: int
    failed: int
    not_applicable: int
    error: int
    status: str = OK
    message: str = ""

    @classmethod
    def broken(cls, rule_id: str, records: int, message: str) -> "RuleCount":
        return cls(rule_id, 0, 0, 0, records, ERROR, message)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def add_up(counts: Iterable[RuleCount]) -> list[RuleCount]:
    """The counts of parts by rule, in the order in which the rules come first."""
    totals: dict[str, RuleCount] = {}
    for count in counts:
        total = totals.get(count.rule_id)
        totals[count.rule_id] = count if total is None else _added(total, count)
    return [*totals.values()]


def _added(one: RuleCount, other: RuleCount) -> RuleCount:
    worse = one if one.status == ERROR else other
    return replace(
        worse,
        checked=one.checked + other.checked,
        failed=one.failed + other.failed,
        not_applicable=one.not_applicable + other.not_applicable,
        error=one.error + other.error,
    )
