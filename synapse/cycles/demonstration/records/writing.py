"""Records and labels as CSV files."""

import csv
from pathlib import Path

from synapse.cycles.demonstration.records.planting import Label
from synapse.cycles.demonstration.records.texts import Record

LABEL_HEADINGS = ("record_no", "kind", "attributes", "reachable")


def write_records(records: list[Record], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(records[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(records)


def write_labels(labels: list[Label], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(LABEL_HEADINGS)
        for label in labels:
            reachable = "yes" if label.reachable else "no"
            writer.writerow((label.record_no, label.kind, "|".join(label.attributes), reachable))
