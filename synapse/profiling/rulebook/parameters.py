"""Which parameters each kind of rule takes, and the faults of those it is given."""

from collections.abc import Callable
from typing import Any

from synapse.profiling.rulebook import value_shape as values
from synapse.profiling.rulebook.condition_shape import condition_faults


def parameter_faults(kind: str, parameters: dict[str, Any], at: str) -> list[dict[str, str]]:
    allowed, check = KIND_PARAMETERS[kind]
    return [*values.unknown(parameters, allowed, at), *check(parameters, at)]


def if_then(data: dict[str, Any], at: str) -> list[dict[str, str]]:
    return [
        found
        for word in ("if", "then")
        for found in condition_faults(data.get(word), f"{at}/{word}")
    ]


KIND_PARAMETERS: dict[str, tuple[tuple[str, ...], Callable]] = {
    "not_blank": ((), values.nothing),
    "in_set": (("values",), values.value_list),
    "regex": (("pattern", "codes"), values.pattern),
    "range": (("min", "max", "codes"), values.limits),
    "length": (("min", "max", "codes"), values.lengths),
    "date_format": (("format", "end_of_month", "codes"), values.date_format),
    "compare": ((*values.COMPARISON, "codes"), values.comparison),
    "sum_equals": (("parts", "tolerance", "blank_as_zero", "codes"), values.summation),
    "if_then": (("if", "then"), if_then),
    "unique": (("within",), values.within),
    "constant": ((), values.nothing),
}
