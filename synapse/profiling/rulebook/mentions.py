"""Which columns a rule names, in its attributes and in its parameters."""

from collections.abc import Mapping
from typing import Any

from synapse.profiling.rulebook.operands import operand_of
from synapse.profiling.rulebook.rule import Rule


def columns_of(rule: Rule) -> tuple[str, ...]:
    """The attributes of a rule, then the further columns that its parameters name."""
    return tuple(name for name, _ in mentions(rule))


def mentions(rule: Rule) -> list[tuple[str, str]]:
    """Each column of a rule once, with a pointer to where it is named first."""
    found = [(name, f"/attributes/{number}") for number, name in enumerate(rule.attributes)]
    if rule.kind == "if_then":
        for word in ("if", "then"):
            found += _in_condition(rule.parameters[word], f"/parameters/{word}")
    else:
        found += _in_parameters(rule.parameters, "/parameters")
    first = {}
    for name, pointer in found:
        first.setdefault(name, pointer)
    return [*first.items()]


def _in_condition(condition: Mapping[str, Any], at: str) -> list[tuple[str, str]]:
    if "attribute" in condition:
        return [
            (condition["attribute"], f"{at}/attribute"),
            *_in_parameters(condition, at),
        ]
    [(word, inner)] = condition.items()
    if word == "not":
        return _in_condition(inner, f"{at}/not")
    return [
        found
        for number, each in enumerate(inner)
        for found in _in_condition(each, f"{at}/{word}/{number}")
    ]


def _in_parameters(parameters: Mapping[str, Any], at: str) -> list[tuple[str, str]]:
    found = []
    for word in ("min", "max", "right"):
        if parameters.get(word) is not None and (operand := operand_of(parameters[word])):
            found += [(name, f"{at}/{word}") for name in operand.columns]
    for word in ("parts", "within"):
        for number, name in enumerate(parameters.get(word) or ()):
            found.append((name, f"{at}/{word}/{number}"))
    return found
