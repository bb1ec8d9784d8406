"""Names of fields: two that stand in one cell, and equal ones told apart by their codes."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from synapse.planning.dictionary.fields import Field
from synapse.planning.dictionary.text import same_name

# “Field Name; (Technical Field Name)”: the heading says that its cells hold both.
_TWO = re.compile(
    r"(?i)\bname\b.*[(;/,\n]\s*(?:technical|short|system|physical|database|xml|db)\b.*"
)
_BOTH = re.compile(
    r"(?P<name>\S.*?)\s*(?:[;/\n]\s*\(?|\()\s*(?P<technical>[A-Za-z_][\w.#$-]*)\s*\)?",
    re.DOTALL,
)


def two_names(text: str, heading: str) -> tuple[str, str]:
    """The name and the technical name in a cell; no technical one unless the heading tells so."""
    found = _BOTH.fullmatch(text.strip()) if _TWO.search(heading) else None
    return (found["name"], found["technical"]) if found else (text, "")


def told_apart(fields: Sequence[Field]) -> list[Field]:
    """Fields of one name get their item codes (or technical names) behind it, if these differ."""
    count = Counter(same_name(field.name) for field in fields)
    twins = [field for field in fields if count[same_name(field.name)] > 1]
    for code in ("item_code", "technical_name"):
        codes = {(same_name(field.name), same_name(getattr(field, code))) for field in twins}
        if twins and len(codes) == len(twins) and all(own for _, own in codes):
            return [
                replace(
                    field,
                    name=f"{field.name} ({getattr(field, code)})",
                    notes=(*field.notes, "name shared by several, told apart by its code"),
                )
                if field in twins
                else field
                for field in fields
            ]
    return list(fields)
