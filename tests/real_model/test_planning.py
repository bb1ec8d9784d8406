"""The whole planning operation on a real model: nothing it says is taken that isn't in the text.

What so small a model gets right is not asked here: that each thing asked about comes to a valid
attribute or to a failure that says why, and that each call is on record.
"""

import logging
import time

import pytest

from jobs.models import Job, JobItem
from jobs.testing import run_pending
from llm.models import LLMCall
from synapse.planning.quotes import occurs
from synapse.planning.tasks import start_drafting
from tests.real_model.checking import check_items, check_trail, told

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.django_db(transaction=True),
]

# With codes and without, a date, an amount, an address.
TEN_FIELDS = [7, 8, 9, 10, *range(12, 18)]


def draft(plan, document) -> Job:
    start_drafting(plan=plan, document=document, actor=plan.cycle_report.tester)
    (job,) = run_pending(waiting=True)
    return job


def told_refusals(plan) -> None:
    print(f"  {plan.attributes.count()} attributes")
    for refused in plan.rejected_drafts.all():
        print(f"  refused {refused.name[:60]!r}: {refused.reason}")


def test_each_of_ten_fields_is_drafted_from_the_text_or_fails_with_its_reason(
    real_model, plan, upload, hmda_fields, caplog
):
    text, began = hmda_fields(TEN_FIELDS), time.monotonic()
    with caplog.at_level(logging.ERROR):
        job = draft(plan, upload(text))
    told(job, began)
    told_refusals(plan)
    check_items(job)
    check_trail(job)
    assert set(JobItem.objects.filter(job=job).values_list("key", flat=True)) == set(
        LLMCall.objects.filter(job_id=job.pk).values_list("item_key", flat=True)
    )
    for attribute in plan.attributes.all():
        assert attribute.llm_call_id and not attribute.simulated
        assert attribute.support == "unsupported" or occurs(text, attribute.quote)
    assert not [record for record in caplog.records if record.exc_info]


def test_an_answer_really_cut_off_is_asked_for_in_halves_and_never_as_it_was(
    real_model, plan, upload, hmda_fields, settings
):
    settings.LLM = settings.LLM | {"OUTPUT_TOKENS": 24}
    began = time.monotonic()
    job = draft(plan, upload(hmda_fields([7])))
    told(job, began)
    check_items(job)
    check_trail(job)
    calls = LLMCall.objects.filter(job_id=job.pk).order_by("id")
    assert {(call.outcome, call.tokens_out) for call in calls} == {("truncated", 24)}
    assert len({call.cache_key for call in calls}) == len(calls) > job.total
    first, second = (len(call.request[1]["content"]) for call in calls[:2])
    assert second < first
    assert {item.error_code for item in JobItem.objects.filter(job=job)} == {"llm_truncated"}
    assert not plan.attributes.exists()
