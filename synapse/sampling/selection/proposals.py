"""Which checks an attribute's description and the shape of its values suggest."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation

from synapse.sampling.selection import kinds
from synapse.sampling.selection.checks import Check, is_typed
from synapse.sampling.selection.context import Context, ScopedAttribute
from synapse.sampling.selection.shapes import Shape

# Usual and far fences of Tukey, as multiples of the distance between the quartiles.
FENCES = (Decimal("1.5"), Decimal(3))
RARE_USES, RARE_PER_MILLE = 2, 1


@dataclass
class Guess:
    """A check to count; of guesses with one `choice`, the first that hits few is taken."""

    check: Check
    choice: str = ""
    hits: int = 0


def proposals(context: Context, shapes: list[Shape], records: int) -> list[Guess]:
    judged = {
        (rule.attributes[0], kinds.JUDGED_BY_RULE[rule.kind])
        for rule in context.rules
        if rule.kind in kinds.JUDGED_BY_RULE and len(rule.attributes) == 1
    }
    found = [guess for shape in shapes for guess in _of(shape)]
    return [guess for guess in found if (guess.check.column, guess.check.kind) not in judged]


def _of(shape: Shape) -> Iterator[Guess]:
    attribute, column = shape.attribute, shape.attribute.column
    if attribute.mandatory or attribute.is_key:
        yield Guess(Check(column, kinds.MISSING))
    if is_typed(attribute):
        yield Guess(Check(column, kinds.UNREADABLE))
    if attribute.length and not is_typed(attribute):
        yield Guess(Check(column, kinds.TOO_LONG))
    if attribute.is_key:
        return
    if attribute.codes and 10 * shape.listed >= 9 * shape.filled:
        yield Guess(Check(column, kinds.UNLISTED))
    if shape.is_code:
        yield from _rare(shape)
    if is_typed(attribute):
        yield from _limits(shape)
    if shape.quantiles and not shape.is_code:
        yield from _outliers(shape)
        yield from _extremes(shape)
    if attribute.date and not shape.is_code:
        yield Guess(Check(column, kinds.SENTINEL))
        yield Guess(Check(column, kinds.MONTH_END))


def _rare(shape: Shape) -> Iterator[Guess]:
    """At most two uses, or fewer than one in a thousand of the filled values."""
    rare = [
        (value, uses)
        for value, uses in shape.values
        if uses <= RARE_USES or 1_000 * uses < RARE_PER_MILLE * shape.filled
    ]
    if rare and len(rare) < len(shape.values):
        values, counts = zip(*rare, strict=True)
        check = Check(shape.attribute.column, kinds.RARE, values=values, counts=counts)
        yield Guess(check, hits=sum(counts))


def _limits(shape: Shape) -> Iterator[Guess]:
    attribute = shape.attribute
    step = _step(shape)
    for side, stated in (("low", attribute.minimum), ("high", attribute.maximum)):
        if bound := _as_bound(attribute, stated):
            yield Guess(Check(attribute.column, kinds.BEYOND_LIMIT, **{side: bound}))
            yield Guess(Check(attribute.column, kinds.LIMIT, **{side: bound}, step=step))


def _extremes(shape: Shape) -> Iterator[Guess]:
    """The least and the greatest value, where they differ."""
    if shape.minimum != shape.maximum:
        for side, bound in (("low", shape.minimum), ("high", shape.maximum)):
            yield Guess(Check(shape.attribute.column, kinds.EXTREME, **{side: bound}))


def _outliers(shape: Shape) -> Iterator[Guess]:
    """Fences 1.5 and 3 quartile distances out, then the outermost hundredths beyond the latter."""
    for side in ("low", "high"):
        for bound in _fences(shape, side):
            check = Check(shape.attribute.column, kinds.OUTLIER, **{side: bound})
            yield Guess(check, choice=f"{shape.attribute.column} {side}")


def _fences(shape: Shape, side: str) -> list[str]:
    quantiles = shape.quantiles
    if shape.attribute.date and not shape.attribute.number:
        days = [_day(point).toordinal() for point in (quantiles.p01, quantiles.p25)]
        days += [_day(point).toordinal() for point in (quantiles.p75, quantiles.p99)]
        bounds = _three([Decimal(day) for day in days], side)
        last = date.max.toordinal()
        inside = [int(bound) for bound in bounds if 1 <= bound <= last]
        return [date.fromordinal(day).isoformat() for day in inside]
    points = [quantiles.p01, quantiles.p25, quantiles.p75, quantiles.p99]
    bounds = _three([Decimal(point) for point in points], side)
    texts = [f"{_on_grid(bound, _scale(shape.sql_type), side):f}" for bound in bounds]
    # A bound longer than any DECIMAL has nothing beyond it.
    return [text for text in texts if len(text.strip("-").replace(".", "")) <= 37]


def _three(points: list[Decimal], side: str) -> list[Decimal]:
    """No fence where the quartiles meet: everything but one value would lie outside."""
    p01, low, high, p99 = points
    if not (distance := high - low):
        return []
    if side == "low":
        fences = [low - factor * distance for factor in FENCES]
        return [*fences, min(fences[-1], p01)]
    fences = [high + factor * distance for factor in FENCES]
    return [*fences, max(fences[-1], p99)]


def _on_grid(bound: Decimal, scale: int, side: str) -> Decimal:
    """The same fence among the values the column can hold, so that no comparison rounds."""
    rounding = ROUND_CEILING if side == "low" else ROUND_FLOOR
    return bound.quantize(Decimal(1).scaleb(-scale), rounding=rounding)


def _scale(sql_type: str) -> int:
    if sql_type.startswith("DECIMAL("):
        return int(sql_type.rstrip(")").split(",")[1])
    return 0 if "INT" in sql_type else 9


def _step(shape: Shape) -> str:
    if shape.attribute.date and not shape.attribute.number:
        return "1"
    return f"{Decimal(1).scaleb(-_scale(shape.sql_type)):f}"


def _as_bound(attribute: ScopedAttribute, stated: str) -> str:
    """A stated limit as a number or ISO date; one that is neither limits nothing."""
    try:
        if attribute.number:
            value = Decimal(stated)
            return f"{value:f}" if value.is_finite() else ""
        return _day(stated).isoformat()
    except (InvalidOperation, ValueError):
        return ""


def _day(stated: str) -> date:
    if len(stated) == 8 and stated.isdigit():
        return datetime.strptime(stated, "%Y%m%d").date()
    return date.fromisoformat(stated[:10])
