"""A row of the table, and where its tests are."""

from dataclasses import dataclass

PARTS = {"policy": "What every operation promises", "mode": "How models fail in the field"}
HERE = "tests/llm/failure_table/"
ANSWERS, JOBS, PHASES = (f"{HERE}test_{name}.py::" for name in ("answers", "jobs", "phases"))


@dataclass(frozen=True)
class Row:
    """One failure; its tests hold the bill of what is `provoked` to these calls and tokens.

    Each test has a cost of its own; the row's is that of its dearest.
    """

    key: str
    part: str
    failure: str
    provoked: str
    ours: str
    tests: tuple[str, ...]
    calls: int
    tokens: int
