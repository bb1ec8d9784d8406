"""Rows brought to the width of the headings, or refused."""

from synapse.planning.dictionary.table import Row, Table
from synapse.planning.errors import RaggedRows

TOLD = 20


def even_rows(table: Table, header: Row) -> tuple[tuple[Row, ...], list[Row]]:
    """The filled rows under the headings, all of one width, and the one-cell notes after them."""
    width = max((index + 1 for index, cell in enumerate(header.cells) if cell), default=0)
    start = table.rows.index(header) + 1
    below = [row for row in table.rows[start:] if not row.is_blank]
    notes: list[Row] = []
    if table.kind == "csv":
        while width > 2 and below and len(below[-1].cells) == 1:
            notes.append(below.pop())
        _refuse_ragged(table.file, below, width, len(header.cells))
    rows = tuple(Row(row.number, _fitted(row.cells, width)) for row in below)
    return tuple(row for row in rows if not row.is_blank), notes


def _fitted(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return (*cells[:width], *[""] * (width - len(cells)))


def _refuse_ragged(file: str, rows: list[Row], width: int, full: int) -> None:
    ragged = [row for row in rows if len(row.cells) < width or any(row.cells[full:])]
    if not ragged:
        return
    first = ragged[0]
    others = f" (and {len(ragged) - 1} more rows: {_told(ragged[1:])})" if len(ragged) > 1 else ""
    fault = RaggedRows(
        file=file, row=first.number, found=len(first.cells), expected=full, others=others
    )
    fault.errors = [
        {
            "pointer": f"/rows/{row.number}",
            "code": "ragged_row",
            "detail": f"Row {row.number} has {len(row.cells)} cells instead of {full}.",
        }
        for row in ragged[:TOLD]
    ]
    raise fault


def _told(rows: list[Row]) -> str:
    told = ", ".join(str(row.number) for row in rows[:5])
    return f"{told}, …" if len(rows) > 5 else told
