"""Sentences of plain words in the language of expressions: “If A is blank, B must be positive”."""

import re

SHALL = r"(?:(?:must|should|shall|has to|have to|needs? to|is to)\s+(?:always\s+)?)?"
BE = rf"{SHALL}(?:(?:be|is|are|has been)\s+)?"
NOT = rf"{BE}not\s+(?:be\s+)?"
FILLED = r"(?:populated|filled(?: in)?|present|provided|reported)"
# What says more stands before what it contains.
PHRASES = (
    (rf"{NOT}negative|{BE}non-?\s?negative|(?:cannot|can't|may not) be negative", ">= 0"),
    (rf"{BE}positive", "> 0"),
    (rf"{BE}(?:(?:greater|more) than or equal to|at least|on or after)", ">="),
    (rf"{BE}no (?:less|earlier) than", ">="),
    (rf"{NOT}(?:(?:less|earlier) than|before)", ">="),
    (rf"{BE}(?:(?:less|lower) than or equal to|at most|on or before|no (?:more|later) than)", "<="),
    (rf"{NOT}(?:(?:greater|more|later) than|after)", "<="),
    (rf"(?:{SHALL}|does |do )not exceed|cannot exceed", "<="),
    (rf"{BE}(?:(?:greater|more|higher|larger|later) than|after)|exceeds", ">"),
    (rf"{BE}(?:(?:less|smaller|lower|earlier) than|before)", "<"),
    (rf"{NOT}equal to|(?:does|{SHALL}) ?not equal|differs from", "!="),
    (rf"{BE}equal to|{SHALL}equals?", "="),
    (rf"{NOT}{FILLED}", "IS NULL"),
    (rf"{NOT}(?:left )?(?:blank|null|empty|missing)|cannot be (?:blank|null|empty)", "IS NOT NULL"),
    (rf"{BE}(?:{FILLED}|mandatory|required|non[- ]?(?:blank|null))", "IS NOT NULL"),
    (rf"{BE}(?:left )?(?:blank|null|empty|missing)", "IS NULL"),
)  # fmt: skip
_SIGNS = [meant for _, meant in PHRASES]
_PHRASE = re.compile(rf"(?i)(?<!\w)(?:{'|'.join(f'({words})' for words, _ in PHRASES)})(?!\w)")
_COMMA = re.compile(r",\s*")


def as_expression(text: str) -> str:
    """The sentence with its phrases as signs; whether it is an expression is for the parser."""
    said = " ".join(text.split()).rstrip(" .")
    said = _PHRASE.sub(lambda found: f" {_SIGNS[found.lastindex - 1]} ", said)
    if re.match(r"(?i)if\b", said):
        said = re.sub(r"(?i),\s*(?=then\b)", " ", said)
        if not re.search(r"(?i)\bthen\b", said):
            said = _COMMA.sub(" THEN ", said, count=1)
    return " ".join(said.split())
