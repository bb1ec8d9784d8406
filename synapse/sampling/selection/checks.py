"""Checks of single values that give a record a reason, as data and as SQL conditions."""

from dataclasses import asdict, dataclass
from typing import Any

from synapse.sampling.selection import kinds
from synapse.sampling.selection.context import ScopedAttribute
from synapse.sampling.selection.engine import name, stripped, text, texts

# Days before 1901 and from 9999 on stand for no day.
SENTINELS = "{value} < DATE '1901-01-01' OR {value} >= DATE '9999-01-01'"


@dataclass(frozen=True)
class Check:
    """One kind of reason on one attribute; the bound is below (`low`) or above (`high`)."""

    column: str
    kind: str
    low: str = ""
    high: str = ""
    step: str = ""
    values: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()
    hits: int = 0

    @property
    def side(self) -> str:
        return "low" if self.low else "high" if self.high else ""

    def as_json(self) -> dict[str, Any]:
        return {word: value for word, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Check":
        lists = {word: tuple(data.get(word, ())) for word in ("values", "counts")}
        return cls(**{**data, **lists})


def is_typed(attribute: ScopedAttribute) -> bool:
    return bool(attribute.number or attribute.date)


def raw_value(attribute: ScopedAttribute) -> str:
    return name(attribute.number or attribute.date)


def usual_value(attribute: ScopedAttribute) -> str:
    """The number or date, NULL for a listed code or a date that stands for none."""
    value = raw_value(attribute)
    unless = []
    if attribute.codes:
        unless.append(f"{stripped(attribute.column)} IN {texts(attribute.codes)}")
    if attribute.date and not attribute.number:
        unless.append(SENTINELS.format(value=value))
    if not unless:
        return value
    return f"CASE WHEN {' OR '.join(unless)} THEN NULL ELSE {value} END"


def condition(check: Check, attribute: ScopedAttribute) -> str:
    """What is true of a record that the check hits; never NULL."""
    return f"coalesce({_CONDITIONS[check.kind](check, attribute)}, false)"


def _bound(attribute: ScopedAttribute, value: str) -> str:
    return value if attribute.number else f"DATE {text(value)}"


def _beyond(check: Check, attribute: ScopedAttribute) -> str:
    value = usual_value(attribute)
    if check.low:
        return f"({value}) < {_bound(attribute, check.low)}"
    return f"({value}) > {_bound(attribute, check.high)}"


def _near(check: Check, attribute: ScopedAttribute) -> str:
    """At a stated limit or one step inside it."""
    value, step = usual_value(attribute), check.step
    bound = _bound(attribute, check.low or check.high)
    if check.low:
        return f"({value}) BETWEEN {bound} AND {bound} + {step}"
    return f"({value}) BETWEEN {bound} - {step} AND {bound}"


def _equal(check: Check, attribute: ScopedAttribute) -> str:
    return f"({usual_value(attribute)}) = {_bound(attribute, check.low or check.high)}"


def _unlisted(check: Check, attribute: ScopedAttribute) -> str:
    # Most values are codes as they stand, and CASE strips only the others.
    codes = texts(attribute.codes)
    other = f"{stripped(attribute.column)} NOT IN {codes}"
    return f"CASE WHEN {name(attribute.column)} IN {codes} THEN false ELSE {other} END"


def _unreadable(check: Check, attribute: ScopedAttribute) -> str:
    filled = f"{stripped(attribute.column)} IS NOT NULL"
    if attribute.codes:
        filled = _unlisted(check, attribute)
    # Hardly any value is unread, and CASE asks only those whether they are blank.
    return f"CASE WHEN {raw_value(attribute)} IS NULL THEN {filled} ELSE false END"


def _sentinel(check: Check, attribute: ScopedAttribute) -> str:
    years = f"({SENTINELS.format(value=raw_value(attribute))})"
    return f"{years} AND {_unlisted(check, attribute)}" if attribute.codes else years


def _month_end(check: Check, attribute: ScopedAttribute) -> str:
    value = f"({usual_value(attribute)})"
    return f"{value} = last_day({value})"


_CONDITIONS = {
    kinds.MISSING: lambda check, attribute: f"{stripped(attribute.column)} IS NULL",
    kinds.UNREADABLE: _unreadable,
    kinds.UNLISTED: _unlisted,
    kinds.TOO_LONG: lambda check, attribute: (
        f"length({stripped(attribute.column)}) > {attribute.length:d}"
    ),
    kinds.BEYOND_LIMIT: _beyond,
    kinds.OUTLIER: _beyond,
    kinds.SENTINEL: _sentinel,
    kinds.RARE: lambda check, attribute: f"{stripped(attribute.column)} IN {texts(check.values)}",
    kinds.LIMIT: _near,
    kinds.EXTREME: _equal,
    kinds.MONTH_END: _month_end,
}
