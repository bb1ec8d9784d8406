"""A rule set as CSV or JSON; both can be imported again."""

import csv
import io
from collections.abc import Iterable, Iterator

from synapse.common.spreadsheets import harmless
from synapse.profiling import rulebook
from synapse.profiling.models import Rule

COLUMNS = ("rule_id", "attributes", "kind", "parameters", "severity", "source", "enabled",
           "description", "remark")  # fmt: skip


def as_csv(rules: Iterable[Rule]) -> str:
    stream = io.StringIO()
    csv.writer(stream).writerows(csv_rows(rules))
    return stream.getvalue()


def csv_rows(rules: Iterable[Rule]) -> Iterator[list[object]]:
    """A heading, then a row a rule; text that a spreadsheet would run is marked as text."""
    yield [*COLUMNS]
    for rule in rules:
        told = as_record(rule)
        told["attributes"] = "|".join(told["attributes"])
        told["parameters"] = rulebook.canonical_json(told["parameters"])
        told["enabled"] = "yes" if told["enabled"] else "no"
        yield [harmless(told[name]) for name in COLUMNS]


def as_record(rule: Rule) -> dict:
    return {name: getattr(rule, name) for name in COLUMNS}
