"""A prompt's text belongs to its version; staff may pin one that its file has left behind."""

import asyncio

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from llm import complete, pins, prompt_versions
from llm.errors import PromptInvalid
from llm.models import LLMCall, PromptPin, PromptVersion
from tests.llm.asking import OPERATION, Items, ask
from tests.llm.test_prompts import GOOD

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_call_keeps_the_version_that_it_used(simulator):
    ask("one")
    version = PromptVersion.objects.get(operation=OPERATION)
    call = LLMCall.objects.get()
    assert (call.prompt_version, call.prompt_hash) == (version.version, version.hash)
    assert version.text.endswith(prompt_versions.chosen(OPERATION).user + "\n")


def test_a_changed_text_needs_a_new_version(own_prompts):
    own_prompts.write("", GOOD)
    prompt_versions.chosen("support.prompt")
    changed = GOOD.replace("Do.", "Do it well.")
    own_prompts.write("", changed)
    with pytest.raises(PromptInvalid, match="next version"):
        prompt_versions.chosen("support.prompt")
    own_prompts.write("", changed.replace("version: 1", "version: 2"))
    assert prompt_versions.chosen("support.prompt").system == "Do it well."
    kept = PromptVersion.objects.filter(operation="support.prompt").values_list("version", "text")
    assert dict(kept)["1"] == GOOD


def test_a_pinned_version_is_used_whatever_the_file_says(own_prompts):
    own_prompts.write("", GOOD)
    prompt_versions.chosen("support.prompt")
    first = PromptVersion.objects.get(operation="support.prompt")
    pins.pin(first, actor_id=1, reason="evaluated")
    own_prompts.write("", GOOD.replace("version: 1", "version: 2").replace("Do.", "New."))
    assert prompt_versions.chosen("support.prompt").system == "Do."
    assert prompt_versions.chosen("support.prompt", version="2").system == "New."
    pins.unpin("support.prompt", "")
    assert prompt_versions.chosen("support.prompt").system == "New."
    assert prompt_versions.chosen("support.prompt", version="1").system == "Do."
    with pytest.raises(PromptInvalid, match="no version 9"):
        prompt_versions.chosen("support.prompt", version="9")


def test_a_version_cannot_be_rewritten(simulator):
    ask("one")
    with pytest.raises(DatabaseError, match="can't change"), transaction.atomic():
        PromptVersion.objects.update(text="another")


def test_an_answer_of_another_shape_is_refused(own_prompts, simulator):
    own_prompts.write("", GOOD.replace("schema: Items", "schema: Others"))
    with pytest.raises(PromptInvalid, match="made for answers of Others, not Items"):
        ask_own()
    assert simulator.stats()["served"] == 0


def ask_own():
    return asyncio.run(complete("support.prompt", {"a": 1}, Items))


def test_the_admin_lists_every_prompt_and_pins_one_with_a_reason(admin_client, admin_user):
    page = admin_client.get(reverse("admin:llm_promptversion_changelist")).content.decode()
    assert "scoping.judge" in page and "planning.draft_attributes" in page
    version = PromptVersion.objects.get(operation="scoping.judge")
    add = reverse("admin:llm_promptpin_add")
    assert (
        "Say why" in admin_client.post(add, {"version": version.pk, "reason": " "}).content.decode()
    )
    for reason in ("first", "second"):
        assert admin_client.post(add, {"version": version.pk, "reason": reason}).status_code == 302
    pin = PromptPin.objects.get()
    assert (pin.operation, pin.pinned_by, pin.reason) == ("scoping.judge", admin_user.pk, "second")
