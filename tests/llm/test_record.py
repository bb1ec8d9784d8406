"""What a call's row keeps beside the exchange: its schema, what was wrong, what it re-asks."""

import pytest
from django.db import DatabaseError, transaction

from llm.errors import InvalidAnswer, ProviderFailed
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


def test_what_was_asked_stays_as_it_was(simulator):
    ask()
    row = LLMCall.objects.get()
    for change in ({"schema_name": "Other"}, {"reask_of": 1}, {"problems": ["None."]}):
        with pytest.raises(DatabaseError, match="model call"), transaction.atomic():
            LLMCall.objects.filter(pk=row.pk).update(**change)
