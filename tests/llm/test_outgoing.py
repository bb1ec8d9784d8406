"""What may leave for a model: only what is declared, and never the value of a record."""

import asyncio

import pytest
from django.apps import apps

from llm import complete, outgoing, prompts
from llm.errors import NotAllowedOut
from llm.models import CachedAnswer, LLMCall
from tests.llm.asking import OPERATION, Items, ask, variables

OURS = [operation for operation, _ in prompts.files() if not operation.startswith("support.")]
ATTRIBUTE = {"id": "1", "name": "Balance"}
# What a plan's attributes and a specification have too.
SHARED = {"id", "name", "description", "text"}
# What the apps that read records call their columns.
OF_RECORDS = sorted(
    {
        field.name
        for label in ("profiling", "sampling")
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.get_fields()
    }
    - SHARED
)


def judge(**more) -> dict:
    report = {"name": "Cards", "regulation": "FR Y-14M", "schedule": "D.1", "frequency": "Monthly"}
    return {"report": report, "attributes": [ATTRIBUTE | more], "problems": "nothing"}


@pytest.mark.parametrize("operation", OURS)
def test_every_prompt_s_operation_declares_exactly_its_variables(operation):
    assert set(outgoing.allowed(operation)) == prompts.load(operation).slots


def test_what_is_declared_may_leave():
    sent = judge(allowed_values=["1 = General purpose"])
    assert outgoing.require_allowed("scoping.judge", sent) is None


@pytest.mark.parametrize("name", [*OF_RECORDS, "samples", "examples", "values", "row", "records"])
def test_no_column_of_populations_profiles_or_samples_may_leave(name):
    values = judge(**{name: "4111111111111111"})
    with pytest.raises(NotAllowedOut, match=rf"attributes\[0\]\.{name} "):
        outgoing.require_allowed("scoping.judge", values)
    with pytest.raises(NotAllowedOut):
        outgoing.require_allowed("scoping.judge", judge() | {name: ["4111111111111111"]})
    with pytest.raises(NotAllowedOut):
        outgoing.require_allowed("planning.draft_attributes", {"text": "", "place": "", name: "1"})


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"description": {"text": "…", "examples": ["Ann"]}}, "description as a dict"),
        ({"description": ["Ann", "Bob"]}, "description as a list"),
        ({"allowed_values": [{"code": "1", "count": 918}]}, r"allowed_values\[0\] as a dict"),
        ({"allowed_values": "1 = General purpose"}, "allowed_values as a str"),
        ({"id": 1}, "id as a int"),
        ({"name": None}, "name as a NoneType"),
    ],
)
def test_a_structure_does_not_pass_for_a_text(changed, what):
    with pytest.raises(NotAllowedOut, match=what):
        outgoing.require_allowed("scoping.judge", judge(**changed))


def test_true_is_no_number():
    outgoing.require_allowed("llm.health", {"numbers": [1, 2]})
    with pytest.raises(NotAllowedOut, match="a bool"):
        outgoing.require_allowed("llm.health", {"numbers": [True]})


@pytest.mark.django_db(transaction=True)
def test_the_refusal_comes_before_anything_is_sent_or_written(simulator):
    with pytest.raises(NotAllowedOut) as refused:
        asyncio.run(complete(OPERATION, variables() | {"samples": ["Ann"]}, Items))
    assert refused.value.code == "llm_not_allowed_out"
    assert (refused.value.http_status, refused.value.stops_job) == (422, True)
    assert "may not send samples to a model" in refused.value.message
    assert "Ann" not in refused.value.message
    assert simulator.stats()["by_operation"] == {}
    assert not LLMCall.objects.exists() and not CachedAnswer.objects.exists()


def test_an_operation_that_declares_nothing_sends_nothing():
    with pytest.raises(NotAllowedOut, match="nothing is declared"):
        asyncio.run(complete("support.undeclared", {}, Items))


@pytest.mark.django_db(transaction=True)
def test_card_numbers_are_masked_in_what_is_sent_and_kept(simulator):
    ask("a card 4111 1111 1111 1111", "an amount 4111111111111111.00")
    sent = str(LLMCall.objects.get().request)
    assert "a card [card number]" in sent
    assert "4111 1111" not in sent
    assert "4111111111111111.00" in sent
