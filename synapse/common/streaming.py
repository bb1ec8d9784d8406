"""Long answers sent as they are made, whichever server asks for them."""

import contextlib
import csv
from collections.abc import AsyncIterator, Iterable, Iterator
from itertools import islice

from asgiref.sync import sync_to_async
from django.http import HttpRequest, StreamingHttpResponse

from synapse.common.spreadsheets import harmless

# Lines that are made and sent together.
TOGETHER = 1_000
# Makes spreadsheets read UTF-8.
MARK = "\ufeff"


class _Echo:
    def write(self, text: str) -> str:
        return text


def csv_lines(headings: list[str], rows: Iterable[Iterable]) -> Iterator[str]:
    """The lines of a CSV; a cell that a spreadsheet would run is marked as text."""
    writer = csv.writer(_Echo())
    yield MARK + writer.writerow(headings)
    for row in rows:
        yield writer.writerow([harmless(value) for value in row])


def csv_response(request: HttpRequest, name: str, lines: Iterator[str]) -> StreamingHttpResponse:
    """A file to take away. `lines` may take long, but must not need the database."""
    # Asked by an ASGI server, Django would gather a plain iterator in memory before it sends it.
    body = _awaited(lines) if hasattr(request, "scope") else _joined(lines)
    return StreamingHttpResponse(
        body,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _joined(lines: Iterator[str]) -> Iterator[str]:
    while some := list(islice(lines, TOGETHER)):
        yield "".join(some)


async def _awaited(lines: Iterator[str]) -> AsyncIterator[str]:
    with contextlib.closing(_joined(lines)) as batches:
        while batch := await sync_to_async(next, thread_sensitive=False)(batches, ""):
            yield batch
