"""How a call's outcome, figures and texts are spoken."""

import json
from decimal import Decimal

from django import template

from llm.answering import Change, change_of
from llm.models import LLMCall

register = template.Library()

Outcome = LLMCall.Outcome
TONES = {Outcome.OK: "ok", Outcome.OPEN: "accent", Outcome.CANCELLED: ""}


@register.filter
def outcome_tone(call: LLMCall) -> str:
    """The colour of its tag: what gave no valid answer is bad, or a warning if it may pass."""
    if call.outcome in (Outcome.RATE_LIMITED, Outcome.TIMEOUT, Outcome.LOST):
        return "warn"
    return TONES.get(call.outcome, "bad")


@register.filter
def seconds(milliseconds: int | None) -> str:
    """ "0.42 s", "12.3 s"; empty where it isn't known."""
    if milliseconds is None:
        return ""
    took = milliseconds / 1000
    return f"{took:.2f} s" if took < 10 else f"{took:.1f} s"


@register.filter
def money(amount: Decimal | None) -> str:
    """With four places; more for what would else read as nothing."""
    if amount is None:
        return ""
    return f"{amount:,.4f}" if not amount or amount >= Decimal("0.0001") else f"{amount:.6f}"


@register.filter
def share(value: float | None) -> str:
    """A part of a whole as "12 %"; small ones keep a place: "0.4 %"."""
    if value is None:
        return ""
    percent = value * 100
    return f"{percent:.1f} %" if 0 < percent < 10 else f"{percent:.0f} %"


@register.filter
def of(names: dict, key) -> str:
    """What the key is called, the key itself where it has no name."""
    return names.get(key, "" if key is None else key)


@register.filter
def change_in(call: LLMCall, changes: list[Change]) -> Change | None:
    """What brought in the model that answered, where its name was another model's before."""
    return change_of(call, changes)


@register.filter
def pretty(value) -> str:
    """JSON as a person reads it: indented, and exact in its numbers."""
    return json.dumps(value, indent=2, ensure_ascii=False)


@register.filter
def said(payload) -> list[tuple[str, str]]:
    """Messages as (who, text), for reading; nothing where they have another shape."""
    if not isinstance(payload, list):
        return []
    return [
        (str(each.get("role", "")), str(each.get("content") or ""))
        for each in payload
        if isinstance(each, dict)
    ]
