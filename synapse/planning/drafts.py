"""What the model drafted, held against the text it was drafted from."""

import re
from dataclasses import dataclass, field
from typing import Any

from synapse.planning.consistency import agreeing
from synapse.planning.dictionary.text import comparable, folded, same_name
from synapse.planning.quotes import locate, locate_name
from synapse.planning.schemas import DraftedAttribute
from synapse.planning.specification import Part, heading_above

LEAST_QUOTE = 4
NAME_LIMIT = 500
QUOTE_LIMIT = 2_000
PLACE_LIMIT = 300
REMARK_LIMIT = 1_000
LIMITS = {"line": 60, "technical_name": 500, "item_code": 120, "format": 500}
NO_QUOTE = "the model gave no quote"
NOT_THERE = "the quote doesn't occur in the text"


@dataclass(frozen=True)
class Draft:
    """An attribute that may be taken, with its place in the document.

    Its quote occurs at `start` (characters from 0); one whose quote doesn't has a `fault` that
    says so, no `start`, and the line and page of its name.
    """

    values: dict[str, Any]
    quote: str
    place: str
    line_number: int
    start: int | None = None
    page: int | None = None
    fault: str = ""
    remark: str = ""
    call_id: int | None = None
    simulated: bool = False


@dataclass(frozen=True)
class Refused:
    name: str
    quote: str
    place: str
    reason: str
    call_id: int | None = None


@dataclass
class Checked:
    """The drafts of one part after the check; each knows the call that gave it."""

    drafts: list[Draft] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    def join(self, other: "Checked") -> "Checked":
        return Checked(self.drafts + other.drafts, self.refused + other.refused)


def check(
    part: Part,
    drafted: list[DraftedAttribute],
    *,
    call_id: int | None = None,
    simulated: bool = False,
) -> Checked:
    """Takes each name that the text has, marked where its quote doesn't occur; refuses others."""
    checked = Checked()
    words = f" {comparable(part.text)} "
    seen: set[str] = set()
    for attribute in drafted:
        name = folded(attribute.name)
        reason = _refusal(name, words, seen)
        if reason:
            told = name[:NAME_LIMIT] or "(no name)"
            quote = attribute.quote[:QUOTE_LIMIT]
            checked.refused.append(Refused(told, quote, part.label, reason, call_id))
            continue
        seen.add(same_name(name))
        checked.drafts.append(_draft(name, attribute, part, call_id, simulated))
    return checked


def _refusal(name: str, words: str, seen: set[str]) -> str:
    plain = comparable(name)
    if not plain:
        return "it has no name"
    if len(name) > NAME_LIMIT:
        return "its name is too long"
    if f" {plain} " not in words:
        return "the text doesn't have this name"
    if same_name(name) in seen:
        return "it was drafted twice"
    return ""


def _draft(
    name: str, attribute: DraftedAttribute, part: Part, call_id: int | None, simulated: bool
) -> Draft:
    found = locate(part.text, attribute.quote)
    fault = ""
    if len(attribute.quote.strip()) < LEAST_QUOTE:
        found, fault = None, NO_QUOTE
    elif found is None:
        fault = NOT_THERE
    shown = found or locate_name(part.text, name) or (0, 0)
    dropped = _not_in_text(attribute, part)
    values, contradicted = _values(name, attribute, dropped)
    return Draft(
        values=values,
        quote=part.text[slice(*found)] if found else attribute.quote.strip()[:QUOTE_LIMIT],
        place=place_of(part, shown[0]),
        line_number=part.line_at(shown[0]),
        start=part.start + found[0] if found else None,
        page=part.page_at(shown[0]),
        fault=fault,
        remark=_remark(dropped, contradicted),
        call_id=call_id,
        simulated=simulated,
    )


def place_of(part: Part, offset: int) -> str:
    """Heading, page and line of a character of the part, as people name a place."""
    page = part.page_at(offset)
    told = [
        heading_above(part, offset)[: PLACE_LIMIT // 2],
        "" if page is None else f"page {page}",
        f"line {part.line_at(offset)}",
    ]
    return ", ".join(filter(None, told))


def _values(
    name: str, attribute: DraftedAttribute, dropped: list[str]
) -> tuple[dict[str, Any], list[str]]:
    """The attribute's values, and remarks about what contradicted the rest."""
    codes = [
        {"code": folded(code.code), "meaning": folded(code.meaning)}
        for code in attribute.allowed_values
        if f"code {code.code}" not in dropped and code.code.strip()
    ]
    details = agreeing(
        data_type=attribute.data_type,
        format=folded(attribute.format),
        allowed_values=codes,
    )
    remarks = list(details.remarks)
    values = {
        "name": name,
        "data_type": details.data_type,
        "length": details.length,
        "scale": details.scale,
        "requirement": attribute.requirement,
        "description": folded(attribute.description),
        "allowed_values": details.allowed_values,
    }
    for key, limit in LIMITS.items():
        said, text = key.replace("_", " "), folded(getattr(attribute, key))
        if len(text) > limit:
            remarks.append(f"left out: {said}, being longer than {limit} characters")
        values[key] = "" if said in dropped or len(text) > limit else text
    return values, remarks


def _remark(dropped: list[str], contradicted: list[str]) -> str:
    told = [f"left out, as the text doesn't have it: {', '.join(dropped)}"] if dropped else []
    return "; ".join([*told, *contradicted])[:REMARK_LIMIT]


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
