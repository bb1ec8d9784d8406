"""Rules over several columns, from the names of dates and from sentences about other fields."""

import pytest

from synapse.profiling.proposing.candidates import candidates
from synapse.profiling.proposing.evidence import Count, judge
from synapse.profiling.rulebook import sentence
from tests.profiling.rules_report import Field


def attribute(pk, name, data_type="string", description="", codes=(), **more):
    listed = [{"code": code, "meaning": ""} for code in codes]
    return Field(
        pk, name, "", "", "", data_type, "", None, None, description, "optional", listed, pk, **more
    )


def told(*attributes, kinds=("compare", "if_then")):
    found = candidates(attributes, {each.pk: each.name for each in attributes})
    return [sentence(one.rule) for one in found if one.rule.kind in kinds]


def dates(*names):
    return [attribute(number, name, "date") for number, name in enumerate(names, start=1)]


@pytest.mark.parametrize(
    ("names", "rules"),
    [
        (("Reporting Date", "Origination Date"), ["Origination Date is at most Reporting Date."]),
        (("Reporting Date", "Maturity Date"), []),
        (("Report Date", "As of Date", "Origination Date"), []),
        (("Inception Date", "Expiry Date"), ["Inception Date is at most Expiry Date."]),
        (
            ("Draw Start Date", "Draw End Date", "Loan Start Date", "Maturity Date"),
            ["Draw Start Date is at most Draw End Date."],
        ),
        (("Next Opening Date", "Payment Date"), []),
    ],
)
def test_dates_whose_order_their_names_tell(names, rules):
    assert told(*dates(*names)) == rules


STATUS = attribute(1, "Loan Status", "string", codes=("A", "C", "D"))


@pytest.mark.parametrize(
    ("description", "rule"),
    [
        ("Required if Loan Status = C.", "If Loan Status is C, then Closed is not blank."),
        (
            "The day. Mandatory when the Loan Status is 'C' or 'D'.",
            "If Loan Status is one of C, D, then Closed is not blank.",
        ),
        ("Leave blank if Loan Status = A", "If Loan Status is A, then Closed is blank."),
        (
            "Must be blank unless Loan Status is C.",
            "If Loan Status is not C, then Closed is blank.",
        ),
        ("Required if Loan Status is settled.", ""),
        ("Required if Loan Status = C and the balance is zero.", ""),
        ("Required if the borrower is known.", ""),
        ("Required if Colour = C.", ""),
    ],
)
def test_conditions_are_taken_from_sentences_understood_to_the_end(description, rule):
    closed = attribute(2, "Closed", "string", description)
    assert told(STATUS, closed) == ([rule] if rule else [])


def test_scores_and_limits_have_their_bounds():
    rules = told(
        attribute(1, "Refreshed Credit Score", "integer"),
        attribute(2, "Credit Score Version", "integer"),
        attribute(3, "Current Credit Limit", "decimal"),
        attribute(4, "Credit Limit Change", "decimal"),
        kinds=("range",),
    )
    assert rules == [
        "Refreshed Credit Score is between 300 and 850.",
        "Current Credit Limit is at least 0.",
    ]


def test_what_is_inferred_has_to_hold_almost_everywhere():
    (one,) = [
        each
        for each in candidates(dates("Report Date", "Origination Date"), {1: "R", 2: "O"})
        if each.rule.kind == "compare"
    ]
    assert one.inferred
    assert judge(one, Count(checked=100, failed=5)).enabled
    refused = judge(one, Count(checked=100, failed=6))
    assert not refused.enabled
    assert "6 %" in refused.remark


def test_the_only_key_is_never_said_to_be_one_value():
    key = attribute(1, "Bank RSSD ID", "integer", is_key=True, key_order=1)
    assert told(key, kinds=("constant",)) == []
