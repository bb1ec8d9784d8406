"""The straight lines drawn on a page, which part the cells of its tables."""

from bisect import bisect_left

# Points: a rectangle that is thinner is a line.
THIN = 3.0


class Rulings:
    """Upright and level lines of what is drawn: (x0, y0, x1, y1, whether its outline is)."""

    def __init__(self, drawn: list[tuple[float, float, float, float, bool]]):
        upright, level = [], []
        for x0, y0, x1, y1, outlined in drawn:
            wide, high = x1 - x0 > THIN, y1 - y0 > THIN
            if high and not wide:
                upright.append(((x0 + x1) / 2, y0, y1))
            elif wide and not high:
                level.append(((y0 + y1) / 2, x0, x1))
            elif wide and outlined:  # the frame of a cell
                upright += [(x0, y0, y1), (x1, y0, y1)]
                level += [(y0, x0, x1), (y1, x0, x1)]
        self._upright, self._level = sorted(upright), sorted(level)

    def between_columns(self, left: float, right: float, y: float) -> bool:
        """Whether an upright line crosses the height y between two places."""
        return _crossed(self._upright, left, right, y)

    def between_lines(self, lower: float, upper: float, x: float) -> bool:
        return _crossed(self._level, lower, upper, x)


def _crossed(lines: list[tuple[float, float, float]], low: float, high: float, at: float) -> bool:
    place = bisect_left(lines, (low,))
    while place < len(lines) and lines[place][0] <= high:
        if lines[place][1] <= at <= lines[place][2]:
            return True
        place += 1
    return False
