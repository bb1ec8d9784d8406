"""The table: one patch file a failure; what stands before its first `diff` is the row, in TOML."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

PATCHES = Path(__file__).parent / "patches"
PARTS = {"queue": "Django-Q2 and its database broker", "web": "Channels, Daphne and psycopg"}


@dataclass(frozen=True)
class Row:
    """One failure, what ours does instead, and the tests that fail once the patch is applied.

    `fails_by` is the kind of error by which they fail: a failed check unless the row says else.
    With `own_server` they change settings of the server, and have one to themselves.
    """

    number: int
    part: str
    failure: str
    ours: str
    tests: list[str]
    patch: Path
    fails_by: str = "AssertionError"
    own_server: bool = False


def read() -> list[Row]:
    return sorted((read_row(path) for path in PATCHES.glob("*.patch")), key=lambda row: row.number)


def read_row(path: Path) -> Row:
    head = path.read_text().partition("\ndiff --git ")[0]
    return Row(patch=path, **tomllib.loads(head))


def as_text(rows: list[Row]) -> str:
    """The table as Markdown."""
    lines = []
    for part, title in PARTS.items():
        lines += ["", f"## {title}", "", "| # | failure | provoked by | what ours does |"]
        lines.append("|---|---|---|---|")
        lines += [
            f"| {row.number} | {row.failure} | {', '.join(map(short, row.tests))} | {row.ours} |"
            for row in rows
            if row.part == part
        ]
    return "\n".join(lines[1:])


def short(test: str) -> str:
    return test.removeprefix("tests/")
