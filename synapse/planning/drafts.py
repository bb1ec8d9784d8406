"""What the model drafted, held against the text it was drafted from."""

import re
from dataclasses import asdict, dataclass, field
from typing import Any

from synapse.planning.dictionary.data_types import resolve_type
from synapse.planning.dictionary.text import comparable, folded, same_name
from synapse.planning.quotes import locate
from synapse.planning.schemas import DraftedAttribute
from synapse.planning.specification import Part, heading_above

LEAST_QUOTE = 4
NAME_LIMIT = 500


@dataclass(frozen=True)
class Draft:
    """An attribute that may be taken: its quote occurs, at `line_number` of the document."""

    values: dict[str, Any]
    quote: str
    place: str
    line_number: int
    remark: str = ""


@dataclass(frozen=True)
class Refused:
    name: str
    quote: str
    place: str
    reason: str


@dataclass
class Checked:
    """One part's drafts after the check, with the calls that gave them."""

    drafts: list[Draft] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    call_id: int | None = None
    simulated: bool = False

    def join(self, other: "Checked") -> "Checked":
        return Checked(
            self.drafts + other.drafts,
            self.refused + other.refused,
            self.call_id or other.call_id,
            self.simulated or other.simulated,
        )


def check(part: Part, drafted: list[DraftedAttribute]) -> Checked:
    """Takes what the text bears out; refuses names it lacks and quotes that don't occur."""
    checked = Checked()
    words = f" {comparable(part.text)} "
    seen: set[str] = set()
    for attribute in drafted:
        name = folded(attribute.name)
        reason = _refusal(name, attribute.quote, part, words, seen)
        if reason:
            place = part.label
            checked.refused.append(
                Refused(name[:NAME_LIMIT] or "(no name)", attribute.quote, place, reason)
            )
            continue
        seen.add(same_name(name))
        checked.drafts.append(_draft(name, attribute, part))
    return checked


def _refusal(name: str, quote: str, part: Part, words: str, seen: set[str]) -> str:
    plain = comparable(name)
    if not plain:
        return "it has no name"
    if len(name) > NAME_LIMIT:
        return "its name is too long"
    if f" {plain} " not in words:
        return "the text doesn't have this name"
    if same_name(name) in seen:
        return "it was drafted twice"
    if len(quote.strip()) < LEAST_QUOTE:
        return "it has no quote"
    if locate(part.text, quote) is None:
        return "the quote doesn't occur in the text"
    return ""


def _draft(name: str, attribute: DraftedAttribute, part: Part) -> Draft:
    start, end = locate(part.text, attribute.quote)
    line_number = part.first_line + part.text.count("\n", 0, start)
    heading = heading_above(part, start)
    place = f"{heading}, line {line_number}" if heading else f"line {line_number}"
    dropped = _not_in_text(attribute, part)
    return Draft(
        values=_values(name, attribute, dropped),
        quote=part.text[start:end],
        place=place[:300],
        line_number=line_number,
        remark=f"left out, as the text doesn't have it: {', '.join(dropped)}" if dropped else "",
    )


def _values(name: str, attribute: DraftedAttribute, dropped: list[str]) -> dict[str, Any]:
    typed = resolve_type(
        format_text=attribute.format, type_text="", length_text="", scale_text="", codes=[]
    )
    data_type = attribute.data_type or typed.data_type
    values = asdict(_Values(name=name, data_type=data_type, length=typed.length))
    values["scale"] = typed.scale if data_type == "decimal" else None
    for key, limit in (("line", 60), ("technical_name", 500), ("item_code", 120)):
        values[key] = (
            "" if key.replace("_", " ") in dropped else folded(getattr(attribute, key))[:limit]
        )
    values["format"] = folded(attribute.format)[:500]
    values["requirement"] = attribute.requirement
    values["description"] = folded(attribute.description)
    values["allowed_values"] = [
        {"code": folded(code.code), "meaning": folded(code.meaning)}
        for code in attribute.allowed_values
        if f"code {code.code}" not in dropped and code.code.strip()
    ]
    return values


@dataclass(frozen=True)
class _Values:
    name: str
    data_type: str
    length: int | None


def _not_in_text(attribute: DraftedAttribute, part: Part) -> list[str]:
    """Details that the part doesn't hold: an invented code is worse than none."""
    dropped = [
        key.replace("_", " ")
        for key in ("line", "technical_name", "item_code")
        if getattr(attribute, key).strip() and not _holds(part.text, getattr(attribute, key))
    ]
    codes = [code.code for code in attribute.allowed_values if not _holds(part.text, code.code)]
    return dropped + [f"code {code}" for code in codes]


def _holds(text: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word.strip())}(?!\w)", text) is not None
