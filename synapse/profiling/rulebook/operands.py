"""The other side of a comparison: a column, a value written in the rule, or a sum of columns."""

from dataclasses import dataclass
from typing import Any

from synapse.profiling.rulebook.literals import date_of, decimal_of, is_number, text_of


@dataclass(frozen=True)
class Operand:
    """What a value is compared with; exactly one of `columns` and `literal` is given."""

    columns: tuple[str, ...] = ()
    literal: str | None = None
    is_sum: bool = False


def operand_of(spec: Any) -> Operand | None:
    """The operand that a rule's JSON means; None when it means none.

    A number, and a text that reads as a number or an ISO date, is a value; another text names a
    column. `{"column": …}`, `{"value": …}` and `{"sum": […]}` say so outright.
    """
    if is_number(spec):
        return _value(spec)
    if isinstance(spec, str):
        if decimal_of(spec) is not None or date_of(spec) is not None:
            return _value(spec.strip())
        return Operand(columns=(spec,)) if spec.strip() else None
    if not isinstance(spec, dict) or len(spec) != 1:
        return None
    [(word, inner)] = spec.items()
    if word == "column" and isinstance(inner, str) and inner.strip():
        return Operand(columns=(inner,))
    if word == "value":
        return _value(inner)
    if word == "sum" and is_names(inner):
        return Operand(columns=tuple(inner), is_sum=True)
    return None


def is_names(value: Any) -> bool:
    """Whether it is a list of at least one column name."""
    return (
        isinstance(value, list | tuple)
        and bool(value)
        and all(isinstance(name, str) and name.strip() for name in value)
    )


def _value(value: Any) -> Operand | None:
    text = text_of(value)
    return Operand(literal=text) if text else None
