"""Each rule reads as one sentence that says what its parameters say."""

import pytest

from synapse.profiling.rulebook import KINDS, sentence
from tests.profiling.rulebook.populations import rule

CHARGED = {"attribute": "Status", "is": "in", "values": [1, "2"]}
DATED = {"attribute": "Closed", "is": "not_blank"}
SENTENCES = [
    (rule("not_blank", "Name"), "Name is not blank."),
    (rule("in_set", "Name", values=["a", 7]), "Name is one of a, 7."),
    (
        rule("in_set", "Name", values=[*range(12)]),
        "Name is one of 0, 1, 2, 3, 4, 5, 6, 7 and 4 more.",
    ),
    (
        rule("regex", "Name", pattern="[A-Z]+", codes=["-"]),
        "Name matches the pattern [A-Z]+, or is -.",
    ),
    (rule("range", "Amount", min=0, max="Limit"), "Amount is between 0 and Limit."),
    (rule("range", "Amount", max="1000"), "Amount is at most 1000."),
    (rule("length", "Name", min=1, max=18.0), "Name has 1 to 18 characters."),
    (rule("length", "Name", min=1, max=1), "Name has exactly 1 character."),
    (
        rule("date_format", "Opened", format="YYYYMMDD", end_of_month=True),
        "Opened is a real date written YYYYMMDD, the last day of a month.",
    ),
    (
        rule("compare", "Amount", op="<=", right="Limit", factor="1.2", offset=-5),
        "Amount is at most 1.2 times Limit minus 5.",
    ),
    (
        rule("compare", "Opened", op="=", right="Closed", unit="month", offset=-1),
        "Opened is in the month 1 month before that of Closed.",
    ),
    (
        rule("compare", "Name", op="!=", right={"value": "NU"}),
        'Name is different from "NU".',
    ),
    (
        rule("sum_equals", "Amount", parts=["A", "B", "C"], tolerance=0.01, blank_as_zero=True),
        "The sum of A, B and C (blanks as zero) equals Amount within 0.01.",
    ),
    (
        rule("if_then", "Status", **{"if": CHARGED, "then": {"any": [DATED, {"not": CHARGED}]}}),
        "If Status is one of 1, 2, then Closed is not blank or it is not so that "
        "Status is one of 1, 2.",
    ),
    (rule("unique", "Name", within=["A", "B"]), "Name is unique within A and B."),
    (rule("constant", "A", "B"), "A and B have together one single value in the whole file."),
]


@pytest.mark.parametrize(("made", "told"), SENTENCES, ids=lambda each: getattr(each, "kind", ""))
def test_it_says_what_must_hold(made, told):
    assert sentence(made) == told


def test_each_kind_has_one_here():
    assert {made.kind for made, _ in SENTENCES} == {*KINDS}
