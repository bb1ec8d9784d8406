"""What the values of a column are: how many, how long, which, and between which limits."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import ibis
from ibis.expr.types import Table, Value

from synapse.profiling.rulebook.columns import Columns, FileColumn
from synapse.profiling.rulebook.engine import connect, rendered, show_records
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
    read = Readings(columns)
    kind = columns.kind(name)
    typed = {"number": read.number, "date": read.date}.get(kind)
    shown = {"text": read.text(name), "blank": read.blank(name)}
    if typed is not None:
        shown["typed"] = typed(name)
        listed = read.listed(name)
        shown["listed"] = ibis.literal(False) if listed is None else listed.fill_null(False)
    grouped = read.table.select(**shown)
    grouped = grouped.group_by(list(shown)).aggregate(count=grouped.count())
    connection.execute("DROP TABLE IF EXISTS grouped")
    connection.execute(f"CREATE TEMP TABLE grouped AS {rendered(grouped)}")  # noqa: S608 - rendered by Ibis
    values = ibis.table(grouped.schema(), name="grouped")
    figures = _row(connection, _figures(values))
    return AttributeMeasures(
        column=name,
        rows=figures["rows"] or 0,
        blank=figures["blank"] or 0,
        unreadable=figures.get("unreadable") or 0,
        distinct=figures["distinct"],
        shortest=figures["shortest"],
        longest=figures["longest"],
        top_values=tuple(connection.sql(rendered(_top(values))).fetchall()),
        **_extremes(connection, values, kind),
    )


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


def _extremes(connection: duckdb.DuckDBPyConnection, values: Table, kind: str) -> dict[str, Any]:
    if kind == "text":
        present = ~values.blank
        told = {
            "minimum": values.text.min(where=present),
            "maximum": values.text.max(where=present),
        }
        return _row(connection, values.aggregate(**told))
    return _ordered(connection, values)


def _ordered(connection: duckdb.DuckDBPyConnection, values: Table) -> dict[str, Any]:
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
    row = _row(connection, ranked.aggregate(**told))
    if row["minimum"] is None:
        return {}
    texts = {word: plain(value) for word, value in row.items()}
    return {
        "minimum": texts.pop("minimum"),
        "maximum": texts.pop("maximum"),
        "quantiles": texts,
    }


def plain(value: Any) -> str:
    """A number without needless zeros, a date as YYYY-MM-DD."""
    if not hasattr(value, "as_tuple"):
        return str(value)
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _row(connection: duckdb.DuckDBPyConnection, table: Table) -> dict[str, Any]:
    [values] = connection.sql(rendered(table)).fetchall()
    return dict(zip(table.columns, values, strict=True))
