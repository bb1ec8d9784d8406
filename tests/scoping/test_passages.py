"""A quote shown in its place, and not where the text is another one by now."""

import pytest

from synapse.planning.models import Attribute
from synapse.scoping.models import ScopeItem
from synapse.scoping.passages import passage_of


def quoted(field, start, quote, **attribute):
    attribute = Attribute(pk=1, name="Action Taken", **attribute)
    return ScopeItem(attribute=attribute, quote=quote, quote_field=field, quote_start=start)


@pytest.mark.parametrize(
    ("field", "start", "quote", "parts"),
    [
        ("description", 4, "action taken", ("description", "The ", "action taken", " on it.")),
        ("name", 0, "Action Taken", ("name", "", "Action Taken", "")),
        ("allowed_values", 8, "2 = No", ("allowed values", "1 = Yes\n", "2 = No", "\n3")),
    ],
)
def test_a_text_is_told_in_three_parts(field, start, quote, parts):
    codes = [
        {"code": "1", "meaning": "Yes"},
        {"code": "2", "meaning": "No"},
        {"code": "3", "meaning": ""},
    ]
    item = quoted(field, start, quote, description="The action taken on it.", allowed_values=codes)
    found = passage_of(item)
    assert (found.label, found.before, found.quote, found.after) == parts


def test_a_long_description_is_shown_beyond_what_was_sent():
    text = "Begin here. " + "word " * 500 + "The end."
    assert passage_of(quoted("description", 0, "Begin here.", description=text)).after.endswith(
        "The end."
    )


@pytest.mark.parametrize(
    ("field", "start", "quote"),
    [("", None, ""), ("", None, "nowhere"), ("description", 3, "action taken"), ("format", 0, "N")],
)
def test_what_does_not_stand_there_is_not_marked(field, start, quote):
    assert passage_of(quoted(field, start, quote, description="The action taken on it.")) is None
