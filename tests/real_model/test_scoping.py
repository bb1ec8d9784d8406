"""The whole scoping operation on a real model: a judgement that fits all the rules, or none."""

import logging
import time

import pytest

from jobs.testing import run_pending
from llm.models import LLMCall
from synapse.scoping.states import JudgedBy
from synapse.scoping.tasks import start_recommendation
from tests.factories.scoping import make_scope
from tests.real_model.checking import check_items, check_trail, told

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.django_db(transaction=True),
]

KEY = {"name": "Record Identifier", "data_type": "integer", "is_key": True, "key_order": 1}
FIVE_FIELDS = [
    {"name": "Preapproval", "data_type": "integer"},
    {"name": "Loan Amount", "is_cde": True},
    {"name": "Action Taken Date", "data_type": "date"},
    {"name": "City", "data_type": "string"},
    {"name": "County", "data_type": "string"},
]


def test_each_of_five_attributes_is_judged_or_stays_without_a_score(real_model, caplog):
    scope, began = make_scope(rows=[KEY, *FIVE_FIELDS]), time.monotonic()
    start_recommendation(scope=scope, actor=scope.phase.cycle_report.tester, by=JudgedBy.MODEL)
    with caplog.at_level(logging.ERROR):
        (job,) = run_pending(waiting=True)
    told(job, began)
    check_items(job)
    check_trail(job)
    assert LLMCall.objects.filter(job_id=job.pk).count() >= job.total > 0
    for item in scope.scope_items.select_related("attribute"):
        print(f"  {item.attribute.name}: {item.judged_by or 'not judged'} {item.score}")
        assert item.judged_by in {JudgedBy.MODEL, JudgedBy.NOBODY} and not item.simulated
        assert (item.llm_call_id is None) == (item.judged_by == JudgedBy.NOBODY)
        assert (item.score is None) == (item.judged_by == JudgedBy.NOBODY)
    assert not [record for record in caplog.records if record.exc_info]
