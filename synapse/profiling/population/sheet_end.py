"""The end of a large sheet, shown without reading all the rows before it: these take minutes."""

import io
import re
from typing import Any

PIECE = 1 << 20
_DATA = re.compile(rb"<sheetData\b[^>]*>")
_ROW = re.compile(rb'<row\b[^>]*?\br="(\d+)"')


def show_end(page: Any, size: int) -> int | None:
    """Leaves a sheet opened to be read with its head and the rows of its last `size` bytes.

    Answers the number of the first of these; None, and all rows as they were, where the sheet is
    written otherwise than usual.
    """
    start = end = b""
    with page.parent._archive.open(page._worksheet_path) as stream:
        while piece := stream.read(PIECE):
            start = start or piece
            end = (end + piece)[-size:]
    data, row = _DATA.search(start), _ROW.search(end)
    if not data or not row:
        return None
    text = start[: data.end()] + end[row.start() :]
    page._get_source = lambda: io.BytesIO(text)
    return int(row[1])


def show_all(page: Any) -> None:
    page.__dict__.pop("_get_source", None)
