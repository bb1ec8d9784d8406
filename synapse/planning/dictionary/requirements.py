"""Words for mandatory, conditional and optional."""

import re

MANDATORY, CONDITIONAL, OPTIONAL = "mandatory", "conditional", "optional"

_WORDS = {
    MANDATORY: "m mandatory required req reqd r y yes true t 1 x must always mand compulsory "
    "essential obligatory ✓ ✔ shall core 1..1 1..n 1..* 1..unbounded",
    CONDITIONAL: "c conditional cond mc m/c c/m cm cr dependent situational sometimes r/c c/r",
    OPTIONAL: "o optional opt n no false f 0 voluntary nullable null recommended may optionally "
    "non-mandatory nonmandatory 0..1 0..n 0..* 0..unbounded",
}  # fmt: skip
_PHRASES = {
    MANDATORY: ("always required", "not null", "non null", "required always"),
    CONDITIONAL: (
        "conditionally required", "conditionally mandatory", "conditional mandatory",
        "if applicable", "when applicable", "as applicable", "where applicable",
        "mandatory conditional", "required conditional", "if available", "if known",
    ),
    OPTIONAL: ("not required", "not mandatory"),
}  # fmt: skip
_MEANINGS = {
    **{word: meaning for meaning, words in _WORDS.items() for word in words.split()},
    **{phrase: meaning for meaning, phrases in _PHRASES.items() for phrase in phrases},
}
_CONDITION = re.compile(
    r"\b(?:if|when|unless|only|where|except|conditional(?:ly)?|depend(?:s|ing|ent)|otherwise|provided)\b"
)
_NEGATED = re.compile(
    r"\b(?:not|non|isn't|never)[ -](?:required|mandatory|compulsory|obligatory)\b"
)


def parse_requirement(text: str) -> str:
    """mandatory, conditional or optional; empty when the words are none we know."""
    said = " ".join(text.lower().replace("’", "'").split()).strip(" .:;*()[]")
    if not said:
        return ""
    if said in _MEANINGS:
        return _MEANINGS[said]
    letter = re.match(r"([mrco])\s*(?:[-–:=(/]|$)", said)
    if letter and re.fullmatch(
        r"[mrco]\s*[-–:=(]\s*(?:mandatory|required|conditional|optional).*", said
    ):
        return {"m": MANDATORY, "r": MANDATORY, "c": CONDITIONAL, "o": OPTIONAL}[letter.group(1)]
    if _NEGATED.search(said):
        return CONDITIONAL if _CONDITION.search(said) else OPTIONAL
    binding = re.search(r"\b(?:mandatory|required|must|compulsory|obligatory)\b", said)
    free = re.search(r"\b(?:optional|voluntary|may be (?:blank|left blank|null|omitted))\b", said)
    if _CONDITION.search(said) and (binding or free or "conditional" in said):
        return CONDITIONAL
    if binding and free:
        return CONDITIONAL
    if binding:
        return MANDATORY
    return OPTIONAL if free else ""


def parse_nullable(text: str) -> str:
    """The requirement behind a “may be blank” column."""
    said = " ".join(text.lower().split()).strip(" .")
    if said in ("y", "yes", "true", "t", "1", "x", "null", "nullable", "o", "optional", "opt"):
        return OPTIONAL
    if said in ("n", "no", "false", "f", "0", "not null", "non-null", "m", "mandatory", "required"):
        return MANDATORY
    return parse_requirement(said)


def is_yes(text: str) -> bool:
    """Whether a flag cell says yes."""
    said = text.strip().lower().strip("().")
    return said in (
        "y",
        "yes",
        "true",
        "t",
        "1",
        "x",
        "✓",
        "✔",
        "pk",
        "key",
        "cde",
        "kde",
        "p",
        "ja",
    ) or bool(re.fullmatch(r"(?:pk|key|primary key|yes)\b.*", said))
