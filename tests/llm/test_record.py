"""What a call's row keeps beside the exchange: its schema, what was wrong, what it re-asks."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from llm.errors import EmptyAnswer, InvalidAnswer, ProviderFailed
from llm.models import LLMCall
from tests.llm.asking import ask

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_answer_that_fits_has_no_problems(simulator):
    ask()
    row = LLMCall.objects.get()
    assert (row.schema_name, row.problems, row.reask_of) == ("Items", [], None)
    assert (row.http_status, row.validation) == (200, "valid")


def test_each_reask_names_the_attempt_before_and_each_attempt_its_own_problems(simulator):
    simulator.script("invalid", times=None)
    with pytest.raises(InvalidAnswer):
        ask(job_id=3, item_key="a")
    first, second, third = LLMCall.objects.order_by("id")
    assert (first.reask_of, second.reask_of, third.reask_of) == (None, first.pk, second.pk)
    assert {row.validation for row in (first, second, third)} == {"invalid"}
    assert any("items" in problem for problem in first.problems)


def test_an_answer_that_is_no_json_says_so(simulator):
    simulator.script("malformed")
    ask()
    assert "not valid JSON" in LLMCall.objects.earliest("id").problems[0]


def test_nothing_is_validated_where_nothing_came(simulator):
    simulator.script("server_error", times=None)
    with pytest.raises(ProviderFailed):
        ask()
    row = LLMCall.objects.get()
    assert (row.validation, row.http_status, row.problems) == ("", 500, [])


def test_an_answer_is_repaired_by_a_reask_and_one_without_a_word_is_empty(simulator):
    simulator.follow("malformed", "ok", "empty")
    ask("one")
    with pytest.raises(EmptyAnswer):
        ask("two")
    rows = LLMCall.objects.order_by("id")
    assert [row.validation for row in rows] == ["invalid", "repaired", "empty"]


def test_each_row_has_a_public_id_and_knows_how_long_it_was_waited_for(simulator):
    answers = [ask(), ask()]
    assert [answer.cached for answer in answers] == [False, True]
    first, cached = LLMCall.objects.order_by("id")
    assert [answer.call.uuid for answer in answers] == [first.uuid, cached.uuid]
    assert first.uuid != cached.uuid
    assert (first.timeout, cached.timeout) == (simulator.settings["TIMEOUT"], 0)


def test_a_row_tells_whether_anything_was_masked_also_one_from_the_cache(simulator):
    simulator.script("malformed")
    ask("a card 4111 1111 1111 1111")  # asked again, with the same masks
    ask("a card 5500 0055 5555 5559")  # the same request, once both are masked
    ask("an amount of 4111111111111111.00")
    rows = LLMCall.objects.order_by("id")
    assert [(row.attempt, row.cached, row.masked) for row in rows] == [
        (1, False, True),
        (2, False, True),
        (1, True, True),
        (1, False, False),
    ]


def test_an_open_row_keeps_what_was_asked(simulator):
    ask()
    row = LLMCall.objects.get()
    LLMCall.objects.bulk_create([LLMCall(
        operation="support.name_items", request=[], outcome="open", masked=False,
        started_at=row.started_at, deadline=row.deadline,
    )])  # fmt: skip
    for change in ({"uuid": uuid4()}, {"masked": True}, {"masked": None}):
        with pytest.raises(DatabaseError, match="what was asked"), transaction.atomic():
            LLMCall.objects.filter(outcome="open").update(**change)
    assert LLMCall.objects.filter(outcome="open").update(queue_ms=7) == 1


def test_what_was_asked_stays_as_it_was(simulator):
    ask()
    row = LLMCall.objects.get()
    for change in (
        {"schema_name": "Other"},
        {"reask_of": 1},
        {"problems": ["None."]},
        {"uuid": uuid4()},
        {"masked": True},
        {"queue_ms": 0},
    ):
        with pytest.raises(DatabaseError, match="model call"), transaction.atomic():
            LLMCall.objects.filter(pk=row.pk).update(**change)
