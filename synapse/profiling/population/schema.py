"""What is known of a file of records: how it is read, its columns, its chunks and their results."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Protocol, Self

CSV, XLSX, PARQUET = "csv", "xlsx", "parquet"
RECORD_NO, LINE_NO = "record_no", "line_no"
NUMBER, DATE = "#number", "#date"
PART_RECORDS = 100_000
MAX_COLUMNS = 2_000


class AttributeLike(Protocol):
    """The part of a plan's attribute that reading needs."""

    pk: int
    position: int
    name: str
    technical_name: str
    item_code: str
    line: str
    format: str
    data_type: str
    length: int | None
    scale: int | None
    allowed_values: list


class _Json:
    """A dataclass that is kept as JSON; unknown names of an older state are passed over."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        known = {field.name for field in fields(cls)}
        return cls(**{name: _frozen(value) for name, value in data.items() if name in known})


def _frozen(value: Any) -> Any:
    return tuple(_frozen(entry) for entry in value) if isinstance(value, list) else value


@dataclass(frozen=True)
class Reading(_Json):
    """How a file is to be read; all of it detected, all but the facts changeable by the tester.

    `skip` counts the physical lines (rows of a sheet) above the headings or the first record,
    `trailer` those below the last record. `names` are the headings, or "Field 1" and so on.
    """

    kind: str
    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    header: bool = True
    skip: int = 0
    trailer: int = 0
    decimal: str = "."
    sheet: str = ""
    # Facts, told and not chosen.
    fields: int = 0
    names: tuple[str, ...] = ()
    sample: tuple[tuple[str, ...], ...] = ()
    sheets: tuple[str, ...] = ()
    skipped_lines: tuple[str, ...] = ()
    trailer_lines: tuple[str, ...] = ()
    newline: str = "\n"
    records: int | None = None
    notes: tuple[str, ...] = ()

    CHANGEABLE = (
        "encoding", "delimiter", "quote", "header", "skip", "trailer", "decimal", "sheet",
    )  # fmt: skip


@dataclass(frozen=True)
class Column(_Json):
    """One column of a population, and the attribute it holds.

    `name` is its name in Parquet and in rules; `number` and `date` name its typed companions,
    empty without one. `codes` are the listed values that no number, date or yes-or-no has to be.
    """

    position: int
    heading: str
    name: str
    attribute_id: int | None = None
    data_type: str = ""
    number: str = ""
    date: str = ""
    date_formats: tuple[str, ...] = ()
    precision: int = 38
    scale: int = 0
    codes: tuple[str, ...] = ()
    blank: int = 0
    unreadable: int = 0

    def counted(self, *, blank: int, unreadable: int) -> "Column":
        return replace(self, blank=blank, unreadable=unreadable)


@dataclass(frozen=True)
class Match(_Json):
    """The columns of a file beside the attributes of a plan, and where the two disagree."""

    columns: tuple[Column, ...]
    by: str  # "name" or "order"
    extra: tuple[str, ...] = ()  # headings without an attribute
    missing: tuple[int, ...] = ()  # attribute ids without a column
    duplicates: tuple[str, ...] = ()  # headings that name an attribute already taken
    out_of_order: tuple[str, ...] = ()  # headings that stand elsewhere than in the plan
    notes: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        match = super().from_json(data)
        return replace(match, columns=columns_from_json(data["columns"]))


@dataclass(frozen=True)
class Chunk(_Json):
    """A piece of a file of at most 100,000 records; `payload` says where it stands."""

    key: str
    label: str
    payload: Mapping[str, Any]


@dataclass(frozen=True)
class RejectedRow(_Json):
    """A record that can't be taken over: its text as far as it is readable, and the reason."""

    record_no: int
    line_no: int
    code: str
    reason: str
    text: str = ""


@dataclass(frozen=True)
class ChunkResult:
    """What one chunk held; `digest` is the sum of its records' digests as 32 hex digits."""

    rows: int
    rejected: tuple[RejectedRow, ...]
    rejected_count: int
    digest: str
    blank: Mapping[str, int]
    unreadable: Mapping[str, int]

    def facts(self) -> dict[str, Any]:
        """All but the rejected rows, as JSON; `combine` takes these too."""
        return {
            "rows": self.rows,
            "rejected_count": self.rejected_count,
            "digest": self.digest,
            "blank": dict(self.blank),
            "unreadable": dict(self.unreadable),
        }


@dataclass(frozen=True)
class Totals:
    """The whole population: `columns` carry the counts, `notes` what a tester should know."""

    rows: int
    rejected_count: int
    content_sha256: str
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = ()


def columns_from_json(data: Iterable[Mapping[str, Any]]) -> tuple[Column, ...]:
    return tuple(Column.from_json(entry) for entry in data)
