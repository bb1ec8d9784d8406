"""Which answers of a model are accepted, and what is said of the others."""

import pytest

from synapse.scoping.facts import AttributeFacts
from synapse.scoping.schemas import Judgement
from synapse.scoping.services.judging import check
from synapse.scoping.simulated import judge


def answer(id_, points=5, rationale="Because.", **changed):
    values = dict.fromkeys(
        ["regulatory_impact", "data_complexity", "common_errors", "downstream_dependencies"], points
    )
    return Judgement(id=id_, rationale=rationale, **{**values, **changed})


def test_the_set_that_was_asked_for_is_accepted():
    accepted, problems = check({"1", "2"}, [answer("2"), answer("1")])
    assert set(accepted) == {"1", "2"} and problems == {}


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ([], "it was left out"),
        ([answer("1 "), answer("One")], "it was left out"),
        ([answer("1"), answer("1", 6)], "it was answered more than once"),
        ([answer("1", common_errors=0)], "common_errors is 0, not a whole number from 1 to 15"),
        ([answer("1", data_complexity=16)], "data_complexity is 16"),
        ([answer("1", rationale="  ")], "it has no rationale"),
    ],
)
def test_what_can_not_be_used_is_named(answers, problem):
    accepted, problems = check({"1", "2"}, [answer("2"), *answers])
    assert set(accepted) == {"2"}
    assert problems["1"].startswith(problem)


def test_an_answer_nobody_asked_for_is_left_aside():
    accepted, problems = check({"1"}, [answer("1"), answer("99")])
    assert set(accepted) == {"1"} and problems == {}


def test_the_simulator_answers_by_rule_and_always_alike():
    asked = [
        AttributeFacts(id="7", name="Loan Amount", data_type="decimal").as_dict(),
        AttributeFacts(id="8", name="Remark").as_dict(),
    ]
    first = judge({"attributes": asked, "report": {}, "problems": "nothing"})
    assert first == judge({"attributes": asked, "report": {}, "problems": "nothing"})
    answers = [Judgement(**each) for each in first["judgements"]]
    accepted, problems = check({"7", "8"}, answers)
    assert problems == {}
    assert accepted["7"][0].total > accepted["8"][0].total
