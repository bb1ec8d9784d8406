"""Rules of single records find what a plain reading of them finds, however the file is cut."""

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from synapse.profiling.rulebook import InvalidRule, Rule, check
from tests.profiling.rulebook import oracle
from tests.profiling.rulebook.populations import Population, population, rule
from tests.profiling.rulebook.strategies import PARAMETERS, record_rules, records

EXAMPLES = settings(max_examples=15, deadline=None, phases=[Phase.generate], derandomize=True)


@pytest.mark.parametrize("kind", PARAMETERS)
def test_a_rule_finds_what_it_says(kind):
    @EXAMPLES
    @given(records, st.lists(record_rules(kind), min_size=8, max_size=8))
    def agrees(rows, made):
        with population(rows) as file:
            rules = [*fit(made, file)]
            assume(rules)
            told = file.evaluate(*rules)
            for each in rules:
                assert_agreement(each, rows, told)

    agrees()


@EXAMPLES
@given(records, st.sampled_from([*PARAMETERS]).flatmap(record_rules), st.integers(1, 9))
def test_parts_add_up_to_the_whole(rows, made, size):
    with population(rows, part=size) as file:
        rules = [*fit([made], file)]
        assume(rules)
        assert len(file.parts) == -(-len(rows) // size)
        assert_agreement(rules[0], rows, file.evaluate(*rules))


def fit(made, file: Population):
    """Those of the random rules that the check lets pass."""
    for number, (kind, attribute, _, parameters) in enumerate(made):
        try:
            fitting = rule(kind, attribute, rule_id=f"R{number}", **parameters)
            check(fitting, file.columns)
        except InvalidRule:
            continue
        yield fitting


def assert_agreement(each: Rule, rows, told):
    verdicts = [oracle.judged(each, row) for row in rows]
    expected = [n for n, verdict in enumerate(verdicts, start=1) if verdict == oracle.FAILED]
    absent, error = verdicts.count(oracle.ABSENT), verdicts.count(oracle.ERROR)
    checked = len(rows) - absent - error
    assert (told.of(each), told.records(each)) == (
        (checked, len(expected), absent, error), expected
    ), each  # fmt: skip
