"""Which answers of a model are accepted, and what is said of the others."""

import pytest

from synapse.scoping.facts import AttributeFacts
from synapse.scoping.schemas import Judgement
from synapse.scoping.services.checking import check
from synapse.scoping.simulated import judge

WHY = "Supervisors use the balance in their stress tests."
BALANCE = AttributeFacts(id="1", name="Balance", description="The balance at the cycle's end.")
RATE = AttributeFacts(id="2", name="Rate", description="The rate agreed for purchases.")
ASKED = {"1": BALANCE, "2": RATE}


def answer(id_, points=5, **changed):
    values = dict.fromkeys(
        ["regulatory_impact", "data_complexity", "common_errors", "downstream_dependencies"], points
    )
    said = {"rationale": WHY, "quote": ASKED[id_].description if id_ in ASKED else "Nothing"}
    return Judgement(id=id_, **{**values, **said, **changed})


def test_the_set_that_was_asked_for_is_accepted():
    checked = check(ASKED, [answer("2"), answer("1")])
    assert set(checked.accepted) == {"1", "2"}
    assert checked.problems == checked.unsupported == {}
    assert checked.accepted["1"].quote.field == "description"


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ([], "it was left out"),
        ([answer("1 "), answer("One")], "it was left out"),
        ([answer("1"), answer("1", 6)], "it was answered more than once"),
        ([answer("1", common_errors=0)], "common_errors is 0, not a whole number from 1 to 15"),
        ([answer("1", data_complexity=16)], "data_complexity is 16"),
        ([answer("1", rationale="  ")], "it has no rationale"),
        ([answer("1", rationale="Because.")], "its rationale is too short to say why: Because."),
        ([answer("1", rationale="High.", quote="no")], "its rationale is too short to say why"),
    ],
)
def test_what_can_not_be_used_is_named(answers, problem):
    checked = check(ASKED, [answer("2"), *answers])
    assert set(checked.accepted) == {"2"}
    assert checked.problems["1"].startswith(problem)
    assert checked.unsupported == {}


def test_what_lacks_nothing_but_its_quote_is_kept_apart():
    checked = check(ASKED, [answer("2"), answer("1", quote="The balance at the year's end.")])
    assert set(checked.accepted) == {"2"}
    kept = checked.unsupported["1"]
    assert kept.unsupported and kept.rationale == WHY
    assert (kept.quote.text, kept.quote.field) == ("The balance at the year's end.", "")
    assert checked.problems["1"].startswith("its quote does not occur in its name, description")


def test_all_that_is_wrong_is_said_at_once():
    checked = check(ASKED, [answer("2"), answer("1", rationale="Because.", quote="Nowhere at all")])
    assert "too short" in checked.problems["1"] and "does not occur" in checked.problems["1"]


def test_an_answer_nobody_asked_for_is_left_aside():
    checked = check({"1": BALANCE}, [answer("1"), answer("99")])
    assert set(checked.accepted) == {"1"} and checked.problems == {}


def test_the_simulator_answers_by_rule_and_always_alike():
    asked = {
        "7": AttributeFacts(id="7", name="Loan Amount", data_type="decimal"),
        "8": AttributeFacts(id="8", name="Remark"),
    }
    sent = {"attributes": [each.as_dict() for each in asked.values()], "problems": "nothing"}
    first = judge(sent)
    assert first == judge(sent)
    checked = check(asked, [Judgement(**each) for each in first["judgements"]])
    assert checked.problems == {}
    assert checked.accepted["7"].components.total > checked.accepted["8"].components.total
