"""Small files of records through the importing engine, and what the rule book tells of them."""

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from synapse.profiling.population import Column
from synapse.profiling.rulebook import Rule, RuleCount, add_up, evaluate_part, evaluate_whole
from tests.profiling.population.reading import Field, take

FIELDS = [
    Field(1, "Name"),
    Field(2, "Other"),
    Field(3, "Amount", "decimal", scale=2, allowed_values=[{"code": "NA", "meaning": ""}]),
    Field(4, "Limit", "decimal", scale=2),
    Field(5, "Count", "integer", length=10),
    Field(6, "Opened", "date", format="YYYYMMDD"),
    Field(7, "Closed", "date", format="YYYYMMDD"),
]
NAMES = [field.name for field in FIELDS]
Record = dict[str, str | None]


@dataclass
class Population:
    columns: tuple[Column, ...]
    parts: list[Path]
    folder: Path

    def evaluate(self, *rules: Rule, keys: Sequence[str] = ()) -> "Told":
        """All rules over all parts, as a profile runs them."""
        counts, failures = [], []
        for number, part in enumerate(self.parts):
            out = self.folder / f"failures-{number}.parquet"
            counts += evaluate_part(part, self.columns, rules, keys, out)
            failures += pq.read_table(out).to_pylist()
        if any(rule.whole_file for rule in rules):
            out = self.folder / "failures-whole.parquet"
            counts += evaluate_whole(self.parts, self.columns, rules, keys, out)
            failures += pq.read_table(out).to_pylist()
        return Told(add_up(counts), failures)


@dataclass
class Told:
    counts: list[RuleCount]
    failures: list[dict]

    def of(self, rule: Rule) -> tuple[int, int, int, int]:
        [count] = [count for count in self.counts if count.rule_id == rule.rule_id]
        assert count.status == "ok", count.message
        return count.checked, count.failed, count.not_applicable, count.error

    def records(self, rule: Rule) -> list[int]:
        return [row["record_no"] for row in self.failures if row["rule_id"] == rule.rule_id]


@contextlib.contextmanager
def population(
    records: Sequence[Record], fields: Sequence[Field] = FIELDS, *, part: int = 100_000
) -> Iterator[Population]:
    """The records as a file of texts, imported in parts of so many records."""
    names = [field.name for field in fields]
    texts = [pa.array([record.get(name) for record in records], pa.string()) for name in names]
    with tempfile.TemporaryDirectory(prefix="rulebook-test-") as folder:
        path = Path(folder) / "records.parquet"
        pq.write_table(pa.table(texts, names=names), path)
        done = take(path, Path(folder), fields, records=part)
        yield Population(done.columns, done.parts, Path(folder))


def rule(kind: str, *attributes: str, rule_id: str = "R1", **parameters) -> Rule:
    return Rule.from_dict(
        {
            "rule_id": rule_id,
            "kind": kind,
            "attributes": [*attributes],
            "parameters": parameters,
        }
    )
