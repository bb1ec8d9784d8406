"""Filters of addresses: what is taken away or acted on is never more than was asked for."""

import pytest
from django.http import QueryDict

from synapse.common.errors import Invalid
from synapse.common.views import filtered
from synapse.profiling.models import Rule
from synapse.profiling.rule_filters import RuleFilter

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("nothing", [QueryDict(), QueryDict("page=2&enabled="), None])
def test_an_address_without_filters_leaves_all_rows(nothing):
    rules = Rule.objects.all()
    assert str(filtered(RuleFilter(nothing, rules)).query) == str(rules.query)


@pytest.mark.parametrize(("word", "kept"), [("true", True), ("0", False), ("FALSE", False)])
def test_yes_and_no_are_read(word, kept):
    asked = RuleFilter(QueryDict(f"enabled={word}"), Rule.objects.all())
    assert str(filtered(asked).query) == str(Rule.objects.filter(enabled=kept).query)


@pytest.mark.parametrize("word", ["maybe", "2", "yes'"])
def test_what_is_neither_yes_nor_no_is_refused_by_name(word):
    asked = RuleFilter(QueryDict(f"enabled={word}"), Rule.objects.all())
    with pytest.raises(Invalid) as refused:
        filtered(asked)
    [fault] = refused.value.errors
    assert (fault["pointer"], fault["code"]) == ("/enabled", "invalid")
    assert word in fault["detail"]
