"""The table: each failure, how it is provoked, what ours does, and what that may cost at most."""

from tests.llm.failure_table.modes import MODES
from tests.llm.failure_table.policy import POLICY
from tests.llm.failure_table.rows import HERE, PARTS, Row

ROWS = POLICY + MODES


def row(key: str) -> Row:
    [found] = [each for each in ROWS if each.key == key]
    return found


def as_text() -> str:
    """The table as Markdown."""
    lines = []
    for part, title in PARTS.items():
        lines += ["", f"## {title}", ""]
        lines.append("| failure | provoked by | what ours does | calls | tokens | test |")
        lines.append("|---|---|---|---|---|---|")
        lines += [
            f"| {each.failure} | {each.provoked} | {each.ours} | ≤ {each.calls} | "
            f"≤ {each.tokens:,} | {', '.join(map(short, each.tests))} |"
            for each in ROWS
            if each.part == part
        ]
    return "\n".join(lines[1:])


def short(test: str) -> str:
    return test.removeprefix(HERE).removeprefix("tests/")
