"""Rules over all records of a file find what counting by hand finds, in any number of parts."""

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.profiling.rulebook import oracle
from tests.profiling.rulebook.populations import population, rule
from tests.profiling.rulebook.strategies import records, whole_rules


@pytest.mark.parametrize("kind", ["unique", "constant"])
def test_a_rule_finds_what_it_says(kind):
    @settings(max_examples=25, deadline=None, phases=[Phase.generate], derandomize=True)
    @given(records, whole_rules(kind), st.integers(1, 30))
    def agrees(rows, made, size):
        failing, checked = oracle.whole(made, rows)
        with population(rows, part=size) as file:
            told = file.evaluate(made)
        assert told.of(made) == (checked, len(failing), len(rows) - checked, 0)
        assert told.records(made) == failing

    agrees()


def test_of_equally_frequent_values_the_least_is_the_usual_one():
    rows = [{"Name": name} for name in ("b", "a ", "é", "a", "b", None)]
    with population(rows, part=2) as file:
        told = file.evaluate(made := rule("constant", "Name"))
    assert told.records(made) == [1, 3, 5]


def test_a_blank_is_a_group_of_its_own_within_and_no_duplicate_itself():
    rows = [
        {"Name": "1", "Other": " "},
        {"Name": " 1", "Other": None},
        {"Name": "1", "Other": "x"},
        {"Name": "", "Other": "x"},
        {"Name": None, "Other": "x"},
    ]
    with population(rows) as file:
        told = file.evaluate(made := rule("unique", "Name", within=["Other"]))
    assert (told.of(made), told.records(made)) == ((3, 2, 2, 0), [1, 2])
