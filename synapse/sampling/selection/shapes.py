"""What the values of each attribute look like over the whole population."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from synapse.sampling.selection.checks import is_typed, raw_value, usual_value
from synapse.sampling.selection.context import Context, Quantiles, ScopedAttribute
from synapse.sampling.selection.engine import batches, name, stripped, texts

# More kinds of value than this are no code, whatever the plan says.
MOST_CODES = 1_000
# A code is what occurs, on average, at least so often a value.
LEAST_USES = 5
# Exact quantiles hold every value of a column in memory, so few columns at once.
_VALUES_AT_ONCE = 6_000_000
_POINTS = "[0.01, 0.25, 0.75, 0.99]"


@dataclass(frozen=True)
class Shape:
    """`values` are counted for codes alone; quantiles and extremes exist for numbers and dates."""

    attribute: ScopedAttribute
    sql_type: str
    filled: int
    listed: int = 0
    read: int = 0
    is_code: bool = False
    values: tuple[tuple[str, int], ...] = ()
    quantiles: Quantiles | None = None
    minimum: str = ""
    maximum: str = ""


def shapes_of(
    database: duckdb.DuckDBPyConnection,
    source: str,
    context: Context,
    types: dict[str, str],
    records: int,
) -> list[Shape]:
    found = []
    for attribute, row in zip(context.attributes, _counts(database, source, context), strict=True):
        filled, listed, read, kinds_of_value = row
        found.append((attribute, filled, listed, read, kinds_of_value))
    codes = [row[0] for row in found if _may_be_code(*row)]
    values = {each.column: _values(database, source, each) for each in codes}
    measured = [
        row[0]
        for row in found
        if is_typed(row[0]) and not row[0].is_key and row[3] and row[0].column not in values
    ]
    spreads = _spreads(database, source, context, measured, records)
    return [
        Shape(
            attribute=attribute,
            sql_type=types[attribute.number or attribute.date or attribute.column],
            filled=filled,
            listed=listed,
            read=read,
            is_code=attribute.column in values,
            values=values.get(attribute.column, ()),
            **spreads.get(attribute.column, {}),
        )
        for attribute, filled, listed, read, _ in found
    ]


def _counts(
    database: duckdb.DuckDBPyConnection, source: str, context: Context
) -> list[tuple[int, int, int, int]]:
    """Per attribute: filled, among its codes, readable, and about how many distinct texts."""
    found: list[tuple[int, int, int, int]] = []
    for some in batches(context.attributes, lambda each: each.column):
        columns = []
        for each in some:
            # Whether a number or date without codes is blank or only space decides nothing here.
            is_plain = is_typed(each) and not each.codes
            filled = name(each.column) if is_plain else stripped(each.column)
            listed = f"count(*) FILTER ({filled} IN {texts(each.codes)})" if each.codes else "0"
            read = f"count({raw_value(each)})" if is_typed(each) else "0"
            # The estimate only spares us counting names and free text; the exact count decides.
            about = "0" if is_typed(each) else f"approx_count_distinct({filled})"
            columns += [f"count({filled})", listed, read, about]
        row = database.execute(f"SELECT {', '.join(columns)} FROM {source}").fetchone()
        found += [tuple(row[at : at + 4]) for at in range(0, len(row), 4)]
    return found


def _may_be_code(
    attribute: ScopedAttribute, filled: int, listed: int, read: int, kinds_of_value: int
) -> bool:
    """A closed list, yes or no, or a text of few values; an amount with some codes is none."""
    if attribute.is_key or not filled:
        return False
    if attribute.data_type == "boolean" or (attribute.codes and 10 * listed >= 9 * filled):
        return True
    return not is_typed(attribute) and kinds_of_value <= 2 * MOST_CODES


def _values(
    database: duckdb.DuckDBPyConnection, source: str, attribute: ScopedAttribute
) -> tuple[tuple[str, int], ...]:
    """Values with their counts, rarest first; nothing when they are too many to be codes."""
    rows = database.execute(
        f"SELECT {stripped(attribute.column)} AS value, count(*) AS uses FROM {source} "
        f"WHERE value IS NOT NULL GROUP BY value ORDER BY uses, value LIMIT {MOST_CODES + 1}"
    ).fetchall()
    uses = sum(count for _, count in rows)
    if len(rows) > MOST_CODES or uses < LEAST_USES * len(rows):
        return ()
    return tuple(rows)


def _spreads(
    database: duckdb.DuckDBPyConnection,
    source: str,
    context: Context,
    attributes: Sequence[ScopedAttribute],
    records: int,
) -> dict[str, dict]:
    found: dict[str, dict] = {}
    size = max(1, _VALUES_AT_ONCE // max(records, 1))
    for at in range(0, len(attributes), size):
        found |= _spread(database, source, context, attributes[at : at + size])
    return found


def _spread(
    database: duckdb.DuckDBPyConnection,
    source: str,
    context: Context,
    attributes: Sequence[ScopedAttribute],
) -> dict[str, dict]:
    columns = []
    for each in attributes:
        value = usual_value(each)
        known = _known(context, each)
        columns += [f"min({value})", f"max({value})"]
        columns.append("NULL" if known else f"quantile_disc({value}, {_POINTS})")
    row = database.execute(f"SELECT {', '.join(columns)} FROM {source}").fetchone()
    found = {}
    for at, each in enumerate(attributes):
        low, high, points = row[3 * at : 3 * at + 3]
        if low is None:
            continue
        quantiles = _known(context, each) or Quantiles(*(str(point) for point in points))
        found[each.column] = {
            "quantiles": quantiles,
            "minimum": str(low),
            "maximum": str(high),
        }
    return found


def _known(context: Context, attribute: ScopedAttribute) -> Quantiles | None:
    """The profile's quantiles, unless codes among the numbers or dates for none distort them."""
    if attribute.codes or attribute.date:
        return None
    return context.quantiles.get(attribute.column)
