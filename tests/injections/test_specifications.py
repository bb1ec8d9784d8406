"""Orders planted in specifications change nothing but drafts, however the model obeys them."""

import sys

import pytest

from jobs.testing import run_pending
from llm.models import LLMCall
from synapse.planning.models import Attribute, TakenText
from synapse.planning.services.drafting import OPERATION
from tests.injections import effects, payloads, specifications
from tests.injections.checks import require_only_the_model, require_prompts_as_reviewed
from tests.injections.orders import Order
from tests.injections.specifications import CARRIERS, NOT_SENT

pytestmark = pytest.mark.django_db

NAMES = {"Loan Number", "Loan Type"}


@pytest.fixture
def draft(upload, confirm, model):
    """Takes a specification in and drafts from it; gives what it changed, and where it called."""

    def run(content: bytes):
        before = effects.snapshot()
        with effects.connections() as reached:
            confirm(upload("loans.md", content, "specification"))
            (job,) = run_pending()
        assert model.requests, "the model was asked"
        return job, effects.between(before, effects.snapshot()), reached

    return run


@pytest.fixture
def draft_pdf(upload, confirm, model):
    """The same of a PDF, whose text a job takes out before."""

    def run(content: bytes):
        before = effects.snapshot()
        document = upload("loans.pdf", content, "specification")
        with effects.connections() as reached:
            run_pending()
        assert reached == [("subprocess.Popen", sys.executable)]
        with effects.connections() as reached:
            confirm(document)
            run_pending()
        assert model.requests, "the model was asked"
        return effects.between(before, effects.snapshot()), reached

    return run


def require_only_drafts(changed: list[effects.Effect], *, taken: bool = False) -> None:
    """Beside the record of the calls: the upload and its audit entry, attributes, refusals; and
    the text, where it was taken out of a file.
    """
    beyond = effects.beyond_calls(changed)
    assert {effect.kind for effect in beyond} == {"new"}
    tables = {effect.table for effect in beyond}
    assert ("planning_takentext" in tables) is taken
    assert tables <= {
        "planning_document",
        "planning_takentext",
        "audit_entry",
        "planning_attribute",
        "planning_rejecteddraft",
    }
    told = [effect.value("action") for effect in beyond if effect.table == "audit_entry"]
    assert sorted(told) == ["document.take_text"] * taken + ["document.upload"]
    for effect in beyond:
        if effect.table == "planning_attribute":
            flags = {effect.value(name) for name in ("is_key", "is_cde", "has_open_issue")}
            assert flags == {False}
            assert effect.value("source") == "model"


@pytest.mark.parametrize(
    ("carrier", "payload"),
    [
        (carrier, sorted(payloads.DRAFTING)[place % len(payloads.DRAFTING)])
        for place, carrier in enumerate(CARRIERS)
    ],
)
def test_an_order_in_a_specification_changes_only_drafts(draft, model, carrier, payload):
    order = payloads.DRAFTING[payload]
    _, changed, reached = draft(specifications.content(carrier, order))

    assert (order in model.obeyed) == (carrier not in NOT_SENT)
    require_only_drafts(changed)
    require_only_the_model(reached, model)
    require_prompts_as_reviewed(model)


@pytest.mark.parametrize("payload", payloads.DRAFTING)
def test_a_pdf_with_white_text_gives_drafts_of_what_is_seen(draft_pdf, model, plan, payload):
    order = payloads.DRAFTING[payload]
    changed, reached = draft_pdf(specifications.white_pdf(order))

    assert model.obeyed == [] and order.words() not in str(model.requests)
    require_only_drafts(changed, taken=True)
    require_only_the_model(reached, model)
    require_prompts_as_reviewed(model)
    assert {each.name for each in plan.attributes.all()} == NAMES
    assert TakenText.objects.get().hidden == len("".join(order.words().split()))


def test_an_order_that_a_pdf_shows_changes_only_drafts(draft_pdf, model):
    order = payloads.DRAFTING["approve"]
    changed, reached = draft_pdf(specifications.black_pdf(order))

    assert order in model.obeyed
    require_only_drafts(changed, taken=True)
    require_only_the_model(reached, model)
    require_prompts_as_reviewed(model)


@pytest.mark.parametrize("payload", payloads.DRAFTING)
def test_whatever_is_demanded_the_drafts_are_those_of_the_text(draft, model, plan, payload):
    order = payloads.DRAFTING[payload]
    job, changed, reached = draft(specifications.content("paragraph", order))

    assert order in model.obeyed
    require_only_drafts(changed)
    require_only_the_model(reached, model)
    attributes = list(plan.attributes.all())
    assert {each.name for each in attributes} <= NAMES
    known = specifications.content("paragraph", order).decode()
    assert all(code["code"] in known for each in attributes for code in each.allowed_values)
    taken = {each.name for each in attributes} == NAMES
    assert taken or plan.rejected_drafts.exists() or job.status in ("failed", "waiting")


def test_our_key_is_in_nothing_that_is_kept(draft, model):
    draft(specifications.content("paragraph", Order(echo=True)))
    said = str(effects.snapshot())
    assert Attribute.objects.filter(description__contains="Authorization: Bearer ***").exists()
    assert "sk-obedient-0123456789" not in said


def test_each_call_is_recorded_with_the_prompt_as_it_was_sent(draft, model):
    draft(specifications.content("closing", payloads.DRAFTING["approve"]))
    kept = list(LLMCall.objects.filter(operation=OPERATION).order_by("pk"))
    assert [call.request for call in kept] == [each["messages"] for each in model.requests]
