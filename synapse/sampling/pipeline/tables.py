"""The CSV files of a run; the same content gives the same bytes."""

import csv
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from synapse.common.spreadsheets import harmless

NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")

ATTRIBUTES = (
    "name", "technical_name", "line", "item_code", "data_type", "requirement", "allowed_values",
    "is_key", "is_cde", "has_issues", "source", "column", "code_meanings",
)  # fmt: skip
RULES = (
    "rule_id", "attributes", "kind", "parameters", "severity", "source", "enabled",
    "needs_condition", "is_inferred", "description", "remark",
)  # fmt: skip
PROFILE = (
    "rule_id", "checked", "failed", "not_applicable", "error", "status", "message",
)  # fmt: skip
FAILURES = ("record_no", "key", "rule_id", "attribute", "value")
SCOPE = (
    "attribute", "recommendation", "score", "in_scope", "reason", "data_quality", "judged_by",
)  # fmt: skip
SAMPLES = ("record_no", "key", "category", "reasons", "rationale")
REJECTED = ("record_no", "line_no", "code", "reason", "text")
REFUSED = ("row", "rule_id", "reason")


def write(path: Path, headings: Sequence[str], rows: Iterable[Sequence]) -> int:
    """UTF-8, commas, line feeds; the number of rows written."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(headings)
        for row in rows:
            writer.writerow([cell(value) for value in row])
            count += 1
    return count


def cell(value: object) -> object:
    """As a file for programs and people has it: a negative number stays one, a formula doesn't."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict | list):
        return as_json(value)
    if isinstance(value, str) and NUMBER.fullmatch(value):
        return value
    return harmless(value)


def as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
