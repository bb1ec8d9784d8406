"""The table is whole, and each row's tests exist, are collected and hold the bill to the row."""

import ast

import pytest

from synapse.common.embedded import BASE_DIR
from tests.llm.failure_table import table

by_key = pytest.mark.parametrize("row", table.ROWS, ids=[row.key for row in table.ROWS])


def test_each_promise_and_each_mode_has_one_row():
    keys = [row.key for row in table.ROWS]
    assert len(keys) == len(set(keys))
    parts = [row.part for row in table.ROWS]
    assert {part: parts.count(part) for part in table.PARTS} == {"policy": 9, "mode": 14}


def function(test: str) -> ast.FunctionDef:
    """The test as pytest collects it: a function of this name, in a module of this name."""
    path, name = test.split("::")
    assert path.rpartition("/")[2].startswith("test_") and name.startswith("test_")
    tree = ast.parse((BASE_DIR / path).read_text())
    [found] = [node for node in tree.body if getattr(node, "name", "") == name]
    return found


@by_key
def test_its_tests_exist_and_hold_the_bill_to_it(row):
    found = [function(test) for test in row.tests]
    held = [f"counted.within({row.key!r})" in ast.unparse(each) for each in found]
    assert any(held)
    own = [
        holds for test, holds in zip(row.tests, held, strict=True) if test.startswith(table.HERE)
    ]
    assert all(own)


@by_key
def test_it_says_what_happens_and_what_it_costs(row):
    assert row.failure and row.provoked and row.ours
    assert row.calls >= 1 and row.tokens >= 0


def test_every_counted_test_is_in_the_table():
    named = {test for row in table.ROWS for test in row.tests}
    counted = {
        f"{table.HERE}{path.name}::{node.name}"
        for path in (BASE_DIR / table.HERE).glob("test_*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef)
        and "counted" in [argument.arg for argument in node.args.args]
        and "counted.within(" in ast.unparse(node)
    }
    assert counted == {test for test in named if test.startswith(table.HERE)}


def test_the_table_is_printed_as_markdown():
    text = table.as_text()
    assert text.count("\n|") == 23 + 2 * 2
    assert "| not JSON | a batch of 4, always malformed |" in text
