"""Many rows get values of their own in one statement, exactly those that saving them gives."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, DataError
from django.forms.models import model_to_dict
from django.utils import timezone

from synapse.common.rewriting import ROWS_AT_ONCE, rewrite
from synapse.planning.models import Attribute
from synapse.scoping.models import ScopeItem
from tests.factories.planning import make_plan
from tests.factories.scoping import make_scope

MANY = [{"name": "Key", "is_key": True, "key_order": 1}] + [
    {"name": f"Amount {number}"} for number in range(ROWS_AT_ONCE + 2)
]


@pytest.fixture
def scope(db):
    return make_scope()


def test_each_kind_of_value_is_stored_as_saving_stores_it(scope):
    item = scope.scope_items.last()
    now = timezone.now() - timedelta(days=1)
    item.rationale, item.decided_at, item.in_scope = 'it’s "so" %s \\', now, False
    item.decided_by, item.llm_call_id = scope.cycle_report.tester, None
    rewrite([item], ["rationale", "decided_at", "in_scope", "decided_by", "llm_call_id"])
    stored = ScopeItem.objects.get(pk=item.pk)
    assert model_to_dict(stored) == model_to_dict(item)
    assert stored.decided_at == now and stored.decided_by == scope.cycle_report.tester


@pytest.mark.django_db
def test_more_rows_than_a_statement_takes(django_assert_num_queries):
    scope = make_scope(rows=MANY)
    items = list(scope.scope_items.order_by("pk"))
    for number, item in enumerate(items):
        item.rationale = f"because of {number}"
    with django_assert_num_queries(2):
        rewrite(items, ["rationale"])
    assert [each.rationale for each in scope.scope_items.order_by("pk")] == [
        f"because of {number}" for number in range(len(MANY))
    ]


@pytest.mark.django_db
def test_json_is_stored_and_nothing_else_is_touched():
    before = make_plan().attributes.get(line="7")
    attribute = Attribute(pk=before.pk, name="not stored")
    attribute.allowed_values = [{"code": "1", "meaning": "ünsecured"}]
    rewrite([attribute], ["allowed_values"])
    expected = model_to_dict(before) | {"allowed_values": attribute.allowed_values}
    assert model_to_dict(Attribute.objects.get(pk=before.pk)) == expected


def test_a_version_that_is_approved_stays_as_it_is(scope):
    attribute = scope.plan.attributes.last()
    with pytest.raises(DatabaseError, match="version"):
        rewrite([attribute], ["description"])


def test_what_is_too_long_is_refused_not_cut(scope):
    item = scope.scope_items.last()
    item.judged_by = "x" * 500
    with pytest.raises(DataError):
        rewrite([item], ["judged_by"])


def test_nothing_to_store_asks_nothing(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        rewrite([], ["rationale"])
