"""The table is whole, its patches apply to the code as it is, and the tests it names exist."""

import ast
import subprocess

import pytest

from synapse.common.embedded import BASE_DIR
from tests.measures import clone, table

ROWS = table.read()
by_number = pytest.mark.parametrize("row", ROWS, ids=[str(row.number) for row in ROWS])


def test_each_failure_has_a_row():
    assert [row.number for row in ROWS] == [*range(1, 35)]
    assert [row.number for row in ROWS if row.part == "queue"] == [*range(1, 22)]
    assert {row.part for row in ROWS} == {*table.PARTS}


@by_number
def test_a_patch_takes_something_of_the_product_away(row):
    check = ["git", "-C", str(BASE_DIR), "apply", "--check", str(row.patch)]
    assert subprocess.run(check, capture_output=True, text=True, check=False).stderr == ""
    changed = [line[6:] for line in row.patch.read_text().splitlines() if line[:6] == "--- a/"]
    assert changed
    assert not any(name.startswith("tests/") for name in changed)


@by_number
def test_the_named_tests_exist(row):
    assert row.tests
    for test in row.tests:
        path, *names = test.partition("[")[0].split("::")
        scope = ast.parse((BASE_DIR / path).read_text()).body
        for name in names:
            found = [node for node in scope if getattr(node, "name", "") == name]
            assert len(found) == 1, test
            scope = found[0].body
    assert row.failure
    assert row.ours


def test_an_outcome_is_a_failed_check_or_it_is_not():
    def outcome(said):
        return clone.Outcome("t", passed=False, said=said)

    assert outcome("AssertionError: Not within 5 s").failed_by("AssertionError")
    assert outcome("assert 1 == 2").failed_by("AssertionError")
    assert outcome("Failed: DID NOT RAISE <class 'E'>").failed_by("AssertionError")
    assert outcome("TimeoutError").failed_by("TimeoutError")
    assert not outcome("TimeoutError").failed_by("AssertionError")
    assert not outcome("Failed: Timeout (>120.0s) from pytest-timeout.").failed_by("AssertionError")
    assert not outcome("error: ImportError: no such name").failed_by("AssertionError")
    assert not clone.Outcome("t", passed=True).failed_by("AssertionError")
