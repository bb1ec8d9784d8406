"""The columns of a population as rules see them, and the table that expressions stand on."""

from collections.abc import Iterable
from typing import Protocol

import ibis

RECORDS = "records"
RECORD_NO = "record_no"
LINE_NO = "line_no"
# Wide enough for any number of a report; exact, because money is never a float.
DECIMAL = "decimal(38, 10)"
NUMBER_TYPES = ("integer", "decimal")


class FileColumn(Protocol):
    """What a rule must know of a column; `codes`, where there are any, are its listed values."""

    name: str
    data_type: str
    number: str
    date: str


class Columns:
    """Columns by name, exactly as rules write it."""

    def __init__(self, columns: Iterable[FileColumn]) -> None:
        self.all = tuple(columns)
        self.by_name = {column.name: column for column in self.all}

    def __contains__(self, name: str) -> bool:
        return name in self.by_name

    def __getitem__(self, name: str) -> FileColumn:
        return self.by_name[name]

    def codes(self, name: str) -> tuple[str, ...]:
        return tuple(getattr(self.by_name[name], "codes", None) or ())

    def kind(self, name: str) -> str:
        """`number`, `date` or `text`: how the plan types the column."""
        data_type = self.by_name[name].data_type
        if data_type in NUMBER_TYPES:
            return "number"
        return "date" if data_type == "date" else "text"

    def table(self) -> ibis.Table:
        """The records as a table without a backend, so that it renders for any of them."""
        schema = {RECORD_NO: "int64", LINE_NO: "int64"}
        for column in self.all:
            schema[column.name] = "string"
            if column.number:
                schema[column.number] = DECIMAL
            if column.date:
                schema[column.date] = "date"
        return ibis.table(schema, name=RECORDS)
