"""A quote counts where it stands, word for word, in what was sent of its own attribute."""

import pytest

from synapse.planning.models import Attribute
from synapse.scoping import evidence
from synapse.scoping.attributes import facts_of
from synapse.scoping.facts import LONGEST_DESCRIPTION, MOST_CODES, AttributeFacts

ACTION = AttributeFacts(
    id="7",
    name="Action Taken",
    format="Numeric, one digit",
    description="The action taken on the\n  application or purchase. Report one code only.",
    allowed_values=("1 = Loan originated", "2 = Approved, not accepted", "3"),
)
OTHER = AttributeFacts(id="8", name="Loan Amount", description="The amount applied for, in full.")


@pytest.mark.parametrize(
    ("given", "field", "start"),
    [
        ("Report one code only.", "description", 51),
        ("taken on the application or purchase", "description", 11),
        ("  The action\ttaken ", "description", 0),
        ("2 = Approved, not accepted", "allowed_values", 20),
        ("one digit", "format", 9),
        ("Action Taken", "name", 0),
        ("3", "allowed_values", 47),
    ],
)
def test_a_quote_is_found_with_white_space_folded(given, field, start):
    found = evidence.find(given, ACTION)
    assert (found.field, found.start) == (field, start)
    assert ACTION.texts[field][start:].startswith(found.text)
    assert found.text.split() == given.split()


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("", "it has no quote"),
        (" \n ", "it has no quote"),
        ("Report one code", None),
        ("report one code only.", "its quote does not occur"),
        ("Report one code... only.", "its quote does not occur"),
        ("“Report one code only.”", "its quote does not occur"),
        ("the", "its quote is too short to rest on: the"),
        ("amount applied for", "its quote is from the text of 8, not from its own"),
        ("x" * 3000, "its quote does not occur"),
    ],
)
def test_what_is_wrong_with_a_quote_is_said(given, why):
    if why is None:
        assert evidence.find(given, ACTION)
        return
    assert evidence.find(given, ACTION) is None
    said = evidence.why_not_found(given, ACTION, [ACTION, OTHER])
    assert said.startswith(why) and len(said) < 200


def test_what_was_not_sent_can_not_be_quoted():
    long = Attribute(pk=1, name="Long", description="Word " * 400 + "and the very last words.")
    long.allowed_values = [{"code": str(n), "meaning": f"meaning {n}"} for n in range(60)]
    facts = facts_of(long)
    assert len(facts.description) <= LONGEST_DESCRIPTION + 6
    assert len(facts.allowed_values) == MOST_CODES + 1
    for given in ("the very last words", "Word [cut]", "and 20 more", "41 = meaning 41"):
        assert evidence.find(given, facts) is None
    assert evidence.find("39 = meaning 39", facts)


def test_what_was_masked_is_quoted_as_it_was_sent():
    odd = AttributeFacts(id="1", name="Card", description="As in 4111 1111 1111 1111, sixteen.")
    assert evidence.find("As in 4111 1111 1111 1111", odd) is None
    assert evidence.find("[card number], sixteen.", odd).start == 6


def test_a_long_quote_that_does_not_occur_is_kept_cut():
    assert len(evidence.as_given("x" * 5000).text) == 2000
