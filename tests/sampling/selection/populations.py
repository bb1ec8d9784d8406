"""Small populations as Parquet parts, made from plain values."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow
import pyarrow.parquet

from synapse.sampling.selection import (
    Context,
    Options,
    RunRule,
    ScopedAttribute,
    Selection,
    draw,
)

SCHEMA = pyarrow.schema(
    [
        ("record_no", pyarrow.int64()),
        ("line_no", pyarrow.int64()),
        ("id", pyarrow.string()),
        ("balance", pyarrow.string()),
        ("balance#number", pyarrow.decimal128(12, 2)),
        ("state", pyarrow.string()),
        ("opened", pyarrow.string()),
        ("opened#date", pyarrow.date32()),
        ("note", pyarrow.string()),
    ]
)
FAILURES = pyarrow.schema(
    [
        ("record_no", pyarrow.int64()),
        ("key", pyarrow.string()),
        ("rule_id", pyarrow.string()),
        ("attribute", pyarrow.string()),
        ("value", pyarrow.string()),
    ]
)
BALANCE = ScopedAttribute(
    "balance", "Balance", risk=80, data_type="decimal", number="balance#number", mandatory=True
)
STATE = ScopedAttribute("state", "State", risk=40, codes=("A", "B", "C", "D"))
OPENED = ScopedAttribute("opened", "Opened", risk=60, data_type="date", date="opened#date")
NOTE = ScopedAttribute("note", "Note", risk=20, length=12)
KEY = ScopedAttribute("id", "Account", is_key=True)
RULES = (
    RunRule("R1", "compare", "critical", ("balance", "opened"), "Balance goes with Opened."),
    RunRule("R2", "regex", "low", ("note",), "Note is in small letters."),
)


def record(number: int, **values: str) -> dict:
    """A record that nothing is wrong with; values of the day and the amount spread evenly."""
    opened = date(2024, 1, 2) + timedelta(days=number % 25)
    base = {
        "record_no": number,
        "id": f"K{number:06}",
        "balance": f"{1000 + 37 * number % 500}.{number % 100:02}",
        "state": "AB"[number % 2],
        "opened": f"{opened:%Y%m%d}",
        "note": "ordinary",
    }
    return base | values


def plain(count: int) -> list[dict]:
    return [record(number) for number in range(1, count + 1)]


@dataclass
class Filed:
    """A population with what rules found in it, cut into parts as a test wants."""

    records: list[dict]
    failures: list[tuple[int, str]] = field(default_factory=list)
    attributes: tuple[ScopedAttribute, ...] = (KEY, BALANCE, STATE, OPENED, NOTE)
    rules: tuple[RunRule, ...] = RULES
    key_columns: tuple[str, ...] = ("id",)
    hash: str = "population"

    @property
    def context(self) -> Context:
        return Context(self.hash, self.attributes, self.key_columns, self.rules)

    def parts(self, folder: Path, size: int = 100_000) -> list[Path]:
        paths = []
        for at, start in enumerate(range(0, len(self.records), size), start=1):
            chunk = self.records[start : start + size]
            paths.append(folder / f"part-{at:05}.parquet")
            table = pyarrow.Table.from_pylist([_typed(each) for each in chunk], schema=SCHEMA)
            pyarrow.parquet.write_table(table, paths[-1])
        return paths

    def failure_files(self, folder: Path) -> list[Path]:
        rows = [
            {"record_no": number, "key": "", "rule_id": rule, "attribute": "", "value": ""}
            for number, rule in self.failures
        ]
        path = folder / "failures.parquet"
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows, schema=FAILURES), path)
        return [path]

    def draw(
        self,
        folder: Path,
        options: Options,
        *,
        size: int = 100_000,
        order=None,
        threads: int | None = None,
    ) -> Selection:
        mark = hashlib.sha256(f"{size} {order} {threads} {options}".encode()).hexdigest()[:12]
        own = folder / mark
        own.mkdir(exist_ok=True)
        parts: Sequence[Path] = self.parts(own, size)
        parts = order(parts) if order else parts
        failures = self.failure_files(own)
        return draw(parts, self.context, options, own, failures, threads=threads)


def _typed(values: dict) -> dict:
    row = {"line_no": values["record_no"] + 1} | values
    row |= {name: text or None for name, text in values.items() if isinstance(text, str)}
    try:
        row["balance#number"] = Decimal(values["balance"].strip()).quantize(Decimal("0.01"))
    except ArithmeticError:
        row["balance#number"] = None
    day = values["opened"]
    try:
        row["opened#date"] = date(int(day[:4]), int(day[4:6]), int(day[6:8]))
    except ValueError:
        row["opened#date"] = None
    return row
