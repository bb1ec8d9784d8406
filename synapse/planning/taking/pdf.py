"""The text of a PDF, page by page, without what its reader wouldn't see.

Runs in the child process alone: the library is native code, and the file anybody's. Notes and form
fields laid over a page aren't read. A font may still show another letter than the one it stands
for; the text is data, whatever it says.
"""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from synapse.planning.taking import layout, limits, sight
from synapse.planning.taking.cleaning import cleaned
from synapse.planning.taking.limits import Fault
from synapse.planning.taking.rulings import Rulings

# Of a letter's height: a gap that parts two columns where no line is drawn between them.
WIDE_GAP = 2.5
# Of a letter's size: a gap that is a space where none is written, between letters and others.
SPACE, SPACE_OF_OTHERS = 0.16, 0.3
# Points: a narrower gap is never looked at for a line between columns.
LEAST_GAP = 1.0
NESTED = 3


@dataclass(frozen=True)
class Style:
    """How one text object is drawn: mode, shade of grey (0 black), opacity (0 to 255), weight."""

    mode: int
    ink: int
    alpha: int
    bold: bool


@dataclass
class Piece:
    """Letters of one text object, one after the other on one line."""

    text: str
    style: Style
    box: list[float]
    size: float
    breaks: bool


def read(content: bytes, tell: Callable[[int, int], None]) -> tuple[list[str], int]:
    """The pages' texts and the number of characters left out as hidden.

    `tell(page, pages)` hears of each page that was read. Raises Fault.
    """
    document = _opened(content)
    count = len(document)
    if count > limits.PAGES:
        raise Fault("too_many_pages", found=count, limit=limits.PAGES)
    pages, hidden, characters = [], 0, 0
    for number in range(count):
        segments, left_out = _page(document, number)
        pages.append(segments)
        hidden += left_out
        characters += sum(len(segment.text) for segment in segments)
        if characters > limits.CHARACTERS:
            raise limits.too_long()
        tell(number + 1, count)
    look = layout.look(pages)
    return [layout.page_text(page, look) for page in pages], hidden


def _opened(content: bytes) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(content)
        if raw.FPDF_GetSecurityHandlerRevision(document) != -1 and not _may_be_copied(document):
            raise Fault("encrypted_document")
        return document
    except pdfium.PdfiumError as error:
        locked = raw.FPDF_GetLastError() in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        raise Fault("encrypted_document" if locked else "broken_document") from error


def _may_be_copied(document: pdfium.PdfDocument) -> bool:
    """Whether the file's owner lets its text be taken (bit 5 of its permissions)."""
    return bool(raw.FPDF_GetDocPermissions(document) & 0b10000)


def _page(document: pdfium.PdfDocument, number: int) -> tuple[list[layout.Segment], int]:
    try:
        page = document[number]
        letters = page.get_textpage()
    except pdfium.PdfiumError as error:
        raise Fault("broken_page", page=number + 1) from error
    drawing, rulings = sight.Drawing(page), _rulings(page)
    segments: list[layout.Segment] = []
    hidden, breaks = 0, False
    for piece in _pieces(letters, rulings):
        breaks = piece.breaks = piece.breaks or breaks
        if not _is_seen(piece, drawing):
            hidden += sum(not letter.isspace() for letter in piece.text)
        elif cleaned(piece.text):
            _add(segments, piece, rulings)
            breaks = False
    for segment in segments:
        segment.text = cleaned(segment.text)
    letters.close()
    page.close()
    return segments, hidden


def _rulings(page: pdfium.PdfPage) -> Rulings:
    if raw.FPDFPage_CountObjects(page) > limits.DRAWN:
        return Rulings([])
    paths = page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=NESTED)
    return Rulings([(*path.get_bounds(), _is_stroked(path)) for path in paths])


def _is_stroked(path: pdfium.PdfObject) -> bool:
    filled, stroked = ctypes.c_int(), ctypes.c_int()
    return bool(raw.FPDFPath_GetDrawMode(path, filled, stroked)) and bool(stroked.value)


def _is_seen(piece: Piece, drawing: sight.Drawing) -> bool:
    x0, y0, x1, y1 = piece.box
    style = piece.style
    if style.mode in sight.UNDRAWN or style.alpha < sight.LEAST_CONTRAST:
        return False
    if piece.size < sight.LEAST_SIZE or not piece.text.strip():
        return not piece.text.strip()
    return sight.stands_out(drawing.shades(x0, y0, x1, y1), style.ink)


def _add(segments: list[layout.Segment], piece: Piece, rulings: Rulings) -> None:
    x0, y0, x1, y1 = piece.box
    last = segments[-1] if segments else None
    middle = (y0 + y1) / 2
    if last and not piece.breaks and not _is_apart(last, piece, rulings):
        last.text += " " * _is_parted(last, piece) + piece.text
        last.x0, last.y0 = min(last.x0, x0), min(last.y0, y0)
        last.x1, last.y1 = max(last.x1, x1), max(last.y1, y1)
        last.bold = last.bold and piece.style.bold
        return
    ruled = bool(last) and rulings.between_lines(middle, last.y0, (x0 + x1) / 2)
    segments.append(
        layout.Segment(
            piece.text, x0, y0, x1, y1, piece.size, piece.style.bold, piece.breaks, ruled
        )
    )


def _is_parted(last: layout.Segment, piece: Piece) -> bool:
    ends, begins = last.text[-1], piece.text[0]
    least = SPACE if ends.isalpha() and begins.isalpha() else SPACE_OF_OTHERS
    return ends != " " and piece.box[0] - last.x1 > least * piece.size


def _is_apart(last: layout.Segment, piece: Piece, rulings: Rulings) -> bool:
    gap = piece.box[0] - last.x1
    if gap < LEAST_GAP:
        return False
    middle = (piece.box[1] + piece.box[3]) / 2
    return gap > WIDE_GAP * last.height or rulings.between_columns(
        last.x1 - 0.5, piece.box[0] + 0.5, middle
    )


def _pieces(letters: pdfium.PdfTextPage, rulings: Rulings) -> list[Piece]:
    """Cut where the object, the line or the column changes."""
    styles: dict[int, Style] = {}
    pieces: list[Piece] = []
    key, breaks = None, True
    for index in range(letters.count_chars()):
        letter = chr(raw.FPDFText_GetUnicode(letters, index))
        if letter in "\r\n":
            breaks = True
            continue
        if letter.isspace() or raw.FPDFText_IsGenerated(letters, index) == 1:
            if pieces and not breaks:
                pieces[-1].text += " "
            continue
        box = _box(letters, index)
        found = raw.FPDFText_GetTextObject(letters, index)
        drawn = ctypes.cast(found, ctypes.c_void_p).value or 0
        if drawn not in styles:
            styles[drawn] = _style(letters, index, found)
        last = pieces[-1] if pieces else None
        gap = box[0] - last.box[2] if last else 0
        if breaks or drawn != key or abs(gap) > LEAST_GAP and _is_gap(last, box, gap, rulings):
            pieces.append(Piece(letter, styles[drawn], box, _size(letters, index), breaks))
            key, breaks = drawn, False
            continue
        last.text += letter
        edges = last.box
        last.box = [
            min(edges[0], box[0]), min(edges[1], box[1]),
            max(edges[2], box[2]), max(edges[3], box[3]),
        ]  # fmt: skip
    return pieces


def _is_gap(last: Piece, box: list[float], gap: float, rulings: Rulings) -> bool:
    if gap < 0:
        return False
    middle = (box[1] + box[3]) / 2
    return gap > WIDE_GAP * last.size or rulings.between_columns(
        last.box[2] - 0.5, box[0] + 0.5, middle
    )


_EDGES = tuple(ctypes.c_double() for _ in range(4))


def _box(letters: pdfium.PdfTextPage, index: int) -> list[float]:
    left, right, bottom, top = _EDGES
    raw.FPDFText_GetCharBox(letters, index, left, right, bottom, top)
    return [left.value, bottom.value, right.value, top.value]


def _size(letters: pdfium.PdfTextPage, index: int) -> float:
    """Points, as drawn: the font's size times what its matrix makes of it."""
    matrix = raw.FS_MATRIX()
    size = raw.FPDFText_GetFontSize(letters, index)
    if raw.FPDFText_GetMatrix(letters, index, matrix):
        size *= (matrix.c**2 + matrix.d**2) ** 0.5
    return round(size, 1)


def _style(letters: pdfium.PdfTextPage, index: int, drawn) -> Style:
    red, green, blue, alpha = (ctypes.c_uint(255 * (place == 3)) for place in range(4))
    mode, name = 0, b""
    if drawn:
        mode = raw.FPDFTextObj_GetTextRenderMode(drawn)
        font = raw.FPDFTextObj_GetFont(drawn)
        if font:
            buffer = ctypes.create_string_buffer(128)
            raw.FPDFFont_GetBaseFontName(font, buffer, 128)
            name = buffer.value.lower()
    paint = raw.FPDFText_GetStrokeColor if mode in (1, 5) else raw.FPDFText_GetFillColor
    paint(letters, index, red, green, blue, alpha)
    ink = round(0.299 * red.value + 0.587 * green.value + 0.114 * blue.value)
    return Style(mode, ink, alpha.value, b"bold" in name or b"black" in name)
