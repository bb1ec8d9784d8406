"""A value of a record as text, number or date, with blank and unreadable told apart."""

from collections.abc import Sequence

import ibis
from ibis.expr.types import BooleanValue, Table, Value

from synapse.profiling.rulebook.columns import DECIMAL, Columns
from synapse.profiling.rulebook.dates import pattern_of

# What is at most 28 digits before and 10 behind the point is exact in the engine.
NUMBER = r"^[+-]?([0-9]{1,28}(\.[0-9]{0,10})?|\.[0-9]{1,10})$"


class Readings:
    """Expressions over one record; surrounding white space carries no meaning in a value."""

    careful = False

    def __init__(self, columns: Columns, table: Table | None = None) -> None:
        self.columns = columns
        self.table = columns.table() if table is None else table

    def text(self, name: str) -> Value:
        """The text as it stands in the file; NULL where there is none."""
        return self.table[name]

    def value(self, name: str) -> Value:
        return self.table[name].strip()

    def blank(self, name: str) -> BooleanValue:
        return self.table[name].isnull() | (self.value(name) == "")

    def number(self, name: str) -> Value:
        """The exact number; NULL where the text is none."""
        if companion := self.columns[name].number:
            return self.table[companion]
        value = self.value(name)
        return ibis.cases((value.re_search(NUMBER), value.cast(DECIMAL)), else_=ibis.null(DECIMAL))

    def date(self, name: str) -> Value:
        """The calendar day; NULL where the text is none."""
        if companion := self.columns[name].date:
            return self.table[companion]
        value = self.value(name)
        iso = ibis.cases(
            (
                value.re_search(full(pattern_of("YYYYMMDD"))),
                value.substr(0, 4) + "-" + value.substr(4, 2) + "-" + value.substr(6, 2),
            ),
            (value.re_search(full(pattern_of("YYYY-MM-DD"))), value),
            else_=ibis.null("string"),
        )
        return iso.cast("date")

    def listed(self, name: str) -> BooleanValue | None:
        """Whether the value is one of the codes that the plan lists for the column."""
        codes = self.columns.codes(name)
        return self.one_of(name, sorted({*codes})) if codes else None

    def one_of(self, name: str, values: Sequence[str]) -> BooleanValue:
        """Whether the value is one of some; NULL where there is no text."""
        return self.value(name).isin(values)


def full(pattern: str) -> str:
    """A pattern that must match the whole text."""
    return f"^(?:{pattern})$"
