"""Which model answers to which name, found without looking at every call."""

import pytest
from django.db import connection

from llm import answering
from tests.factories.llm import make_call, make_calls

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_model_calls")]


def test_each_model_is_seen_once_with_its_first_call():
    first = make_call(model_returned="small-1")
    make_calls(5, model_returned="small-1")
    second = make_call(model_returned="small-2")
    elsewhere = make_call(provider="elsewhere:1", model_returned="small-1")
    waiting = make_call(outcome="open", model_asked="large")
    seen = answering.models_seen()
    assert [(each.provider, each.asked, each.returned, each.call_id) for each in seen] == [
        ("models.example:443", "small", "small-1", first.pk),
        ("models.example:443", "small", "small-2", second.pk),
        ("elsewhere:1", "small", "small-1", elsewhere.pk),
        ("models.example:443", "large", "", waiting.pk),
    ]
    assert seen[0].at == first.started_at


def test_no_calls_no_models():
    assert answering.models_seen() == []


def test_a_change_is_between_two_answers_of_one_name_at_one_provider():
    make_call(model_returned="small-1")
    make_call(outcome="timeout", model_returned="")
    make_call(provider="elsewhere:1", model_returned="tiny")
    make_call(model_asked="large", model_returned="large-1")
    assert answering.changes(answering.models_seen()) == []
    changed = make_call(model_returned="small-2")
    third = make_call(model_returned="small-3")
    changes = answering.changes(answering.models_seen())
    assert [(each.before, each.returned, each.call_id) for each in changes] == [
        ("small-1", "small-2", changed.pk),
        ("small-2", "small-3", third.pk),
    ]
    assert answering.change_of(make_call(model_returned="small-2"), changes) == changes[0]
    assert answering.change_of(make_call(model_returned="small-1"), changes) is None


def test_calls_of_a_known_model_cost_no_more_to_look_through():
    """Steps through the index, one for each model: not a row for each call."""
    make_calls(300, model_returned="small-1")
    make_calls(300, model_returned="small-2")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        # What earlier tests left in the statistics is not what the table holds now.
        cursor.execute("ANALYZE llm_llmcall")
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF) {answering.SEEN}")
        plan = [row[0] for row in cursor.fetchall()]
    read = [line for line in plan if "llm_call_model" in line]
    assert read and all("rows=1.00" in line or "rows=0." in line for line in read), plan
