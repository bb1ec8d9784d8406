"""What a run came to, and the CSV rows that tell it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from synapse.planning.models import Plan
from synapse.profiling.columns import names_of
from synapse.profiling.models import Population, Profile, RuleSet
from synapse.profiling.selectors.failures import each_failure
from synapse.sampling.models import SampleSet
from synapse.sampling.pipeline import tables
from synapse.sampling.states import Decision
from synapse.scoping.models import Scope

WORDS = {True: "in", False: "out", None: ""}


@dataclass
class Outcome:
    """The approved versions of a run; `refused` are rows of the rule file that were not taken."""

    plan: Plan
    population: Population
    rule_set: RuleSet
    profile: Profile
    scope: Scope
    sample_set: SampleSet
    refused: list[tuple[int, str, str]] = field(default_factory=list)


def write_tables(outcome: Outcome, folder: Path) -> dict[str, dict]:
    """All CSV files into the folder; rows and SHA-256 of each."""
    contents = {
        "attributes.csv": (tables.ATTRIBUTES, _attributes(outcome)),
        "rejected_rows.csv": (tables.REJECTED, _rejected(outcome)),
        "rules.csv": (tables.RULES, _rules(outcome)),
        "refused_rules.csv": (tables.REFUSED, outcome.refused),
        "profile.csv": (tables.PROFILE, _profile(outcome)),
        "failures.csv": (tables.FAILURES, _failures(outcome)),
        "scope.csv": (tables.SCOPE, _scope(outcome)),
        "samples.csv": (tables.SAMPLES, _samples(outcome)),
    }
    written = {}
    for name, (headings, rows) in contents.items():
        count = tables.write(folder / name, headings, rows)
        written[name] = {"rows": count, "sha256": file_hash(folder / name)}
    return written


def file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _columns(outcome: Outcome) -> dict[int, str]:
    return names_of(outcome.plan.attributes.order_by("position", "pk"))


def _attributes(outcome: Outcome) -> Iterator[tuple]:
    columns = _columns(outcome)
    for each in outcome.plan.attributes.order_by("position", "pk"):
        codes = [entry["code"] for entry in each.allowed_values]
        yield (
            each.name,
            each.technical_name,
            each.line,
            each.item_code,
            each.data_type,
            each.requirement,
            "|".join(codes),
            each.is_key,
            each.is_cde,
            each.has_open_issue,
            each.source,
            columns[each.pk],
            each.allowed_values,
        )


def _rejected(outcome: Outcome) -> Iterator[tuple]:
    for row in outcome.population.rejected_rows.order_by("record_no"):
        yield row.record_no, row.line_no, row.code, row.reason, row.text


def _rules(outcome: Outcome) -> Iterator[tuple]:
    for rule in outcome.rule_set.rules.order_by("position", "pk"):
        yield (
            rule.rule_id,
            "|".join(rule.attributes),
            rule.kind,
            rule.parameters,
            rule.severity,
            rule.source,
            rule.enabled,
            rule.needs_condition,
            rule.is_inferred,
            rule.description,
            rule.remark,
        )


def _profile(outcome: Outcome) -> Iterator[tuple]:
    results = outcome.profile.results.select_related("rule").order_by("rule__position", "pk")
    for result in results:
        yield (
            result.rule.rule_id,
            result.checked,
            result.failed,
            result.not_applicable,
            result.error,
            result.status,
            result.message,
        )


def _failures(outcome: Outcome) -> Iterator[tuple]:
    for each in each_failure(outcome.profile):
        yield each.record_no, each.key, each.rule_id, each.attribute, each.value


def _scope(outcome: Outcome) -> Iterator[tuple]:
    columns = _columns(outcome)
    for item in outcome.scope.items():
        is_key = item.attribute.is_key
        yield (
            columns[item.attribute_id],
            "key" if is_key else WORDS[item.recommended],
            item.score,
            True if is_key else bool(item.in_scope),
            item.reason or item.recommendation_reason,
            item.data_quality,
            f"{item.judged_by} (simulated)" if item.simulated else item.judged_by,
        )


def _samples(outcome: Outcome) -> Iterator[tuple]:
    samples = outcome.sample_set.samples.filter(decision=Decision.APPROVED)
    for sample in samples.order_by("pk"):
        reasons = "; ".join(_reason(reason) for reason in sample.reasons)
        yield sample.record_no, sample.key, sample.category, reasons, sample.rationale


def _reason(reason: dict) -> str:
    named = reason.get("attribute") or ""
    return f"{named}: {reason.get('text', '')}" if named else reason.get("text", "")
