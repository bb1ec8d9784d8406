"""Whether plain data has the shape of a condition, with a pointer to each fault."""

from typing import Any

from synapse.profiling.rulebook import value_shape as values
from synapse.profiling.rulebook.errors import fault

DEEPEST = 12
# What an atom may say of its column, with the words it then takes.
ATOMS = {
    "blank": ((), values.nothing),
    "not_blank": ((), values.nothing),
    "in": (("values",), values.value_list),
    "not_in": (("values",), values.value_list),
    "matches": (("pattern",), values.pattern),
    "between": (("min", "max"), values.limits),
    "length": (("min", "max"), values.lengths),
    "date_format": (("format", "end_of_month"), values.date_format),
    "compare": (values.COMPARISON, values.comparison),
}


def condition_faults(condition: Any, at: str, depth: int = 0) -> list[dict[str, str]]:
    """The faults of a condition: `all`, `any`, `not` or one statement about a column."""
    if not isinstance(condition, dict) or not condition:
        detail = 'is an object with "all", "any", "not" or "attribute"'
        return [fault(at, "not_a_condition", detail)]
    if depth > DEEPEST:
        return [fault(at, "too_deep", f"conditions nest at most {DEEPEST} deep")]
    if "attribute" in condition:
        return _atom_faults(condition, at)
    if len(condition) != 1 or not {*condition} <= {"all", "any", "not"}:
        return [fault(at, "not_a_condition", 'has exactly one of "all", "any" and "not"')]
    [(word, inner)] = condition.items()
    if word == "not":
        return condition_faults(inner, f"{at}/not", depth + 1)
    if not isinstance(inner, list | tuple) or not inner:
        return [fault(f"{at}/{word}", "no_conditions", "is a list of at least one condition")]
    return [
        found
        for number, each in enumerate(inner)
        for found in condition_faults(each, f"{at}/{word}/{number}", depth + 1)
    ]


def _atom_faults(atom: dict[str, Any], at: str) -> list[dict[str, str]]:
    found = []
    if not isinstance(atom["attribute"], str) or not atom["attribute"].strip():
        found.append(fault(f"{at}/attribute", "no_column", "names a column"))
    said = atom.get("is")
    if not isinstance(said, str) or said not in ATOMS:
        return [*found, fault(f"{at}/is", "not_a_choice", f"is one of {', '.join(ATOMS)}")]
    allowed, check = ATOMS[said]
    rest = {word: value for word, value in atom.items() if word not in ("attribute", "is")}
    return [*found, *values.unknown(rest, allowed, at), *check(rest, at)]
