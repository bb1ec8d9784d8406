"""Whether a reader sees a piece of text on its page: it is held against the page as drawn."""

from collections.abc import Sequence

# Points; smaller letters nobody reads.
LEAST_SIZE = 1.5
# Of 255 shades of grey: what differs less isn't told apart.
LEAST_CONTRAST = 16
LIGHT = 200
# Modes in which text isn't drawn: invisible, and as a clipping path alone.
UNDRAWN = {3, 7}
# Pixels of a page at most: one as large as a poster is drawn smaller.
PIXELS = 4_000_000


def stands_out(shades: Sequence[int], ink: int) -> bool:
    """Whether text of a shade can be read where the page shows these shades.

    Light text is read only on what is darker, whatever else is drawn over it: most of a letter's
    box is its ground. Dark text is drawn solid at times, so any contrast will do.
    """
    if not shades:
        return False
    if ink >= LIGHT:
        return abs(sorted(shades)[len(shades) // 2] - ink) >= LEAST_CONTRAST
    return max(shades) - min(shades) >= LEAST_CONTRAST


class Drawing:
    """One page in shades of grey, drawn once it is asked about."""

    def __init__(self, page):
        self._page = page
        self._bitmap = None

    def shades(self, x0: float, y0: float, x1: float, y1: float) -> bytes:
        """Those within a box given in points, a pixel wider each way; none outside the page."""
        if self._bitmap is None:
            width, height = self._page.get_size()
            scale = min(1.5, (PIXELS / max(width * height, 1)) ** 0.5)
            self._bitmap = self._page.render(scale=scale, grayscale=True)
            self._convert = self._bitmap.get_posconv(self._page)
            self._pixels = bytes(self._bitmap.buffer)
        ends = [self._convert.to_bitmap(x, y) for x, y in ((x0, y0), (x1, y1))]
        (left, right), (top, bottom) = (sorted(pair) for pair in zip(*ends, strict=True))
        left, right = max(left - 1, 0), min(right + 2, self._bitmap.width)
        top, bottom = max(top - 1, 0), min(bottom + 2, self._bitmap.height)
        stride = self._bitmap.stride
        return b"".join(
            self._pixels[line * stride + left : line * stride + right]
            for line in range(top, bottom)
            if left < right
        )
