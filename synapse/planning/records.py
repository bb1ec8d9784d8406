"""Whether a text is a table of records: whose rows would go to a model, as no row may."""

import csv
from collections import Counter

from synapse.planning.dictionary.delimited import DELIMITERS
from synapse.planning.dictionary.headings import propose

LEAST_LINES, LEAST_COLUMNS = 20, 3
NEARLY_ALL = 0.95
# Lines looked at; a table is one from its beginning.
SAMPLE = 1_000
# How surely a heading is one of a dictionary, and how many of them a list of fields has.
SURE, LEAST_ROLES = 0.9, 2


def is_table_of_records(text: str) -> bool:
    """At least 20 lines of at least 3 columns, the same in the first and nearly all, under no
    headings of a dictionary.
    """
    lines = [line for line in text.split("\n") if line.strip()][:SAMPLE]
    return len(lines) >= LEAST_LINES and any(
        _is_even(rows) and not _lists_fields(rows[0])
        for rows in (_rows(lines, delimiter) for delimiter in DELIMITERS)
    )


def _rows(lines: list[str], delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return [[]]


def _is_even(rows: list[list[str]]) -> bool:
    columns, count = Counter(map(len, rows)).most_common(1)[0]
    return len(rows[0]) == columns >= LEAST_COLUMNS and count >= max(
        NEARLY_ALL * len(rows), LEAST_LINES
    )


def _lists_fields(headings: list[str]) -> bool:
    sure = {column.role for column in propose(headings) if column.confidence >= SURE}
    return len(sure - {""}) >= LEAST_ROLES and bool(sure & {"name", "technical_name"})
