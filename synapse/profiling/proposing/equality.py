"""When two rules say the same, however they are named and written."""

from typing import Any

from synapse.profiling.rulebook import Rule, canonical_json
from synapse.profiling.rulebook.literals import decimal_of, text_of

UNORDERED = ("values", "codes", "within")


def sense(rule: Rule) -> str:
    """One text for all rules that judge the same columns alike."""
    parameters = {
        word: _plain(word, value)
        for word, value in rule.parameters.items()
        if value not in (None, [], False, "")
    }
    attributes = sorted(rule.attributes) if rule.kind == "unique" else list(rule.attributes)
    if rule.kind == "if_then":
        attributes = []
    return canonical_json([rule.kind, attributes, parameters])


def _plain(word: str, value: Any) -> Any:
    if word in UNORDERED and isinstance(value, list | tuple):
        return sorted({(text_of(each) or str(each)).strip() for each in value})
    if word in ("min", "max", "factor", "offset", "tolerance"):
        number = decimal_of(value)
        return str(value) if number is None else format(number.normalize(), "f")
    return value
