"""What rules find on real and seeded files: `python -m tests.profiling.rules_report`.

Prints the records flagged by rules proposed from a dictionary, alone and with the shipped rules,
against the labels of those files: precision and recall over records, and each rule that flags a
record without a label or each label that no rule finds.
"""

import csv
import os
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow.parquet as pq

from synapse.planning.dictionary.reading import read_dictionary
from synapse.profiling import rulebook
from synapse.profiling.builtin_rules import best_fit
from synapse.profiling.columns import names_of
from synapse.profiling.population import identifier_column
from synapse.profiling.proposing.candidates import Candidate, candidates
from synapse.profiling.proposing.equality import sense
from synapse.profiling.proposing.evidence import Count, judge, judge_known
from tests.profiling.population.reading import take

D1 = Path("fr_y14m")
HMDA = Path("hmda")


@dataclass(frozen=True)
class Case:
    """A dictionary with a file of records; `labels` has the records that break a rule."""

    title: str
    dictionary: Path
    population: Path
    labels: Path | None = None


D1_DICTIONARY = D1 / "dictionary" / "fr_y14m_D1.csv"
CASES = {
    "seeded": Case(
        "D.1, 4,500 records with planted errors",
        D1_DICTIONARY,
        D1 / "populations" / "fr_y14m_D1_synth_seeded_4500.csv",
        D1 / "oracle" / "fr_y14m_D1_synth_seeded_4500_findings.csv",
    ),
    "clean": Case(
        "D.1, 5,000 clean records",
        D1_DICTIONARY,
        D1 / "populations" / "fr_y14m_D1_synth_clean_5000.csv",
    ),
    "hmda": Case(
        "HMDA 2024, 10,000 clean records",
        HMDA / "dictionary" / "hmda_lar_dictionary_2024.csv",
        HMDA / "populations" / "generated" / "hmda2024_bank1_clean_10000.txt",
    ),
}


@dataclass
class Field:
    """An attribute as a plan has it, without a database."""

    pk: int
    name: str
    technical_name: str
    item_code: str
    line: str
    data_type: str
    format: str
    length: int | None
    scale: int | None
    description: str
    requirement: str
    allowed_values: list
    position: int
    is_key: bool = False
    key_order: int | None = None
    is_cde: bool = False


@dataclass
class Findings:
    """The records flagged, and those that the labels of the file say are wrong."""

    rules: int
    switched_on: int
    seconds: float
    flagged: dict[int, set[str]] = field(default_factory=dict)
    labelled: dict[int, set[str]] = field(default_factory=dict)

    @property
    def right(self) -> int:
        return len(self.flagged.keys() & self.labelled.keys())

    @property
    def precision(self) -> float | None:
        return self.right / len(self.flagged) if self.flagged else None

    @property
    def recall(self) -> float | None:
        return self.right / len(self.labelled) if self.labelled else None

    def unlabelled(self) -> Counter[str]:
        """Rules that flag a record without a label, with the number of such records."""
        return Counter(
            rule
            for record in self.flagged.keys() - self.labelled.keys()
            for rule in self.flagged[record]
        )

    def missed(self) -> Counter[str]:
        """Labels of records that no rule flags."""
        return Counter(
            label
            for record in self.labelled.keys() - self.flagged.keys()
            for label in self.labelled[record]
        )


class Measured:
    """One file imported once, so that rules can be measured on it several times."""

    def __init__(self, root: Path, case: Case, folder: Path):
        self.attributes = _attributes(root / case.dictionary)
        self.file = root / case.population
        self.imported = take(self.file, folder, self.attributes)
        self.out = folder / "failures.parquet"
        self.labelled = _labels(root / case.labels) if case.labels else {}
        found = identifier_column(self.file, self.imported.reading, self.imported.columns)
        for column in self.imported.columns:
            if column.name == found:
                attribute = self.attributes[column.attribute_id - 1]
                attribute.is_key, attribute.key_order = True, 1

    def findings(self, *, builtin: bool) -> Findings:
        """Rules proposed and judged on the file as the product does it, then run over it."""
        begun = time.perf_counter()
        found = candidates(self.attributes, names_of(self.attributes))
        known = self._known() if builtin else []
        said = {sense(one.rule) for one in known}
        guessed = [one for one in found if sense(one.rule) not in said]
        counts = self._counts([one.rule for one in (*guessed, *known)])
        judged = [judge(one, counts[one.rule.rule_id]) for one in guessed]
        judged += [
            judge_known(
                one, counts[one.rule.rule_id], enabled=one.rule.enabled, remark=one.rule.remark
            )
            for one in known
        ]
        rules = [each.candidate.rule for each in judged if each.enabled]
        flagged = self._failures(rules)
        seconds = time.perf_counter() - begun
        return Findings(len(judged), len(rules), seconds, flagged, self.labelled)

    def _known(self) -> list[Candidate]:
        fit = best_fit(self.attributes)
        rules = fit.rules() if fit else []
        return [Candidate(rule, rule.source == "inferred") for rule, _ in rules]

    def _counts(self, rules: list[rulebook.Rule]) -> dict[str, Count]:
        return {
            each.rule_id: Count(
                each.checked, each.failed, each.not_applicable, each.error, each.message
            )
            for each in self._run(rules)
        }

    def _failures(self, rules: list[rulebook.Rule]) -> dict[int, set[str]]:
        flagged: dict[int, set[str]] = {}
        self._run(rules, flagged)
        return flagged

    def _run(self, rules: list[rulebook.Rule], flagged: dict[int, set[str]] | None = None) -> list:
        columns, parts = self.imported.columns, self.imported.parts
        (part,) = parts
        single = [rule for rule in rules if not rule.whole_file]
        whole = [rule for rule in rules if rule.whole_file]
        counts = []
        for one in (
            lambda: rulebook.evaluate_part(part, columns, single, (), self.out),
            lambda: rulebook.evaluate_whole(parts, columns, whole, (), self.out),
        ):
            counts += one()
            if flagged is not None:
                for row in pq.read_table(self.out).to_pylist():
                    flagged.setdefault(row["record_no"], set()).add(row["rule_id"])
        return counts


def _attributes(path: Path) -> list[Field]:
    read = read_dictionary(path.read_bytes(), path.name)
    return [
        Field(
            number, each.name, each.technical_name, each.item_code, each.line, each.data_type,
            each.format, each.length, each.scale, each.description, each.requirement,
            each.allowed_values, number,
        )
        for number, each in enumerate(read.fields, start=1)
    ]  # fmt: skip


def _labels(path: Path) -> dict[int, set[str]]:
    labelled: dict[int, set[str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            labelled.setdefault(int(row["record_no"]), set()).add(row["rule_id"])
    return labelled


def lines(found: Findings, words: str) -> list[str]:
    told = [
        f"  {words:34}{found.switched_on:4} of {found.rules:3} rules on  "
        f"{len(found.flagged):5} flagged  {len(found.labelled):4} labelled  "
        f"precision {_share(found.precision)}  recall {_share(found.recall)}  "
        f"{found.seconds:5.1f} s"
    ]
    if unlabelled := found.unlabelled():
        told.append(f"    flagged without a label: {_counted(unlabelled)}")
    if missed := found.missed():
        told.append(f"    labelled and not flagged: {_counted(missed)}")
    return told


def _share(value: float | None) -> str:
    return "    -" if value is None else f"{value:.3f}"


def _counted(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counter.most_common())


def main() -> int:
    root = os.environ.get("SYNAPSE_SAMPLE_DATA")
    if not root:
        print("SYNAPSE_SAMPLE_DATA is not set: real regulatory files are not here")
        return 2
    for case in CASES.values():
        with tempfile.TemporaryDirectory(prefix="rules-report-") as folder:
            measured = Measured(Path(root), case, Path(folder))
            print(case.title)
            print(*lines(measured.findings(builtin=False), "proposed rules alone"), sep="\n")
            if best_fit(measured.attributes):
                print(*lines(measured.findings(builtin=True), "with R01 to R50"), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
