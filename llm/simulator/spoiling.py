"""Answers with wrong content: still JSON, and mostly of the right shape."""

import copy
import json


def spoil(answer: dict, fault: str) -> dict:
    """A copy of the answer, spoiled as the fault says; as it was, for faults of another kind."""
    answer = copy.deepcopy(answer)
    if fault == "invalid":
        return {"unexpected": json.dumps(answer)[:40]}
    change = {
        "wrong_quotes": _replace_quotes,
        "wrong_items": _mix_up,
        "duplicates": _double,
        "renamed": _respell,
        "chopped": _halve,
    }.get(fault)
    if change:
        change(answer)
    return answer


def _replace_quotes(node: object) -> None:
    if isinstance(node, dict):
        for key, value in node.items():
            if "quote" in key and isinstance(value, str):
                node[key] = "This sentence stands nowhere in the text."
            else:
                _replace_quotes(value)
    elif isinstance(node, list):
        for value in node:
            _replace_quotes(value)


def _mix_up(answer: dict) -> None:
    """The items lose their last, and the first is renamed."""
    items = _items(answer)
    if len(items) > 1:
        items.pop()
    _rename(items[0] if items else answer, "{}_of_nothing".format)


def _double(answer: dict) -> None:
    items = _items(answer)
    items.extend(copy.deepcopy(items[:1]))


def _respell(answer: dict) -> None:
    """As models do: LOAN  NUMBER for Loan Number."""
    for item in _items(answer):
        _rename(item, lambda name: name.upper().replace(" ", "  ") + " ")


def _halve(answer: dict) -> None:
    """What a cut between two items leaves once somebody has closed the brackets."""
    items = _items(answer)
    del items[len(items) // 2 :]


def _items(answer: dict) -> list[dict]:
    """The first list of objects in it."""
    for value in answer.values():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return value
    return []


def _rename(item: dict, change) -> None:
    """Its first text is its name."""
    for key, value in item.items():
        if isinstance(value, str):
            item[key] = change(value)
            return
