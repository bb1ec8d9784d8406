"""Which fields identify a record: flagged as such, else proposed from names and wording."""

import re
from collections.abc import Sequence
from typing import Protocol

_MARK = re.compile(r"\s*[\[(]\s*(?:pk|primary key|key|p\.k\.)\s*\d*\s*[\])]", re.IGNORECASE)
_STRONG = re.compile(
    r"(?i)\b(?:(?:loan|account|reference|facility|record|transaction|contract|application|policy|"
    r"deal|obligation|exposure|instrument|trade|customer|obligor|borrower)\s*(?:id|identifier|"
    r"identification|number|no|num|key|reference)|universal loan identifier|"
    r"legal entity identifier|primary key|lei|uli)\b"
)
_PLAUSIBLE = re.compile(
    r"(?i)\b(?:id|identifier|key|uid|uuid|rssd(?: id)?)\b|\bid$"
    r"|^(?:reporting |as of )?(?:period|period end date|as of date|reporting date)$"
)
_UNIQUE = re.compile(
    r"(?i)unique(?:ly)?\s+(?:identif|loan|account|record|reference|customer|number|key|code)"
    r"|must be unique|identifies (?:the|each|a) (?:record|loan|account|row)"
)
LEADING = 4


class FieldLike(Protocol):
    name: str
    technical_name: str
    description: str
    requirement: str
    allowed_values: list
    data_type: str


def key_mark(text: str) -> tuple[str, bool]:
    """A name without its “(PK)”, and whether it had one."""
    bare = _MARK.sub("", text).strip()
    return (bare, True) if bare and bare != text.strip() else (text, False)


def propose_keys(fields: Sequence[FieldLike]) -> list[int]:
    """Places of the likely key fields: the leading block of identifiers, else the best one."""
    fit = [place for place, field in enumerate(fields) if _may_be_key(field)]
    leading = [
        place
        for place in fit
        if place < LEADING and (_names_key(fields[place]) or _says_unique(fields[place]))
    ]
    if leading:
        return leading
    strong = [place for place in fit if _STRONG.search(_names(fields[place]))]
    unique = [place for place in fit if _says_unique(fields[place])]
    both = [place for place in strong if place in unique]
    return (both or unique or strong)[:1]


def _names(field: FieldLike) -> str:
    return re.sub(
        r"[_-]", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", f"{field.name} {field.technical_name}")
    )


def _names_key(field: FieldLike) -> bool:
    words = _names(field)
    named = re.sub(r"[_-]", " ", field.name)
    return bool(_STRONG.search(words) or _PLAUSIBLE.search(words) or _PLAUSIBLE.search(named))


def _says_unique(field: FieldLike) -> bool:
    return bool(_UNIQUE.search(field.description[:600]))


def _may_be_key(field: FieldLike) -> bool:
    return (
        not field.allowed_values
        and field.requirement in ("", "mandatory")
        and field.data_type not in ("decimal", "boolean")
    )
