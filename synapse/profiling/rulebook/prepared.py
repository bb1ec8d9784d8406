"""The readings of a record as the engine here is quickest at, with the same results."""

from collections.abc import Sequence

import ibis
from ibis.expr.types import BooleanValue, Table

from synapse.profiling.rulebook.columns import Columns
from synapse.profiling.rulebook.engine import rendered
from synapse.profiling.rulebook.groups import free_names
from synapse.profiling.rulebook.readings import Readings

# The first character above white space: a text that starts with it or a later one isn't blank.
ABOVE_SPACE = "!"


class PreparedReadings(Readings):
    """Whether a value is blank is found once a column, under all rules, and trimmed only at need.

    `careful` readings take it that a relation may break the engine, and are slower.
    """

    def __init__(self, columns: Columns, *, careful: bool = False) -> None:
        super().__init__(columns)
        self.careful = careful
        self._plain = self.table
        names = free_names(self._plain)
        self._blanks = {column.name: next(names) for column in columns.all}
        schema = {**self._plain.schema(), **dict.fromkeys(self._blanks.values(), "boolean")}
        self.table = ibis.table(schema, name=next(names))

    def blank(self, name: str) -> BooleanValue:
        return self.table[self._blanks[name]]

    def one_of(self, name: str, values: Sequence[str]) -> BooleanValue:
        return ibis.cases((self.table[name].isin(values), True), else_=super().one_of(name, values))

    def sql(self, told: Table) -> str:
        """A query over these readings as one over the records of the file."""
        plain = Readings(self.columns)
        blanks = {
            called: ibis.cases((self._plain[name] >= ABOVE_SPACE, False), else_=plain.blank(name))
            for name, called in self._blanks.items()
        }
        inner = rendered(self._plain.mutate(**blanks))
        return f'WITH "{self.table.get_name()}" AS NOT MATERIALIZED ({inner}) {rendered(told)}'
