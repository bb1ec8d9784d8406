"""What a profile found, as rows of a CSV."""

from collections.abc import Iterable, Iterator

from synapse.profiling.failures import Failure
from synapse.profiling.models import AttributeProfile, RuleResult

RESULTS = [
    "rule_id",
    "attributes",
    "kind",
    "severity",
    "source",
    "checked",
    "failed",
    "not_applicable",
    "error",
    "status",
    "message",
    "description",
]
FAILURES = ["record_no", "key", "rule_id", "attribute", "value"]
QUANTILES = ("p01", "p05", "p25", "p50", "p75", "p95", "p99")
ATTRIBUTES = [
    "column",
    "attribute",
    "line",
    "rows",
    "blank",
    "unreadable",
    "distinct",
    "minimum",
    *QUANTILES,
    "maximum",
    "shortest",
    "longest",
    "quality",
]


def result_rows(results: Iterable[RuleResult]) -> Iterator[list]:
    for each in results:
        rule = each.rule
        yield [
            rule.rule_id,
            "|".join(rule.attributes),
            rule.kind,
            rule.severity,
            rule.source,
            each.checked,
            each.failed,
            each.not_applicable,
            each.error,
            each.status,
            each.message,
            rule.description,
        ]


def failure_rows(found: Iterable[Failure]) -> Iterator[list]:
    for each in found:
        yield [each.record_no, each.key, each.rule_id, each.attribute, each.value]


def attribute_rows(profiles: Iterable[AttributeProfile]) -> Iterator[list]:
    for each in profiles:
        yield [
            each.column,
            each.attribute.name if each.attribute else "",
            each.attribute.line if each.attribute else "",
            each.rows,
            each.blank,
            each.unreadable,
            each.distinct,
            each.minimum,
            *(each.quantiles.get(name, "") for name in QUANTILES),
            each.maximum,
            each.shortest,
            each.longest,
            "" if each.quality is None else each.quality,
        ]
