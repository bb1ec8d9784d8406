"""One row of a dictionary as a field."""

import re
from dataclasses import dataclass, field, replace

from synapse.planning.dictionary.codes import (
    Code,
    parse_codes,
    parse_codes_in_prose,
    parse_plain_codes,
    parse_quoted_codes,
)
from synapse.planning.dictionary.data_types import resolve_type
from synapse.planning.dictionary.keys import key_mark
from synapse.planning.dictionary.requirements import is_yes, parse_nullable, parse_requirement
from synapse.planning.dictionary.text import folded

FORMAT_LIMIT = 500
# Of allowed values, as much as tells a type where no other column does.
FALLBACK = 120
_ELSEWHERE = re.compile(
    r"(?i)\b(?:see|refer|below|above|instructions?|description|definition|n/?a)\b"
)
# “'NEWT' - New, 'CANC' - Cancellation”: a list where others have a format.
_QUOTED = re.compile(r"['\"‘“]\w+['\"’”]\s*[-–=:]")


@dataclass(frozen=True)
class Field:
    """A field as read; `notes` are what a tester should look at before relying on it."""

    row: int
    name: str
    technical_name: str = ""
    line: str = ""
    item_code: str = ""
    format: str = ""
    data_type: str = ""
    length: int | None = None
    scale: int | None = None
    requirement: str = ""
    static_dynamic: str = ""
    description: str = ""
    allowed_values: list[dict[str, str]] = field(default_factory=list)
    is_key: bool = False
    key_proposed: bool = False
    is_cde: bool = False
    notes: tuple[str, ...] = ()

    def with_key(self) -> "Field":
        return replace(self, is_key=True, key_proposed=True)


def build_field(row: int, cells: dict[str, str]) -> Field:
    """`cells` is role -> text with its line breaks, the name already settled."""
    name, name_marked = key_mark(folded(cells["name"]))
    technical, technical_marked = key_mark(folded(cells.get("technical_name", "")))
    codes = _codes(cells)
    typed = resolve_type(
        # The meanings of codes tell no type.
        format_text="" if parse_quoted_codes(cells.get("format", "")) else cells.get("format", ""),
        type_text=cells.get("data_type", ""),
        length_text=cells.get("length", ""),
        scale_text=cells.get("scale", ""),
        codes=codes,
        example=cells.get("example", ""),
        fallback="" if codes else folded(cells.get("allowed_values", ""))[:FALLBACK],
    )
    requirement, doubt = _requirement(cells)
    notes = [doubt] if doubt else []
    if typed.inferred:
        notes.append(f"type concluded from {typed.inferred}")
    elif not typed.data_type:
        notes.append("type not stated")
    return Field(
        row=row,
        name=name,
        technical_name=technical[:500],
        line=folded(cells.get("line", ""))[:60],
        item_code=folded(cells.get("item_code", ""))[:120],
        format=_format_text(cells, codes),
        data_type=typed.data_type,
        length=typed.length,
        scale=typed.scale,
        requirement=requirement,
        static_dynamic=_static_dynamic(cells.get("static_dynamic", "")),
        description=folded(cells.get("description", "")),
        allowed_values=[{"code": code.code, "meaning": code.meaning} for code in codes],
        is_key=name_marked or technical_marked or is_yes(cells.get("key", "")),
        is_cde=is_yes(cells.get("cde", "")),
        notes=tuple(notes),
    )


def _codes(cells: dict[str, str]) -> list[Code]:
    """From the column meant for them; from the description if that column is silent."""
    allowed = cells.get("allowed_values", "")
    found = parse_codes(allowed)
    if not found and (not allowed or _ELSEWHERE.search(allowed)):
        found = parse_codes_in_prose(cells.get("description", ""))
    found = found or parse_quoted_codes(cells.get("format", ""))
    written = folded(cells.get("format", ""))
    if not found and _QUOTED.match(written):
        found = parse_codes(written)
    return found or parse_plain_codes(written)


def _requirement(cells: dict[str, str]) -> tuple[str, str]:
    said = folded(cells.get("requirement", ""))
    requirement = parse_requirement(said)
    if not requirement and cells.get("nullable"):
        requirement = parse_nullable(cells["nullable"])
    doubt = f"requirement “{said}” not understood" if said and not requirement else ""
    return requirement, doubt


def _format_text(cells: dict[str, str], codes: list[Code]) -> str:
    """The format as the dictionary words it: all of its columns, in one line.

    Allowed values that are no list tell how a value is written, or its limits.
    """
    parts = [folded(cells.get(role, "")).strip(" /") for role in ("data_type", "length", "format")]
    kept = [part for part in parts if part]
    if cells.get("scale") and kept:
        kept.append(f"{folded(cells['scale'])} decimals" if cells["scale"].isdigit() else "")
    if not codes:
        kept.append(folded(cells.get("allowed_values", "")))
    text = " / ".join(dict.fromkeys(filter(None, kept)))
    return text if len(text) <= FORMAT_LIMIT else text[: FORMAT_LIMIT - 1] + "…"


def _static_dynamic(text: str) -> str:
    said = text.strip().lower()
    if re.match(r"s(?:tatic)?\b", said):
        return "static"
    return "dynamic" if re.match(r"d(?:ynamic)?\b", said) else ""
