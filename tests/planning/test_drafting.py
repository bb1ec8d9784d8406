"""Attributes drafted from a specification through the simulated model, over real HTTP."""

import pytest
from django.db.models import Max
from django.utils import timezone

from jobs import AlreadyRunning, control
from jobs.models import JobItem
from jobs.testing import run_pending
from llm import prompts
from llm.models import LLMCall, Provider, Route
from synapse.common.errors import NotAllowed
from synapse.cycles.errors import WrongState
from synapse.cycles.services import approval
from synapse.planning.content import Unsupported
from synapse.planning.errors import NoModelConfigured, WrongDocument
from synapse.planning.quotes import occurs
from synapse.planning.services.drafting import part_size
from synapse.planning.specification import PART_CHARACTERS, cut
from synapse.planning.tasks import start_drafting
from tests.planning.drafted import SPECIFICATION, draft


@pytest.fixture
def specification(upload):
    return upload(SPECIFICATION, "loans.md", "specification")


pytestmark = pytest.mark.django_db(transaction=True)


def test_each_field_of_the_text_becomes_an_attribute_with_its_quote(
    empty_plan, specification, tester, simulator
):
    job = draft(empty_plan, specification, tester)
    assert job.status == "succeeded"
    assert job.result == {"attributes": 3, "unsupported": 0, "refused": 0}
    assert job.message == "3 attributes drafted."
    number, kind, closing = empty_plan.items()
    assert (number.name, number.line, number.data_type, number.length) == (
        "Loan Number",
        "1",
        "string",
        32,
    )
    assert kind.allowed_values == [
        {"code": "1", "meaning": "Fixed"},
        {"code": "2", "meaning": "Variable"},
    ]
    assert (closing.data_type, closing.source, closing.simulated) == ("date", "model", True)
    assert closing.quote_place == "3. Closing Date, line 13"
    assert all(occurs(SPECIFICATION, each.quote) for each in (number, kind, closing))
    for each in (number, kind, closing):
        start = each.quote_start
        assert SPECIFICATION[start : start + len(each.quote)] == each.quote
        assert each.quote_line == 1 + SPECIFICATION.count("\n", 0, start)
        assert each.quote_page is None
        assert (each.support, each.dictionary_match) == ("supported", "")
    call = LLMCall.objects.get(pk=closing.llm_call_id)
    assert (call.operation, call.job_id) == ("planning.draft_attributes", job.pk)


def test_a_second_start_is_refused_while_one_is_alive(empty_plan, specification, tester, simulator):
    first = start_drafting(plan=empty_plan, document=specification, actor=tester)
    with pytest.raises(AlreadyRunning) as refused:
        start_drafting(plan=empty_plan, document=specification, actor=tester)
    assert refused.value.job.pk == first.pk


def test_drafting_again_adds_nothing_twice_and_says_so(
    empty_plan, specification, tester, simulator
):
    draft(empty_plan, specification, tester)
    job = draft(empty_plan, specification, tester)
    assert empty_plan.attributes.count() == 3
    assert job.result == {"attributes": 3, "unsupported": 0, "refused": 3}
    reasons = set(empty_plan.rejected_drafts.values_list("reason", flat=True))
    assert reasons == {"the plan already has this name"}


@pytest.mark.parametrize("fault", ["truncated", "too_long"])
def test_what_is_too_much_for_a_call_is_split(empty_plan, specification, tester, simulator, fault):
    simulator.script(fault, operation="planning.draft_attributes")
    job = draft(empty_plan, specification, tester)
    assert job.status == "succeeded"
    assert empty_plan.attributes.count() == 3
    assert simulator.stats()["served"] == 3
    calls = set(LLMCall.objects.filter(outcome="ok").values_list("pk", flat=True))
    assert {each.llm_call_id for each in empty_plan.items()} == calls


@pytest.mark.parametrize("fault", ["refusal", "malformed"])
def test_a_failing_model_is_a_visible_failure_and_never_an_attribute(
    empty_plan, specification, tester, simulator, fault
):
    simulator.script(fault, times=None)
    job = draft(empty_plan, specification, tester)
    assert job.status == "failed"
    assert job.error_message
    assert not empty_plan.attributes.exists()


def test_quotes_that_aren_t_there_mark_their_attributes(
    empty_plan, specification, tester, simulator
):
    simulator.script("wrong_quotes")
    job = draft(empty_plan, specification, tester)
    assert job.result == {"attributes": 3, "unsupported": 3, "refused": 0}
    assert job.message == "3 attributes drafted, 3 unsupported."
    number, *_ = empty_plan.items()
    assert (number.support, number.support_fault) == (
        "unsupported",
        "the quote doesn't occur in the text",
    )
    assert not occurs(SPECIFICATION, number.quote)
    assert (number.quote_start, number.quote_line) == (None, 5)
    with pytest.raises(Unsupported) as refused:
        approval.submit(version=empty_plan, actor=tester)
    assert "“Loan Number”, “Loan Type”, “Closing Date”" in refused.value.message
    assert [fault["pointer"] for fault in refused.value.errors] == [
        f"/attributes/{each.pk}" for each in empty_plan.items()
    ]


def test_a_part_of_invented_names_alone_fails(empty_plan, upload, tester, simulator):
    one = upload("## 1. Loan Number\n- Data type: C18\n", "one.md", "specification")
    simulator.script("wrong_items")
    job = draft(empty_plan, one, tester)
    assert job.status == "failed"
    item = JobItem.objects.get(job=job)
    assert item.error_code == "nothing_quotable"
    assert "the text doesn't have this name" in item.error_message
    assert not empty_plan.attributes.exists()


def test_a_name_the_text_lacks_is_refused_and_the_rest_is_kept(
    empty_plan, specification, tester, simulator
):
    simulator.script("wrong_items")
    job = draft(empty_plan, specification, tester)
    assert job.failed == 1
    (refused,) = empty_plan.rejected_drafts.all()
    assert refused.reason == "the text doesn't have this name"
    assert empty_plan.attributes.count() == 1


def test_without_a_model_the_start_is_refused(empty_plan, specification, tester, settings):
    settings.LLM = settings.LLM | {"BASE_URL": "", "MODEL": ""}
    with pytest.raises(NoModelConfigured):
        start_drafting(plan=empty_plan, document=specification, actor=tester)


def test_only_the_tester_drafts_and_only_from_a_specification(
    empty_plan, plan_document, specification, tester, owner, simulator
):
    with pytest.raises(NotAllowed):
        start_drafting(plan=empty_plan, document=specification, actor=owner)
    with pytest.raises(WrongDocument):
        start_drafting(plan=empty_plan, document=plan_document, actor=tester)


@pytest.fixture
def plan_document(upload):
    return upload("Name,Format\nLoan Number,C18\n")


def test_a_plan_submitted_meanwhile_takes_nothing_more(plan, specification, tester, simulator):
    start_drafting(plan=plan, document=specification, actor=tester)
    approval.submit(version=plan, actor=tester)
    (job,) = run_pending()
    assert job.status == "failed"
    assert "draft" in JobItem.objects.get(job=job).error_message
    assert plan.attributes.count() == 3
    with pytest.raises(WrongState):
        start_drafting(
            plan=type(plan).objects.get(pk=plan.pk), document=specification, actor=tester
        )


def test_the_hmda_specification_gives_110_attributes_and_every_quote_occurs(
    empty_plan, upload, tester, simulator, sample_data
):
    path = sample_data / "hmda" / "spec" / "hmda_lar_specification_for_llm.md"
    text = path.read_text()
    document = upload(text, path.name, "specification")
    job = draft(empty_plan, document, tester)
    attributes = list(empty_plan.items())
    assert job.result == {"attributes": 110, "unsupported": 0, "refused": 0}
    assert [each.line for each in attributes] == [str(number) for number in range(1, 111)]
    assert all(text[each.quote_start :].startswith(each.quote) for each in attributes)
    remarks = [f"{each.line}: {each.remark}" for each in attributes if each.remark]
    print("\n".join(remarks))
    calls = simulator.stats()["served"]
    print(f"HMDA: {len(attributes)} attributes, {job.total} items, {calls} calls")


def test_parts_are_sized_by_the_tokens_that_answers_took(empty_plan, upload, tester, simulator):
    text = "\n".join(f"## {number}. Field {number}\n- Format: N9\n" for number in range(1, 121))
    dense = upload(text, "dense.md", "specification")
    before = part_size("")
    job = draft(empty_plan, dense, tester)
    assert before == PART_CHARACTERS
    assert job.total == len(cut(text))
    calls = list(LLMCall.objects.filter(outcome="ok"))
    # The parts are joined by line breaks that none of them has.
    assert sum(call.items for call in calls) == pytest.approx(len(text) / 100, abs=job.total)
    dearest = max(call.tokens_out / call.items for call in calls)
    limit = prompts.load("planning.draft_attributes").max_output_tokens
    assert part_size("") == min(PART_CHARACTERS, 100 * int(0.6 * limit / dearest))
    Provider.objects.create(
        name="small", base_url=simulator.base_url, model="m", output_tokens=1_000
    )
    Route.objects.create(operation="*", providers=["settings", "small"], approved_at=timezone.now())
    small = part_size("")
    assert small == 100 * int(0.6 * 1_000 / dearest) < before
    again = draft(empty_plan, dense, tester)
    assert again.total == len(cut(text, small)) > job.total
    biggest = LLMCall.objects.filter(job_id=again.pk).aggregate(most=Max("tokens_out"))["most"]
    assert biggest <= 1.1 * 0.6 * 1_000


def test_what_was_answered_is_kept_and_never_asked_again(empty_plan, upload, tester, simulator):
    names = ("Loan Number", "Loan Type", "Closing Date")
    remarks = "A remark about it.\n" * 150
    text = "\n".join(f"## {name}\n- Format: C9\n{remarks}" for name in names)
    document = upload(text, "long.md", "specification")
    simulator.script("refusal")
    job = draft(empty_plan, document, tester)
    assert (job.total, job.done, job.failed) == (3, 2, 1)
    kept = set(empty_plan.items().values_list("pk", flat=True))
    assert len(kept) == 2
    control.retry_failed(job, actor=tester)
    run_pending()
    job.refresh_from_db()
    assert (job.status, job.failed) == ("succeeded", 0)
    assert kept < set(empty_plan.items().values_list("pk", flat=True))
    assert [each.name for each in empty_plan.items()] == list(names)
    assert simulator.stats()["served"] == 4
