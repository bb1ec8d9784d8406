"""Reasons and rationales in words, from facts of the record alone."""

from collections.abc import Sequence
from decimal import Decimal

from synapse.sampling.selection import kinds
from synapse.sampling.selection.checks import Check
from synapse.sampling.selection.context import ScopedAttribute
from synapse.sampling.selection.outcome import Reason
from synapse.sampling.selection.slots import Slot

LONGEST_VALUE = 60
MOST_TOLD = 5
_ARTICLES = {
    kinds.ANOMALY: "an anomaly",
    kinds.BOUNDARY: "a boundary record",
    kinds.CLEAN: "a clean record",
}


def reason_of(slot: Slot, attribute: ScopedAttribute, value: str, records: int) -> Reason:
    told = (
        _rule_text(slot, attribute) if slot.rule else _text(slot.check, attribute, value, records)
    )
    return Reason(
        attribute=attribute.column,
        kind=slot.kind,
        strength=Decimal(slot.tenths).scaleb(-1),
        text=told,
        rule_id=slot.rule.rule_id if slot.rule else "",
        value=value,
    )


def rationale_of(category: str, reasons: Sequence[Reason], because: str) -> str:
    """One sentence on what the record is, and one on how it came into the sample."""
    kind = _ARTICLES[category]
    if not reasons:
        what = f"This is {kind}: no attribute in scope gives a reason to doubt it"
    else:
        texts = list(dict.fromkeys(reason.text for reason in reasons))
        told = "; ".join(texts[:MOST_TOLD])
        more = len(texts) - MOST_TOLD
        what = f"This is {kind}: {told}" + (f"; and {more} more reasons" if more > 0 else "")
    return f"{what}. {because}."


def _rule_text(slot: Slot, attribute: ScopedAttribute) -> str:
    rule = slot.rule
    told = f": “{rule.sentence.rstrip('.')}”" if rule.sentence else ""
    return f"{attribute.label} fails rule {rule.rule_id} ({rule.severity}){told}"


def _text(check: Check, attribute: ScopedAttribute, value: str, records: int) -> str:
    return f"{attribute.label} {_SAID[check.kind](check, attribute, value.strip(), records)}"


def _quoted(value: str) -> str:
    short = value if len(value) <= LONGEST_VALUE else f"{value[: LONGEST_VALUE - 1]}…"
    return f"'{short}'"


def _bound(check: Check) -> str:
    """A bound without the zeros that only fill up its decimal places."""
    bound = check.low or check.high
    return bound.rstrip("0").rstrip(".") if "." in bound else bound


def _uses(check: Check, value: str) -> int:
    return dict(zip(check.values, check.counts, strict=True))[value]


def _rare(check: Check, attribute: ScopedAttribute, value: str, records: int) -> str:
    uses = _uses(check, value)
    noun = "record" if uses == 1 else "records"
    return f"{_quoted(value)} occurs in {uses:,} {noun} of {records:,} only"


def _beyond(word: str):
    def said(check: Check, attribute: ScopedAttribute, value: str, records: int) -> str:
        side = "below" if check.low else "above"
        return f"{_quoted(value)} is {side} {word} {_bound(check)}"

    return said


def _extreme(check: Check, attribute: ScopedAttribute, value: str, records: int) -> str:
    if attribute.date and not attribute.number:
        word = "earliest" if check.low else "latest"
    else:
        word = "lowest" if check.low else "highest"
    return f"{_quoted(value)} is the {word} value of the population"


def _unlisted(check: Check, attribute: ScopedAttribute, value: str, records: int) -> str:
    return f"{_quoted(value)} is not among the {len(attribute.codes):,} values listed for it"


def _unreadable(check: Check, attribute: ScopedAttribute, value: str, records: int) -> str:
    return f"{_quoted(value)} can't be read as a {'number' if attribute.number else 'date'}"


_SAID = {
    kinds.MISSING: lambda check, attribute, value, records: (
        "is blank although it is part of the key"
        if attribute.is_key
        else "is blank although it is mandatory"
    ),
    kinds.UNREADABLE: _unreadable,
    kinds.UNLISTED: _unlisted,
    kinds.TOO_LONG: lambda check, attribute, value, records: (
        f"{_quoted(value)} has {len(value):,} characters, more than the planned "
        f"{attribute.length:,}"
    ),
    kinds.BEYOND_LIMIT: _beyond("its limit of"),
    kinds.OUTLIER: _beyond("the usual range that ends at"),
    kinds.SENTINEL: lambda check, attribute, value, records: (
        f"{_quoted(value)} is a date that stands for none"
    ),
    kinds.RARE: _rare,
    kinds.LIMIT: lambda check, attribute, value, records: (
        f"{_quoted(value)} lies at its limit of {_bound(check)}"
    ),
    kinds.EXTREME: _extreme,
    kinds.MONTH_END: lambda check, attribute, value, records: (
        f"{_quoted(value)} is the last day of a month"
    ),
}
