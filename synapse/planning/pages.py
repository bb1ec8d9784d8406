"""Pages of a text that was taken out of a document with pages, as such texts mark them."""

import re

# A form feed before each page but the first, or a line such as “[page 12]” or “== PDF page 12 ==”.
_MARK = re.compile(
    r"\f|^[ \t]*(?:\[|[=-]{2,})[ \t]*(?:PDF[ \t]+)?page[ \t]+(\d{1,6})[ \t]*(?:\]|[=-]{2,})[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)


def page_after(page: int | None, text: str, start: int, end: int) -> int | None:
    """The page of the character at `end`, when that at `start` is on `page` (None: not told)."""
    for mark in _MARK.finditer(text, start, end):
        page = int(mark[1]) if mark[1] else (page or 1) + 1
    return page
