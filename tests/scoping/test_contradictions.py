"""What a rationale may not say, by fixed rules and with the reason in words."""

import pytest

from synapse.scoping.contradictions import problems_in
from synapse.scoping.facts import AttributeFacts
from synapse.scoping.scoring import Components

EVEN = Components(8, 8, 8, 8)
PLAIN = {"name": "Balance", "description": "The balance at the end of the cycle."}


def problems(rationale, components=EVEN, ids=("1",), **facts):
    attribute = AttributeFacts(id="1", **{**PLAIN, **facts})
    return problems_in(rationale, components, attribute, set(ids))


@pytest.mark.parametrize(
    "rationale",
    [
        "It has known issues with signs.",
        "There are open audit findings about it.",
        "Historical data quality issues make it risky.",
        "The field has a history of misreporting at banks.",
        "It was misreported in several earlier filings.",
        "Unresolved supervisory\nfindings concern it.",
    ],
)
def test_a_history_that_is_not_flagged_is_made_up(rationale):
    (said,) = problems(rationale)
    assert said.startswith("its rationale claims what is not flagged, open historical issue")
    assert problems(rationale, has_open_issue=True) == []


@pytest.mark.parametrize(
    "rationale",
    [
        "There are no known issues with this amount.",
        "It is a plain amount without any historical findings.",
    ],
)
def test_a_history_that_is_flagged_is_not_denied(rationale):
    assert problems(rationale) == []
    (said,) = problems(rationale, has_open_issue=True)
    assert said.startswith("its rationale denies what is flagged, open historical issue")


def test_a_rank_is_ours_to_give():
    (said,) = problems("It is a critical data element of the bank.")
    assert "claims what is not flagged, critical data element" in said
    assert problems("It is a critical data element of the bank.", is_cde=True) == []
    (said,) = problems("The amount is not a CDE of the bank.", is_cde=True)
    assert "denies what is flagged, critical data element" in said
    assert problems("The amount is not a CDE of the bank.") == []


@pytest.mark.parametrize(
    "rationale",
    [
        "Blanks and signs are common errors in such amounts.",
        "The past due status drives loss models and is often confused.",
        "It depends on the ending balance of the previous cycle.",
        "An open account with errors would mislead stress tests.",
        "Wrong values lead to findings of supervisors in general.",
    ],
)
def test_general_knowledge_is_no_history(rationale):
    assert problems(rationale) == []


def test_words_of_the_attribute_itself_are_no_claim():
    rationale = "It counts known issues of the borrower, which takes judgement."
    assert problems(rationale)
    assert problems(rationale, description="Number of known issues, by kind.") == []


@pytest.mark.parametrize(
    ("rationale", "components", "said"),
    [
        ("The regulatory impact is low for such a remark.", Components(14, 8, 8, 8), "14 points"),
        ("It has high data complexity by its derivation.", Components(8, 2, 8, 8), "2 points"),
        ("Its downstream use is very high in all totals.", Components(8, 8, 8, 5), "5 points"),
        ("The error likelihood is rather low on balance.", Components(8, 8, 11, 8), "11 points"),
        ("It does not have high complexity, being a code.", Components(8, 2, 8, 8), ""),
        ("The regulatory impact is low, it is a remark.", Components(8, 8, 8, 8), ""),
        ("The regulatory impact is high in all models.", Components(6, 8, 8, 8), ""),
    ],
)
def test_words_and_points_agree(rationale, components, said):
    found = problems(rationale, components)
    assert len(found) == bool(said)
    assert all(said in each for each in found)


@pytest.mark.parametrize(
    ("rationale", "named"),
    [
        ("It is derived from attribute 12 of this report.", "12"),
        ('Compare it with id "12", which is its total.', "12"),
        ("Field 812345 is computed from it every month.", "812345"),
        ("It counts up to 12 months and is seldom blank.", ""),
        ("It is described like attribute 1 of the report.", ""),
        ("Attribute 77 was not asked about in this batch.", ""),
    ],
)
def test_another_attribute_is_not_named_by_its_id(rationale, named):
    found = problems(rationale, ids=("1", "12", "812345"))
    assert found == ([f"its rationale names another attribute by its id, {named}"] if named else [])


def test_a_number_of_its_own_text_is_no_id():
    text = "Report 812345 where the account number is unknown."
    assert problems("The code 812345 has a special sense.", ids=("1", "812345"))
    assert (
        problems("The code 812345 has a special sense.", ids=("1", "812345"), description=text)
        == []
    )
