"""A number that the engine can't hold is the error of its record, of nothing else."""

import pytest

from synapse.profiling.rulebook import InvalidRule, check
from tests.profiling.rulebook.populations import population, rule

HUGE = "9" * 28
RECORDS = [{"Name": "5", "Amount": "7"}, {"Name": HUGE, "Amount": "7"}, {"Name": "9"}]


@pytest.mark.parametrize(
    "made",
    [
        rule("compare", "Name", op="<", right="Amount", rule_id="between columns"),
        rule("compare", "Name", op="<", right="Name", factor="1.5", offset=1, rule_id="product"),
        rule("sum_equals", "Name", parts=["Name", "Name"], tolerance=99, rule_id="sum"),
        rule(
            "if_then", "Name", rule_id="condition",
            **{"if": {"attribute": "Amount", "is": "not_blank"},
               "then": {"attribute": "Name", "is": "compare", "op": "<", "right": "Amount"}},
        ),
    ],
    ids=lambda made: made.rule_id,
)  # fmt: skip
def test_only_its_record_is_an_error(made):
    beside = rule("in_set", "Name", values=["5"], rule_id="beside")
    with population(RECORDS) as file:
        told = file.evaluate(beside, made)
    assert told.of(made)[3] == 1
    assert 2 not in told.records(made)
    assert sum(told.of(made)) - told.of(made)[1] == 3
    assert told.records(beside) == [2, 3]


def test_a_large_number_stands_against_a_limit():
    with population(RECORDS) as file:
        told = file.evaluate(made := rule("range", "Name", max=HUGE[:-1] + "8"))
    assert (told.of(made), told.records(made)) == ((3, 1, 0, 0), [2])


def test_a_rule_that_never_fits_the_engine_is_told_and_the_others_run():
    fine = "0." + "0" * 36 + "1"
    made = rule("compare", "Amount", op="<", right="Limit", factor=fine)
    with population(RECORDS) as file:
        told = file.evaluate(made, rule("not_blank", "Amount", rule_id="R2"))
    broken, other = told.counts
    assert (broken.status, broken.error, broken.checked) == ("error", 3, 0)
    assert broken.message.startswith("can't be evaluated: ")
    assert (other.status, other.failed) == ("ok", 1)


def test_a_written_number_that_grows_too_large_is_refused():
    made = rule("compare", "Amount", op="<", right=HUGE, factor=HUGE)
    with population(RECORDS) as file, pytest.raises(InvalidRule) as refused:
        check(made, file.columns)
    assert refused.value.errors[0]["pointer"] == "/parameters"
