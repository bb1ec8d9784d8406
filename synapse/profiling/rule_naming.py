"""A rule with its columns called otherwise, wherever it names them."""

from collections.abc import Callable
from typing import Any

from synapse.profiling.rulebook import Rule
from synapse.profiling.rulebook.operands import operand_of

Called = Callable[[str], str]


def renamed(rule: Rule, called: Called) -> Rule:
    """The rule with each column it names called by `called(name)`."""
    return rule.with_(
        attributes=tuple(map(called, rule.attributes)),
        parameters=_parameters(rule.kind, dict(rule.parameters), called),
    )


def _parameters(kind: str, parameters: dict[str, Any], called: Called) -> dict[str, Any]:
    if kind == "if_then":
        return {word: _condition(inner, called) for word, inner in parameters.items()}
    for word in ("parts", "within"):
        if parameters.get(word):
            parameters[word] = [called(name) for name in parameters[word]]
    for word in ("min", "max", "right"):
        if kind in ("range", "compare") and parameters.get(word) is not None:
            parameters[word] = _operand(parameters[word], called)
    return parameters


def _operand(value: Any, called: Called) -> Any:
    if isinstance(value, dict):
        if "sum" in value:
            return {"sum": [called(name) for name in value["sum"]]}
        return {"column": called(value["column"])} if "column" in value else value
    return called(value) if _is_column(value) else value


def _condition(condition: Any, called: Called) -> Any:
    if not isinstance(condition, dict):
        return condition
    if "attribute" in condition:
        kind = {"between": "range", "compare": "compare"}.get(condition.get("is"), "")
        return _parameters(kind, dict(condition), called) | {
            "attribute": called(condition["attribute"])
        }
    return {
        word: [_condition(each, called) for each in inner]
        if isinstance(inner, list)
        else _condition(inner, called)
        for word, inner in condition.items()
    }


def _is_column(value: Any) -> bool:
    operand = operand_of(value)
    return operand is not None and operand.literal is None
