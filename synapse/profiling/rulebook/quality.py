"""The data-quality score of an attribute or a file out of what its rules counted."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from synapse.profiling.rulebook.counts import OK, RuleCount
from synapse.profiling.rulebook.rule import Rule

SEVERITY_WEIGHTS = {
    "critical": Decimal("1.0"),
    "high": Decimal("0.8"),
    "medium": Decimal("0.6"),
    "low": Decimal("0.4"),
}
TYPES = {
    "not_blank": "completeness",
    "in_set": "validity",
    "regex": "validity",
    "range": "validity",
    "length": "validity",
    "date_format": "validity",
    "compare": "consistency",
    "sum_equals": "consistency",
    "if_then": "consistency",
    "constant": "consistency",
    "unique": "uniqueness",
}
TYPE_WEIGHTS = {
    "completeness": Decimal("1.0"),
    "validity": Decimal("0.9"),
    "consistency": Decimal("0.8"),
    "uniqueness": Decimal("0.7"),
}
STEP = Decimal("0.01")


def quality_of(counts: Iterable[RuleCount], rules: Iterable[Rule]) -> Decimal | None:
    """0 to 100: the pass rates of the rules, weighted by severity and type; None without data.

    A rule that could not be evaluated, or that checked no record, says nothing.
    """
    by_id = {rule.rule_id: rule for rule in rules}
    total = weights = Decimal(0)
    for count in counts:
        rule = by_id.get(count.rule_id)
        if rule is None or count.status != OK or not count.checked:
            continue
        weight = weight_of(rule)
        total += weight * 100 * Decimal(count.checked - count.failed) / count.checked
        weights += weight
    return (total / weights).quantize(STEP, ROUND_HALF_UP) if weights else None


def weight_of(rule: Rule) -> Decimal:
    return SEVERITY_WEIGHTS[rule.severity] * TYPE_WEIGHTS[TYPES[rule.kind]]
