"""What the values of a column are: how many, how long, which, and between which limits."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import ibis
from ibis.expr.types import Table, Value

from synapse.profiling.rulebook.columns import DECIMAL, Columns, FileColumn
from synapse.profiling.rulebook.engine import connect, rendered, show_records
from synapse.profiling.rulebook.groups import free_names
from synapse.profiling.rulebook.readings import Readings

QUANTILES = {
    "p01": 1,
    "p05": 5,
    "p25": 25,
    "p50": 50,
    "p75": 75,
    "p95": 95,
    "p99": 99,
}
TOP = 10
TYPED = {"number": DECIMAL, "date": "date"}


@dataclass(frozen=True)
class AttributeMeasures:
    """Exact figures of one column; values are texts, so that nothing is rounded on its way.

    `minimum`, `maximum` and `quantiles` are by number or date where the plan types the column so;
    a quantile is always a value that stands in the file. Texts have no quantiles.
    """

    column: str
    rows: int
    blank: int
    unreadable: int
    distinct: int
    minimum: str | None = None
    maximum: str | None = None
    quantiles: dict[str, str] = field(default_factory=dict)
    top_values: tuple[tuple[str, int], ...] = ()
    shortest: int | None = None
    longest: int | None = None

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "top_values": [list(each) for each in self.top_values]}


def measure(
    parts: Sequence[Path],
    columns: Sequence[FileColumn],
    only: Sequence[str] | None = None,
) -> list[AttributeMeasures]:
    """The measures of each column, or of those named in `only`; no other column is read."""
    known = Columns(columns)
    names = [column.name for column in known.all] if only is None else only
    with connect() as connection:
        show_records(connection, parts)
        return [_measure(connection, known, name) for name in names]


def _measure(
    connection: duckdb.DuckDBPyConnection, columns: Columns, name: str
) -> AttributeMeasures:
    kind = columns.kind(name)
    grouped = rendered(_grouped(columns, name))
    connection.execute("DROP TABLE IF EXISTS grouped")
    connection.execute(f"CREATE TEMP TABLE grouped AS {grouped}")
    figures = _row(connection, *_asked(_figures, kind))
    extremes = _row(connection, *_asked(_ordered if kind in TYPED else _ends, kind))
    top, _ = _asked(_top, kind)
    least, most = (_plain(extremes.pop(word)) for word in ("minimum", "maximum"))
    return AttributeMeasures(
        column=name,
        rows=figures["rows"] or 0,
        blank=figures["blank"] or 0,
        unreadable=figures.get("unreadable") or 0,
        distinct=figures["distinct"],
        minimum=least,
        maximum=most,
        quantiles={} if least is None else {word: _plain(v) for word, v in extremes.items()},
        top_values=tuple(connection.sql(top).fetchall()),
        shortest=figures["shortest"],
        longest=figures["longest"],
    )


@functools.cache
def _asked(question: Callable[[Table], Table], kind: str) -> tuple[str, tuple[str, ...]]:
    """A question about the grouped texts of a column as SQL, and the names of its answers."""
    typed = {"typed": TYPED[kind], "listed": "boolean"} if kind in TYPED else {}
    schema = {"text": "string", "blank": "boolean", "count": "int64", **typed}
    asked = question(ibis.table(schema, name="grouped"))
    return rendered(asked), asked.columns


def _grouped(columns: Columns, name: str) -> Table:
    """Each text of a column with its count; all else follows from the text, so is found once."""
    column = columns[name]
    # A table of this column alone: the others would only be carried along.
    columns = Columns([column])
    records = columns.table()
    count = next(free_names(records))
    companion = {each: records[each].arbitrary() for each in (column.number, column.date) if each}
    texts = records.group_by(name).aggregate(**companion, **{count: records.count()})
    read = Readings(columns, texts)
    shown = {"text": read.text(name), "blank": read.blank(name), "count": texts[count]}
    if typed := {"number": read.number, "date": read.date}.get(columns.kind(name)):
        listed = read.listed(name)
        shown["typed"] = typed(name)
        shown["listed"] = ibis.literal(False) if listed is None else listed.fill_null(False)
    return texts.select(**shown)


def _figures(values: Table) -> Table:
    present = ~values.blank
    told = {
        "rows": values["count"].sum(),
        "blank": values["count"].sum(where=values.blank),
        "distinct": values.count(where=present),
        "shortest": values.text.length().min(where=present),
        "longest": values.text.length().max(where=present),
    }
    if "typed" in values.columns:
        unreadable = present & values.typed.isnull() & ~values.listed
        told["unreadable"] = values["count"].sum(where=unreadable)
    return values.aggregate(**told)


def _top(values: Table) -> Table:
    present = values.filter(~values.blank)
    return present.order_by([ibis.desc("count"), "text"]).select("text", "count").limit(TOP)


def _ends(values: Table) -> Table:
    present = ~values.blank
    return values.aggregate(
        minimum=values.text.min(where=present), maximum=values.text.max(where=present)
    )


def _ordered(values: Table) -> Table:
    """Extremes and quantiles by cumulated counts: exact, and the same whatever the threads."""
    by_value = values.filter(values.typed.notnull()).group_by("typed")
    by_value = by_value.aggregate(count=values["count"].sum())
    until = by_value["count"].sum().over(ibis.cumulative_window(order_by=by_value.typed))
    ranked = by_value.mutate(
        until=until.cast("int64"), all=by_value["count"].sum().over(ibis.window()).cast("int64")
    )
    told: dict[str, Value] = {"minimum": ranked.typed.min(), "maximum": ranked.typed.max()}
    for name, percent in QUANTILES.items():
        # The least value that at least so many percent of the records do not exceed.
        told[name] = ranked.typed.min(where=ranked.until * 100 >= ranked["all"] * percent)
    return ranked.aggregate(**told)


def _plain(value: Any) -> str | None:
    """A number without needless zeros, a date as YYYY-MM-DD."""
    if value is None or not hasattr(value, "as_tuple"):
        return None if value is None else str(value)
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _row(
    connection: duckdb.DuckDBPyConnection, asked: str, names: tuple[str, ...]
) -> dict[str, Any]:
    [values] = connection.sql(asked).fetchall()
    return dict(zip(names, values, strict=True))
